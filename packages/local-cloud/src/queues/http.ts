import { AwsError } from '../endpoint/service.ts';
import type { ServiceRequest, ServiceResponse } from '../endpoint/service.ts';
import type { FauxqsApp } from './fauxqs.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'] as const;

/** Headers of one connection, which are not ours to hand on; the body's length is set anew. */
const OF_THE_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'expect',
  'content-length',
]);

/**
 * Hands a request to fauxqs and its answer back.
 * @param url where fauxqs finds the request, which need not be where the client sent it.
 * @param host what fauxqs takes for its own address.
 */
export async function injectRequest(
  app: FauxqsApp,
  request: ServiceRequest,
  url: string,
  host: string,
): Promise<ServiceResponse> {
  const method = METHODS.find((known) => known === request.method);
  if (!method) throw new AwsError('MethodNotAllowed', `Nothing here answers ${request.method}.`, 405);
  const headers = Object.entries(request.headers).filter(([name]) => !OF_THE_CONNECTION.has(name));
  const response = await app.inject({
    method,
    url,
    headers: { ...Object.fromEntries(headers), host },
    ...(method !== 'GET' && method !== 'HEAD' && { payload: request.body }),
  });
  const answered = Object.entries(response.headers).filter(
    ([name, value]) => value !== undefined && (name === 'content-length' || !OF_THE_CONNECTION.has(name)),
  );
  return {
    status: response.statusCode,
    headers: Object.fromEntries(answered.map(([name, value]) => [name, String(value)])),
    body: response.rawPayload,
  };
}

/**
 * Path style (`/bucket/key`) of an S3 request: clients that are given a host name instead of an address put the
 * bucket before it (`bucket.localhost`, `bucket.s3.localhost`).
 */
export function pathStyle({ url, headers }: Pick<ServiceRequest, 'url' | 'headers'>): string {
  const bucket = /^([^:]+?)(?:\.s3)?\.localhost(?::\d+)?$/.exec(headers['host'] ?? '')?.[1];
  return bucket === undefined || bucket === 's3' ? url : `/${bucket}${url}`;
}

/** Codes that SQS says in its older protocol as in the newer one; the others have its old name before them. */
const SAME_IN_QUERY =
  /^AWS\.SimpleQueueService\.(?=(?:InvalidAttributeName|InvalidAttributeValue|InvalidMessageContents|InvalidParameterValue|MissingParameter|ReceiptHandleIsInvalid);)/;

/** The answer with SQS's own code of the older protocol, which the `aws` command line shows and SDKs call `Code`. */
export function withQueryCode(answer: ServiceResponse): ServiceResponse {
  const given = answer.headers['x-amzn-query-error'];
  if (given === undefined) return answer;
  return {
    ...answer,
    headers: { ...answer.headers, 'x-amzn-query-error': given.replace(SAME_IN_QUERY, '') },
  };
}
