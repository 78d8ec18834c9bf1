import { isUtf8 } from 'node:buffer';
import type { RouteMatch } from './routes.ts';

/** A request as it came in over HTTP. */
export interface ApiRequest {
  readonly method: string;
  /** Decoded path. */
  readonly path: string;
  /** As it came, without the question mark. */
  readonly queryString: string;
  /** By lower-case name, each header in the order in which it came. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly protocol: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly requestId: string;
}

/** Who the API is. */
export interface ApiIdentity {
  readonly apiId: string;
  readonly accountId: string;
  readonly region: string;
}

/**
 * The event of payload format 2.0. As on AWS the path arrives decoded, the query string as it came, and only the
 * media types that API Gateway takes for text arrive as text.
 * @param authorizer what the route's authorizer adds to the request context.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function apiEvent(
  identity: ApiIdentity,
  { route, pathParameters }: RouteMatch,
  request: ApiRequest,
  authorizer: object | undefined,
): object {
  const { apiId, accountId, region } = identity;
  const { cookie, ...headers } = joined(request.headers, ',');
  const query = queryParameters(request.queryString);
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: request.path,
    rawQueryString: request.queryString,
    ...(cookie !== undefined && { cookies: cookiesOf(request.headers['cookie'] ?? []) }),
    headers,
    ...(query && { queryStringParameters: query }),
    requestContext: {
      accountId,
      apiId,
      ...(authorizer && { authorizer }),
      domainName: `${apiId}.execute-api.${region}.amazonaws.com`,
      domainPrefix: apiId,
      http: {
        method: request.method,
        path: request.path,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: request.requestId,
      routeKey: route.key,
      stage: '$default',
      time: accessLogTime(request.receivedAt),
      timeEpoch: request.receivedAt,
    },
    ...(pathParameters && { pathParameters }),
    ...bodyMembers(request.body, headers['content-type']),
  };
}

function joined(headers: ApiRequest['headers'], by: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values.join(by)]));
}

function cookiesOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(';')).map((cookie) => cookie.trim());
}

function queryParameters(queryString: string): Record<string, string> | undefined {
  if (queryString === '') return undefined;
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(queryString)) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(values);
}

/** Media types whose bodies API Gateway hands on as text; everything else, also no type at all, as base64. */
const TEXT = /^\s*(text\/[^;]+|application\/(json|xml|javascript))\s*(;|$)/i;

function bodyMembers(body: Buffer, contentType = ''): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = TEXT.test(contentType) && isUtf8(body);
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Mar/2020:19:03:58 +0000` */
function accessLogTime(milliseconds: number): string {
  const [date = '', time = ''] = new Date(milliseconds).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}
