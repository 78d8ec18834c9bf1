import type { APIGatewayEventRequestContextV2, APIGatewayProxyEventV2WithRequestContext } from 'aws-lambda';
import { Problem } from './problem.ts';

/** Bytes of a body; an order of the most lines with the longest SKUs has fewer. */
const MOST_BODY_BYTES = 512 * 1024;

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
    json: () => parsed(bodyOf(event)),
  };
}

/** The subject of the caller's token; without an issuer in the deployment's config, the AWS user who signed. */
function callerOf({ requestContext: { authorizer } }: ApiEvent): string {
  const caller = authorizer?.jwt?.claims['sub'] ?? authorizer?.iam?.userId;
  if (typeof caller === 'string' && caller !== '') return caller;
  throw new Problem('unknown-caller', 'Send a token with a subject (sub) in the Authorization header.');
}

/** The HTTP API hands a claim that is a list over as one text: `[staff admin]`. */
function groupsOf(claim: unknown): readonly string[] {
  if (Array.isArray(claim)) return claim.map(String);
  if (typeof claim !== 'string') return [];
  return claim
    .replace(/^\[|\]$/g, '')
    .split(/[ ,]+/)
    .filter((group) => group !== '');
}

function bodyOf({ body = '', isBase64Encoded }: ApiEvent): Buffer {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length <= MOST_BODY_BYTES) return bytes;
  throw new Problem(
    'too-large',
    `The body has ${bytes.length} bytes; at most ${MOST_BODY_BYTES} are read. Place several orders.`,
  );
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Problem('malformed-body', `The body is not JSON: ${why}. Send a JSON object.`);
  }
}
