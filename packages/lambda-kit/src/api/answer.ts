import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** What a route answers; `undefined` fields of the body are left out. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** An answer as the HTTP API takes it. Nobody in between may keep what is one customer's. */
export function httpResult(answer: Answer, type = 'application/json'): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: answer.status,
    headers: { 'content-type': type, 'cache-control': 'no-store', ...answer.headers },
    body: JSON.stringify(answer.body),
  };
}
