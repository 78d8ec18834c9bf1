import type { APIGatewayEventRequestContextV2, APIGatewayProxyEventV2WithRequestContext } from 'aws-lambda';
import { jsonBody } from './body.ts';
import { Problem } from './problem.ts';

/** What the HTTP API sends, whichever of its authorizers let the caller in. */
export type ApiEvent = APIGatewayProxyEventV2WithRequestContext<
  APIGatewayEventRequestContextV2 & {
    readonly authorizer?: {
      readonly jwt?: { readonly claims: Readonly<Record<string, unknown>> };
      readonly iam?: { readonly userId?: string | null };
    };
  }
>;

/** A request as the routes see it. */
export interface ApiRequest {
  /** Who is asking. @throws Problem when nobody is known to be. */
  readonly customerId: string;
  /** The groups that the caller's token names; none without an issuer. */
  readonly groups: readonly string[];
  /** Whether an AWS identity signed the request: IAM let it in, so its policy was asked already. */
  readonly signed: boolean;
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** X-Ray trace header of this invocation. */
  readonly trace: string | undefined;
  /** Whether anything was sent with it. */
  readonly hasBody: boolean;
  /** The body's JSON. @throws Problem where it is none, or too large. */
  json(): unknown;
}

/** What a route is given. Who is asking is looked at only where a route wants to know. */
export function readRequest(event: ApiEvent): ApiRequest {
  const { authorizer } = event.requestContext;
  return {
    get customerId() {
      return callerOf(event);
    },
    groups: groupsOf(authorizer?.jwt?.claims['cognito:groups']),
    signed: authorizer?.iam !== undefined,
    path: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    headers: event.headers,
    trace: process.env['_X_AMZN_TRACE_ID'],
    hasBody: (event.body ?? '') !== '',
    json: () => jsonBody(event),
  };
}

/** The subject of the caller's token; without an issuer in the deployment's config, the AWS user who signed. */
function callerOf({ requestContext: { authorizer } }: ApiEvent): string {
  const caller = authorizer?.jwt?.claims['sub'] ?? authorizer?.iam?.userId;
  if (typeof caller === 'string' && caller !== '') return caller;
  throw new Problem('unknown-caller', 'Send a token with a subject (sub) in the Authorization header.');
}

/** The HTTP API hands a claim that is a list over as one text: `[staff admin]`. A group's name may hold a comma. */
function groupsOf(claim: unknown): readonly string[] {
  if (Array.isArray(claim)) return claim.map(String);
  if (typeof claim !== 'string') return [];
  return claim
    .replace(/^\[|\]$/g, '')
    .split(' ')
    .filter((group) => group !== '');
}
