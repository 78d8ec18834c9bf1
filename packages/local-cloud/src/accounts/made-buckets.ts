import { AwsError } from '../endpoint/service.ts';
import type { ServiceHandler, ServiceRequest, ServiceResponse } from '../endpoint/service.ts';
import { unknownOperation } from '../endpoint/unknown-operation.ts';
import { pathStyle } from '../queues/http.ts';
import { s3Operation } from '../queues/s3-operation.ts';
import type { Stack } from '../stack/model.ts';
import { SETTINGS, settingDocument } from './bucket-settings.ts';

interface MadeBucket {
  readonly region: string;
  /** Documents as they were put, by setting. */
  readonly settings: Map<string, string>;
}

const RUN = [
  ...['CreateBucket', 'HeadBucket', 'GetBucketLocation', 'DeleteBucket'],
  ...Object.keys(SETTINGS).flatMap((name) => [`Get${name}`, `Put${name}`, `Delete${name}`]),
];

/**
 * S3 with buckets that stand beside the stack's, as an account has one for Terraform's state: they are made, and keep
 * their settings, in memory. They hold no objects. What is asked of any other bucket goes on to `s3`.
 */
export function withMadeBuckets(
  s3: ServiceHandler,
  { buckets, accountId }: Pick<Stack, 'buckets' | 'accountId'>,
): ServiceHandler {
  const ofStack = new Set(buckets.map(({ name }) => name));
  const made = new Map<string, MadeBucket>();
  return async (request) => {
    const url = pathStyle(request);
    const name = /^\/([^/?]+)/.exec(url)?.[1] ?? '';
    if (ofStack.has(name)) return s3(request);
    const operation = s3Operation(request, url) ?? '';
    const bucket = made.get(name);
    if (!bucket && operation !== 'CreateBucket') return s3(request);
    expectOwner(request, accountId);
    if (operation === 'CreateBucket') {
      if (bucket) throw alreadyOwned();
      made.set(name, newBucket(request.body.toString()));
      return empty({ location: `/${name}` });
    }
    if (bucket && operation === 'DeleteBucket') {
      made.delete(name);
      return empty({}, 204);
    }
    if (bucket) return ofBucket(bucket, operation, request);
    return s3(request);
  };
}

function ofBucket(bucket: MadeBucket, operation: string, { body }: ServiceRequest): ServiceResponse {
  if (operation === 'HeadBucket') return empty({ 'x-amz-bucket-region': bucket.region });
  if (operation === 'GetBucketLocation') {
    // The oldest region has no name here.
    const location = bucket.region === 'us-east-1' ? '' : bucket.region;
    return document(settingDocument('LocationConstraint', location));
  }
  const [, verb, name = ''] = /^(Get|Put|Delete)(\w+)$/.exec(operation) ?? [];
  const setting = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
  if (!setting) throw unknownOperation(operation, 'Buckets beside the stack’s hold settings alone.', RUN);
  if (verb === 'Put') {
    bucket.settings.set(name, body.toString());
    return empty({});
  }
  if (verb === 'Delete') {
    bucket.settings.delete(name);
    return empty({}, 204);
  }
  const kept = bucket.settings.get(name);
  if (kept !== undefined) return document(kept);
  throw new AwsError(
    setting.missing ?? 'NoSuchKey',
    `The bucket has no setting of that kind (${name}).`,
    404,
  );
}

function newBucket(configuration: string): MadeBucket {
  const initial = Object.entries(SETTINGS).flatMap(([name, setting]) =>
    setting.initial === undefined ? [] : [[name, setting.initial] as const],
  );
  const settings = new Map(initial);
  const tags = /<Tags>(.*)<\/Tags>/s.exec(configuration)?.[1];
  if (tags) settings.set('BucketTagging', settingDocument('Tagging', `<TagSet>${tags}</TagSet>`));
  const region = /<LocationConstraint>([\w-]+)</.exec(configuration)?.[1] ?? 'us-east-1';
  return { region, settings };
}

/** Clients say whose bucket they expect; all of them are this account's. */
function expectOwner({ headers }: ServiceRequest, accountId: string): void {
  const expected = headers['x-amz-expected-bucket-owner'];
  if (expected !== undefined && expected !== accountId)
    throw new AwsError('AccessDenied', 'Access Denied', 403);
}

function alreadyOwned(): AwsError {
  return new AwsError(
    'BucketAlreadyOwnedByYou',
    'Your previous request to create the named bucket succeeded and you already own it.',
    409,
  );
}

function empty(headers: Readonly<Record<string, string>>, status = 200): ServiceResponse {
  return { status, headers, body: '' };
}

function document(body: string): ServiceResponse {
  const type = body.startsWith('{') ? 'application/json' : 'application/xml';
  return { status: 200, headers: { 'content-type': type }, body };
}
