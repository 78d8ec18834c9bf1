import {
  BucketLocationConstraint,
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type LifecycleRule,
} from '@aws-sdk/client-s3';
import type { Change, Item } from './change.ts';
import { BootstrapError } from './errors.ts';
import { OWNER_TAG, TAGS, type Tag, hasOwnerTag } from './names.ts';
import { type PolicyDocument, document, parsed, sameDocument } from './permissions/document.ts';

/** Days after which states that were written over are deleted. */
const OLD_STATES_DAYS = 90;
const ABANDONED_UPLOADS_DAYS = 7;

/** What is there, as far as the bootstrap looks. Settings that the bucket does not have are undefined. */
export interface FoundBucket {
  readonly region: string;
  readonly tags: readonly Tag[];
  readonly versioning: string | undefined;
  readonly encryption: string | undefined;
  readonly publicAccess: Readonly<Record<string, boolean | undefined>> | undefined;
  readonly ownership: string | undefined;
  readonly policy: string | undefined;
  readonly lifecycle: readonly LifecycleRule[] | undefined;
}

const BLOCKED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** Every state stays for a while after it was written over: the way back from a broken one. */
const LIFECYCLE: LifecycleRule[] = [
  {
    ID: 'old-states',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    NoncurrentVersionExpiration: { NoncurrentDays: OLD_STATES_DAYS },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: ABANDONED_UPLOADS_DAYS },
  },
];

export interface BucketPlace {
  readonly name: string;
  readonly account: string;
  readonly region: string;
}

/**
 * What it takes that Terraform's state is safe in a bucket: it and its old versions are kept, encrypted, private, and
 * read over TLS alone. Locking needs nothing here: the lock is an object beside the state.
 *
 * @throws BootstrapError for a bucket in another region, or one that the bootstrap did not make.
 */
export function planBucket(found: FoundBucket | undefined, place: BucketPlace): Item {
  const { name, region } = place;
  if (found) refuseForeign(found, place);
  const to = { Bucket: name, ExpectedBucketOwner: place.account };
  const changes: Change[] = [];
  const unless = (isRight: boolean, what: string, apply: Change['apply']) => {
    if (!isRight) changes.push({ what, apply });
  };
  if (!found) changes.push({ what: undefined, apply: ({ s3 }) => s3.send(created(name, region)) });
  unless(found?.versioning === 'Enabled', 'versioning', ({ s3 }) =>
    s3.send(new PutBucketVersioningCommand({ ...to, VersioningConfiguration: { Status: 'Enabled' } })),
  );
  unless(found?.encryption === 'AES256', 'encryption', ({ s3 }) =>
    s3.send(
      new PutBucketEncryptionCommand({
        ...to,
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
      }),
    ),
  );
  unless(sameDocument(found?.publicAccess, BLOCKED), 'public access block', ({ s3 }) =>
    s3.send(new PutPublicAccessBlockCommand({ ...to, PublicAccessBlockConfiguration: BLOCKED })),
  );
  unless(found?.ownership === 'BucketOwnerEnforced', 'ownership', ({ s3 }) =>
    s3.send(
      new PutBucketOwnershipControlsCommand({
        ...to,
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      }),
    ),
  );
  const policy = tlsOnly(name);
  unless(found?.policy !== undefined && sameDocument(parsed(found.policy), policy), 'policy', ({ s3 }) =>
    s3.send(new PutBucketPolicyCommand({ ...to, Policy: JSON.stringify(policy) })),
  );
  unless(sameLifecycle(found?.lifecycle), 'lifecycle', ({ s3 }) =>
    s3.send(
      new PutBucketLifecycleConfigurationCommand({ ...to, LifecycleConfiguration: { Rules: LIFECYCLE } }),
    ),
  );
  unless(!found || lacking(found.tags).length === 0, 'tags', ({ s3 }) =>
    s3.send(
      new PutBucketTaggingCommand({
        ...to,
        Tagging: { TagSet: [...without(found?.tags ?? [], TAGS), ...TAGS] },
      }),
    ),
  );
  return { kind: 'bucket', name, changes };
}

function refuseForeign(found: FoundBucket, { name, region }: BucketPlace): void {
  if (found.region !== region) {
    throw new BootstrapError(
      `The bucket ${name} is in ${found.region}, not in ${region}: give --region ${found.region}, or another --state-bucket.`,
    );
  }
  if (!hasOwnerTag(found.tags)) {
    throw new BootstrapError(
      `The bucket ${name} is there, but has no tag ${OWNER_TAG.Key}=${OWNER_TAG.Value}, so something else made it. Give another --state-bucket, or tag it so if its settings may be changed.`,
    );
  }
}

/** In us-east-1 the region is not said; with its tags in the same call no bucket is ever without them. */
function created(name: string, region: string): CreateBucketCommand {
  const isOldest = region === 'us-east-1';
  return new CreateBucketCommand({
    Bucket: name,
    CreateBucketConfiguration: {
      ...(!isOldest && { LocationConstraint: locationOf(region) }),
      Tags: [...TAGS],
    },
  });
}

/** @throws BootstrapError for a region in which the client knows no buckets. */
function locationOf(region: string): BucketLocationConstraint {
  const location = Object.values(BucketLocationConstraint).find((known) => known === region);
  if (location) return location;
  throw new BootstrapError(`S3's client knows no region ${region}: give another --region.`, 2);
}

function tlsOnly(name: string): PolicyDocument {
  return document([
    {
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: ['s3:*'],
      Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ]);
}

/** A rule of any other content counts as different: one that expires objects would delete the state. */
function sameLifecycle(rules: readonly LifecycleRule[] | undefined): boolean {
  const read = rules?.map((rule) => ({ ...rule, Filter: { Prefix: '', ...rule.Filter } }));
  return read !== undefined && sameDocument(read, LIFECYCLE);
}

function lacking(tags: readonly Tag[]): Tag[] {
  return TAGS.filter(({ Key, Value }) => !tags.some((tag) => tag.Key === Key && tag.Value === Value));
}

function without(tags: readonly Tag[], others: readonly Tag[]): Tag[] {
  return tags.filter(({ Key }) => !others.some((other) => other.Key === Key));
}
