import type { ApiEvent } from './request.ts';

/** What a test asks an API. */
export interface ApiCall {
  /** Such as `GET /orders/{orderId}`. */
  readonly route: string;
  readonly path?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** A request as the HTTP API hands it over. @param authorizer who asks. */
export function apiEvent(
  { route, path, query, headers = {}, body }: ApiCall,
  authorizer: NonNullable<ApiEvent['requestContext']['authorizer']>,
): ApiEvent {
  const [method = '', resource = ''] = route.split(' ');
  return {
    version: '2.0',
    routeKey: route,
    rawPath: resource,
    rawQueryString: new URLSearchParams(query).toString(),
    headers,
    ...(path === undefined ? {} : { pathParameters: path }),
    ...(query === undefined ? {} : { queryStringParameters: query }),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: { method, path: resource, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey: route,
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 1_767_225_600_000,
      authorizer,
    },
  };
}
