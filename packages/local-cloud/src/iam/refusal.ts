import { AwsError } from '../endpoint/service.ts';
import type { Call, Decision } from './decision.ts';
import { sessionArn } from './principal.ts';

export type Denied = Extract<Decision, { readonly allowed: false }>;

/** How a service says that a call is not allowed. */
interface Wording {
  readonly code: string;
  readonly status: number;
  /** How the action is written. */
  readonly action?: (action: string) => string;
  readonly resource?: (resource: string) => string;
}

const JSON_PROTOCOL: Wording = { code: 'AccessDeniedException', status: 400 };
const REST_JSON: Wording = { code: 'AccessDeniedException', status: 403 };

/** By the service as the endpoint names it. */
const WORDINGS: Readonly<Record<string, Wording>> = {
  dynamodb: JSON_PROTOCOL,
  dynamodbstreams: JSON_PROTOCOL,
  states: JSON_PROTOCOL,
  events: JSON_PROTOCOL,
  lambda: REST_JSON,
  ses: REST_JSON,
  es: REST_JSON,
  sqs: { ...REST_JSON, action: (action) => action.toLowerCase() },
  sns: { code: 'AuthorizationError', status: 403, action: (action) => action.replace('sns:', 'SNS:') },
  s3: { code: 'AccessDenied', status: 403, resource: (resource) => `"${resource}"` },
};

/**
 * The error with which a service refuses a call.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html; where services write it
 * otherwise (SQS in lower case, SNS in upper case, S3 with quotes, SES and OpenSearch in words of their own), so do
 * reports of their users.
 */
export function refusalOf(service: string, call: Call, denied: Denied): AwsError {
  const { code, status } = WORDINGS[service] ?? JSON_PROTOCOL;
  return new AwsError(code, refusalMessage(service, call, denied), status);
}

/** The same in one sentence. */
export function refusalMessage(service: string, call: Call, denied: Denied): string {
  const { action: write = same, resource: name = same } = WORDINGS[service] ?? JSON_PROTOCOL;
  const action = write(call.action);
  const who = call.principal.kind === 'role' ? sessionArn(call.principal) : call.principal.service;
  if (service === 'ses') {
    return `User \`${who}' is not authorized to perform \`${action}' on resource \`${call.resource}'`;
  }
  const where = service === 'es' ? '' : ` on resource: ${name(call.resource)}`;
  return `User: ${who} is not authorized to perform: ${action}${where} ${because(denied, action)}`;
}

function because({ type, deniedBy }: Denied, action: string): string {
  const article = type === 'identity-based' ? 'an' : 'a';
  if (deniedBy) return `with an explicit deny in ${article} ${type} policy`;
  return `because no ${type} policy allows the ${action} action`;
}

function same(text: string): string {
  return text;
}
