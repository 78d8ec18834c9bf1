import type { ServiceRequest } from './service.ts';

/** How a service's calls, answers and errors are written. */
export type Protocol = 'json-1.0' | 'json-1.1' | 'query' | 'ec2' | 'rest-json' | 'rest-xml' | 'cbor';

export interface Route {
  readonly service: string;
  readonly operation: string;
  readonly protocol: Protocol;
}

/** A request as it came in. */
export type RawRequest = Pick<ServiceRequest, 'method' | 'url' | 'headers' | 'body'>;

/** Services that name their operation in `X-Amz-Target: <prefix>.<operation>`. */
const TARGETS: ReadonlyMap<string, Pick<Route, 'service' | 'protocol'>> = new Map([
  ['DynamoDB_20120810', { service: 'dynamodb', protocol: 'json-1.0' }],
  ['DynamoDBStreams_20120810', { service: 'dynamodbstreams', protocol: 'json-1.0' }],
  ['AWSStepFunctions', { service: 'states', protocol: 'json-1.0' }],
  ['AmazonSQS', { service: 'sqs', protocol: 'json-1.0' }],
  ['AWSEvents', { service: 'events', protocol: 'json-1.1' }],
]);

/** Where unsigned requests of REST services go. */
const PATHS = [
  ['/2015-03-31/', 'lambda'],
  ['/v2/email/', 'ses'],
] as const;

/** REST services, by the name they are signed with, that write errors as the query protocol does. */
const XML_SERVICES: ReadonlySet<string> = new Set(['route53', 'cloudfront']);

/** OpenSearch's own API, which is signed for the same service as the searches themselves. */
const SEARCH_CONTROL = /^\/20\d\d-\d\d-\d\d\//;

/** Smithy's RPC v2, which SDK clients of some services speak: https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html */
const RPC = /^\/service\/(\w+)\/operation\/(\w+)$/;

/**
 * Finds out which service and operation a request is for.
 *
 * @param scope the service it is signed for, if it is signed.
 * @returns undefined when the request belongs to no AWS service at all.
 */
export function route(request: RawRequest, scope: string | undefined): Route | undefined {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return targetRoute(target, request, scope);
  const service = scope ?? PATHS.find(([path]) => request.url.startsWith(path))?.[1];
  if (service === undefined) return undefined;
  if (service === 's3') return { service, operation: request.method, protocol: 'rest-xml' };
  if (service === 'es') {
    const isControl = SEARCH_CONTROL.test(request.url);
    return { service: isControl ? 'opensearch' : 'es', operation: request.method, protocol: 'rest-json' };
  }
  const [, , rpcOperation] = RPC.exec(request.url) ?? [];
  if (rpcOperation !== undefined) return { service, operation: rpcOperation, protocol: 'cbor' };
  const action = actionOf(request);
  if (action !== undefined) {
    return { service, operation: action, protocol: service === 'ec2' ? 'ec2' : 'query' };
  }
  const protocol = XML_SERVICES.has(service) ? 'query' : 'rest-json';
  return { service, operation: request.method, protocol };
}

function targetRoute(target: string, { headers }: RawRequest, scope: string | undefined): Route {
  const dot = target.lastIndexOf('.');
  const prefix = target.slice(0, Math.max(dot, 0));
  const operation = target.slice(dot + 1);
  const known = TARGETS.get(prefix);
  if (known) return { ...known, operation };
  const protocol = headers['content-type']?.includes('json-1.0') ? 'json-1.0' : 'json-1.1';
  return { service: scope ?? prefix, operation, protocol };
}

/** The `Action` of the query protocol, in a form or in the URL. */
function actionOf({ headers, body, url }: RawRequest): string | undefined {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const query = isForm ? body.toString('latin1') : url.slice(url.indexOf('?') + 1);
  return /(?:^|&)Action=(\w+)/.exec(query)?.[1];
}
