import type { Route } from './route.ts';
import type { AwsError, ServiceResponse } from './service.ts';

/** Namespaces that services put before their error codes; clients cut them off. */
const NAMESPACES: Readonly<Record<string, string>> = {
  dynamodb: 'com.amazonaws.dynamodb.v20120810#',
  dynamodbstreams: 'com.amazonaws.dynamodb.v20120810#',
  sqs: 'com.amazonaws.sqs#',
};

/** Errors of AWS's own framework, the same in every service. */
const COMMON_NAMESPACES: Readonly<Record<string, string>> = {
  AccessDeniedException: 'com.amazon.coral.service#',
  InternalFailure: 'com.amazon.coral.service#',
  SerializationException: 'com.amazon.coral.service#',
  UnknownOperationException: 'com.amazon.coral.service#',
  ValidationException: 'com.amazon.coral.validate#',
};

/**
 * An error as the service itself would write it, so that its clients recognize the code, the message and the further
 * members (`CancellationReasons`).
 */
export function errorDocument(
  error: AwsError,
  { service, protocol }: Pick<Route, 'service' | 'protocol'>,
  requestId: string,
): ServiceResponse {
  const { code, message, status } = error;
  const fault = status < 500 ? 'Sender' : 'Receiver';
  switch (protocol) {
    case 'json-1.0':
    case 'json-1.1': {
      const namespace = COMMON_NAMESPACES[code] ?? NAMESPACES[service] ?? '';
      return {
        status,
        headers: { 'content-type': `application/x-amz-${protocol}`, 'x-amzn-errortype': code },
        body: JSON.stringify({ __type: namespace + code, message, ...error.members }),
      };
    }
    case 'rest-json':
      return {
        status,
        headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
        body: JSON.stringify({ Type: status < 500 ? 'User' : 'Service', message, ...error.members }),
      };
    case 'query':
      return xml(
        status,
        `<ErrorResponse><Error><Type>${fault}</Type>${codeAndMessage(error)}</Error>` +
          `<RequestId>${requestId}</RequestId></ErrorResponse>`,
      );
    case 'rest-xml':
      return xml(status, `<Error>${codeAndMessage(error)}<RequestId>${requestId}</RequestId></Error>`);
  }
}

function xml(status: number, document: string): ServiceResponse {
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${document}`,
  };
}

function codeAndMessage({ code, message }: AwsError): string {
  return `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
