import type { IncomingHttpHeaders } from 'node:http';
import type { Cors } from '../stack/model.ts';
import type { ApiResponse } from './response.ts';

const PREFIX = 'access-control-';

/**
 * What API Gateway says to a browser that asks before it calls, whatever the routes are: 204, with what is allowed if the
 * page's origin is. Undefined for a request that asks nothing of the kind.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function preflightAnswer(
  cors: Cors | undefined,
  method: string,
  headers: IncomingHttpHeaders,
): ApiResponse | undefined {
  const { origin } = headers;
  const asked = headers['access-control-request-method'];
  if (!cors || method !== 'OPTIONS' || origin === undefined || asked === undefined) return undefined;
  if (!cors.origins.includes(origin)) return { status: 204, headers: {}, body: '' };
  return {
    status: 204,
    headers: {
      ...forOrigin(cors, origin),
      ...listed('allow-methods', cors.methods),
      ...listed('allow-headers', cors.headers),
      ...(cors.maxAge === undefined ? {} : { [`${PREFIX}max-age`]: String(cors.maxAge) }),
    },
    body: '',
  };
}

/** A function's answer as a browser gets it: the API's own CORS headers stand for those that the function gave. */
export function withCors(
  cors: Cors | undefined,
  origin: string | undefined,
  answer: ApiResponse,
): ApiResponse {
  if (!cors) return answer;
  const own = Object.entries(answer.headers).filter(([name]) => !name.startsWith(PREFIX));
  const isAllowed = origin !== undefined && cors.origins.includes(origin);
  return {
    ...answer,
    headers: { ...Object.fromEntries(own), ...(isAllowed ? forOrigin(cors, origin) : {}) },
  };
}

function forOrigin(cors: Cors, origin: string): Record<string, string> {
  return { [`${PREFIX}allow-origin`]: origin, ...listed('expose-headers', cors.exposed) };
}

function listed(name: string, values: readonly string[]): Record<string, string> {
  return values.length === 0 ? {} : { [`${PREFIX}${name}`]: values.join(',') };
}
