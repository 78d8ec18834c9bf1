import { jwtVerify, type JWTPayload } from 'jose';
import type { Clock } from '../clock.ts';
import type { JwtAuthorizer, Route } from '../stack/model.ts';
import type { LocalIssuer } from './issuer.ts';
import { gatewayResponse, type ApiResponse } from './response.ts';

/** Whether a request may pass: with what it adds to the request context, or the answer that refuses it. */
export type Decision =
  | { readonly allowed: true; readonly context: object | undefined }
  | { readonly allowed: false; readonly response: ApiResponse };

/** Decides on a request by its `Authorization` header. */
export type Authorize = (header: string | undefined) => Promise<Decision>;

/** What deciding takes. */
export interface AuthorizerServices {
  readonly issuer: LocalIssuer;
  readonly clock: Clock;
  readonly accountId: string;
}

/** Makes the decision of a route. @throws Error when the route names an authorizer that the API does not have. */
export function authorizerOf(
  route: Route,
  authorizers: readonly JwtAuthorizer[],
  services: AuthorizerServices,
): Authorize {
  if (route.authorization === 'NONE') return async () => ({ allowed: true, context: undefined });
  if (route.authorization === 'AWS_IAM') return async (header) => iamDecision(header, services.accountId);
  const authorizer = authorizers.find(({ id }) => id === route.authorizerId);
  if (!authorizer)
    throw new Error(
      `The route ${route.key} names the authorizer ${route.authorizerId}, which the API does not have.`,
    );
  return (header) => jwtDecision(header, authorizer, route.scopes, services);
}

/**
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
async function jwtDecision(
  header: string | undefined,
  authorizer: JwtAuthorizer,
  routeScopes: readonly string[],
  { issuer, clock }: AuthorizerServices,
): Promise<Decision> {
  if (!header) return refused(401, 'Bearer');
  const claims = await verifiedClaims(header.replace(/^Bearer\s+/i, ''), authorizer, issuer, clock);
  if (!claims) return refused(401, 'Bearer error="invalid_token"');
  const scopes = scopesOf(claims);
  if (routeScopes.length > 0 && !routeScopes.some((scope) => scopes.includes(scope)))
    return refused(403, `Bearer scope="${routeScopes.join(' ')}" error="insufficient_scope"`);
  return {
    allowed: true,
    context: { jwt: { claims: claimTexts(claims), scopes: routeScopes.length > 0 ? scopes : null } },
  };
}

/** The claims of a token that is what the authorizer asks for; undefined for any other. */
async function verifiedClaims(
  token: string,
  authorizer: JwtAuthorizer,
  issuer: LocalIssuer,
  clock: Clock,
): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtVerify(token, await issuer.keys(), {
      algorithms: ['RS256'],
      issuer: authorizer.issuer,
      requiredClaims: ['exp'],
      currentDate: new Date(clock.now()),
    });
    const issuedLater = payload.iat !== undefined && payload.iat * 1000 > clock.now();
    const isMeant = audiencesOf(payload).some((audience) => authorizer.audience.includes(audience));
    return isMeant && !issuedLater ? payload : undefined;
  } catch {
    return undefined;
  }
}

/** `aud`, or `client_id` where there is none. */
function audiencesOf({ aud, client_id: clientId }: JWTPayload): readonly string[] {
  if (aud !== undefined) return typeof aud === 'string' ? [aud] : aud;
  return typeof clientId === 'string' ? [clientId] : [];
}

function scopesOf({ scope, scp }: JWTPayload): string[] {
  const granted = scope ?? scp;
  if (Array.isArray(granted)) return granted.map(String);
  return typeof granted === 'string' ? granted.split(' ').filter(Boolean) : [];
}

/** API Gateway hands on every claim as text, lists in brackets: `[staff admin]`. */
function claimTexts(claims: JWTPayload): Record<string, string> {
  const text = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(text).join(' ')}]`;
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  };
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, text(value)]));
}

/** Lets everybody pass who signed: whether the signature is right, and what it allows, is not looked at. */
function iamDecision(header: string | undefined, accountId: string): Decision {
  const accessKey = /^AWS4-HMAC-SHA256 .*Credential=([^/,\s]+)\//.exec(header ?? '')?.[1];
  if (accessKey === undefined) return { allowed: false, response: gatewayResponse(403) };
  const iam = {
    accessKey,
    accountId,
    callerId: accessKey,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: `arn:aws:iam::${accountId}:user/${accessKey}`,
    userId: accessKey,
  };
  return { allowed: true, context: { iam } };
}

function refused(status: 401 | 403, challenge: string): Decision {
  return { allowed: false, response: gatewayResponse(status, { 'www-authenticate': challenge }) };
}
