import { cborTexts } from './cbor.ts';
import type { Protocol, Route } from './route.ts';
import type { AwsError, ServiceResponse } from './service.ts';

/** Namespaces that services put before their error codes; clients cut them off. */
const NAMESPACES: Readonly<Record<string, string>> = {
  dynamodb: 'com.amazonaws.dynamodb.v20120810#',
  dynamodbstreams: 'com.amazonaws.dynamodb.v20120810#',
  sqs: 'com.amazonaws.sqs#',
};

/** Codes of SQS that have another name in its older protocol, which its clients are told beside the newer one. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  AccessDeniedException: 'AccessDenied',
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
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
 * With which code and status services of a protocol answer an operation that they do not know. Lambda and SES, which
 * speak REST and JSON, do it as Smithy has it: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */
const UNKNOWN_OPERATION: Readonly<Record<Protocol, readonly [code: string, status: number]>> = {
  'json-1.0': ['UnknownOperationException', 400],
  'json-1.1': ['UnknownOperationException', 400],
  cbor: ['UnknownOperationException', 404],
  'rest-json': ['UnknownOperationException', 404],
  'rest-xml': ['NotImplemented', 501],
  query: ['InvalidAction', 400],
  ec2: ['InvalidAction', 400],
};

/**
 * An error as the service itself would write it, so that its clients recognize the code, the message and the further
 * members (`CancellationReasons`). What IAM refuses is written by what stands before the service: its message is `Message`.
 */
export function errorDocument(
  { code: given, message, status: givenStatus, members }: AwsError,
  { service, protocol }: Pick<Route, 'service' | 'protocol'>,
  requestId: string,
): ServiceResponse {
  const isUnknown = given === 'UnknownOperationException';
  const [code, status] = isUnknown ? UNKNOWN_OPERATION[protocol] : [given, givenStatus];
  const fault = status < 500 ? 'Sender' : 'Receiver';
  const isRefusal = code === 'AccessDeniedException';
  const said = isRefusal ? { Message: message } : { message };
  switch (protocol) {
    case 'json-1.0':
    case 'json-1.1': {
      const namespace = COMMON_NAMESPACES[code] ?? NAMESPACES[service] ?? '';
      const queryCode = service === 'sqs' ? QUERY_CODES[code] : undefined;
      return {
        status,
        headers: {
          'content-type': `application/x-amz-${protocol}`,
          'x-amzn-errortype': code,
          ...(queryCode !== undefined && { 'x-amzn-query-error': `${queryCode};${fault}` }),
        },
        body: JSON.stringify({ __type: namespace + code, ...said, ...members }),
      };
    }
    case 'rest-json':
      return {
        status,
        headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
        body: JSON.stringify({
          ...(!isRefusal && { Type: status < 500 ? 'User' : 'Service' }),
          ...said,
          ...members,
        }),
      };
    case 'query':
      return xml(
        status,
        `<ErrorResponse><Error><Type>${fault}</Type>${codeAndMessage(code, message)}</Error>` +
          `<RequestId>${requestId}</RequestId></ErrorResponse>`,
      );
    case 'ec2':
      return xml(
        status,
        `<Response><Errors><Error>${codeAndMessage(code, message)}</Error></Errors>` +
          `<RequestID>${requestId}</RequestID></Response>`,
      );
    case 'cbor':
      return {
        status,
        headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
        body: cborTexts({ __type: code, message }),
      };
    case 'rest-xml':
      return xml(
        status,
        `<Error>${codeAndMessage(code, message)}<RequestId>${requestId}</RequestId></Error>`,
      );
  }
}

function xml(status: number, document: string): ServiceResponse {
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${document}`,
  };
}

function codeAndMessage(code: string, message: string): string {
  return `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
