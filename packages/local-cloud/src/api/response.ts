import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { AwsError } from '../endpoint/service.ts';
import type { InvokeResult } from '../functions/invoker.ts';

/** An answer over HTTP. A header with several values is sent once for each. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

const structuredSchema = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** Headers that are the connection's business and not the function's. */
const OF_THE_CONNECTION = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

/** An answer of API Gateway's own. */
export function gatewayResponse(status: number, headers: Record<string, string> = {}): ApiResponse {
  const body = JSON.stringify({ message: MESSAGES[status] ?? 'Internal Server Error' });
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  503: 'Service Unavailable',
};

/**
 * What API Gateway makes of a function's result: with `statusCode` it is an answer, anything else the body of one.
 * A function that fails, or answers in another form, is an internal error.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function responseOf(result: InvokeResult): ApiResponse {
  if (result.functionError) return gatewayResponse(500);
  const value: unknown = JSON.parse(result.payload);
  if (typeof value !== 'object' || value === null || !('statusCode' in value)) {
    const body = typeof value === 'string' ? value : result.payload;
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const parsed = structuredSchema.safeParse(value);
  return parsed.success ? structured(parsed.data) : gatewayResponse(500);
}

/** The answer when a function could not be invoked. */
export function responseOfFailure(error: unknown): ApiResponse {
  const throttled = error instanceof AwsError && error.code === 'TooManyRequestsException';
  return gatewayResponse(throttled ? 503 : 500);
}

function structured(result: z.output<typeof structuredSchema>): ApiResponse {
  const headers: Record<string, string | string[]> = { 'content-type': 'text/plain; charset=utf-8' };
  for (const [name, value] of Object.entries(result.headers ?? {})) {
    const lowerCase = name.toLowerCase();
    if (!OF_THE_CONNECTION.has(lowerCase)) headers[lowerCase] = String(value);
  }
  if (result.cookies?.length) headers['set-cookie'] = result.cookies;
  if (!Object.entries(headers).every(canBeSent)) return gatewayResponse(500);
  const body = result.body ?? '';
  return {
    status: result.statusCode,
    headers,
    body: result.isBase64Encoded ? Buffer.from(body, 'base64') : body,
  };
}

/** Whether HTTP allows a header as it is; one with a line break would start another. */
function canBeSent([name, value]: [string, string | string[]]): boolean {
  try {
    validateHeaderName(name);
    for (const each of [value].flat()) validateHeaderValue(name, each);
    return true;
  } catch {
    return false;
  }
}
