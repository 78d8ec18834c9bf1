import { serviceUrl, signedFetch } from '@orderstream/lambda-kit';
import { parsed, record } from './json.ts';

/** The services that are asked in AWS's JSON protocol, and how they name their operations. */
const TARGETS = { sqs: 'AmazonSQS', states: 'AWSStepFunctions' } as const;

/** AWS refused a call. Its name is AWS's code, so that throttling is known for what it is. */
export class AwsRefusal extends Error {
  readonly $metadata: { readonly httpStatusCode: number };

  /** @param headers in which Lambda tells the code; the others tell it in the answer. */
  constructor(operation: string, status: number, answer: string, headers?: Headers) {
    const { code, message } = told(answer);
    super(`${operation}: ${message === '' ? `status ${status}` : message}`);
    const header = headers?.get('x-amzn-errortype')?.split(':')[0];
    this.name = status === 429 ? 'TooManyRequestsException' : header || code || 'AwsRefusal';
    this.$metadata = { httpStatusCode: status };
  }
}

/**
 * Calls an operation of SQS or Step Functions without their SDK clients, which would double the bundle.
 *
 * @param members of the operation's request. @throws AwsRefusal; what `fetch` throws for a broken connection.
 */
export async function callAws(
  service: keyof typeof TARGETS,
  operation: string,
  members: object,
): Promise<Readonly<Record<string, unknown>>> {
  const response = await signedFetch({
    service,
    method: 'POST',
    url: new URL(serviceUrl(service)),
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${TARGETS[service]}.${operation}`,
    },
    body: JSON.stringify(members),
  });
  const text = await response.text();
  if (!response.ok) throw new AwsRefusal(operation, response.status, text);
  return record(text === '' ? {} : JSON.parse(text));
}

/** What AWS says in the body of a refusal: JSON in all protocols that are spoken here. */
function told(answer: string): { code: string; message: string } {
  const { __type, message, Message } = record(parsed(answer));
  const code = typeof __type === 'string' ? (__type.split('#').at(-1) ?? '') : '';
  const text = message ?? Message;
  return { code, message: typeof text === 'string' ? text : answer.slice(0, 200) };
}
