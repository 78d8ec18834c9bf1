import { apiHandler, type ApiEvent } from '@orderstream/lambda-kit';
import { opsRoutes, type OpsApi } from '../routes.ts';

/** Who asks: a member of groups, by a token, or an AWS identity that signs. */
export type Caller = { readonly groups: string } | { readonly user: string };

/** What a test asks the API; a staff member asks unless told otherwise. */
export interface Call {
  readonly path?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  readonly caller?: Caller;
}

/** Asks the API as the HTTP API would. */
export async function ask(api: OpsApi, route: string, call: Call = {}) {
  const reported: unknown[] = [];
  const handler = apiHandler(opsRoutes(api), (_, error) => reported.push(error));
  const { statusCode, body, headers } = await handler(eventOf(route, call));
  return { status: statusCode, body: JSON.parse(body ?? 'null'), headers, reported };
}

/** Fields that an answer finds wrong, each once. */
export function wrongFields({ errors = [] }: { errors?: { field: string }[] }): string[] {
  return [...new Set(errors.map(({ field }) => field))];
}

function eventOf(route: string, { path, query, body, caller = { groups: '[staff]' } }: Call): ApiEvent {
  const [method = '', resource = ''] = route.split(' ');
  const authorizer =
    'user' in caller
      ? { iam: { userId: caller.user } }
      : { jwt: { claims: { sub: 'ada', 'cognito:groups': caller.groups } } };
  return {
    version: '2.0',
    routeKey: route,
    rawPath: resource,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: {},
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
