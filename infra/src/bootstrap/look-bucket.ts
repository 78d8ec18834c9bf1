import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  S3ServiceException,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { BucketPlace, FoundBucket } from './bucket.ts';
import { BootstrapError } from './errors.ts';
import { tagsOf } from './look-identity.ts';

/**
 * Looks at a bucket, by reads alone.
 * @returns undefined when there is none of that name. @throws BootstrapError when it belongs to another account.
 */
export async function lookAtBucket(s3: S3Client, place: BucketPlace): Promise<FoundBucket | undefined> {
  const region = await regionOf(s3, place);
  if (region === undefined) return undefined;
  const of = { Bucket: place.name, ExpectedBucketOwner: place.account };
  if (region !== place.region) return { ...NOTHING, region };
  const [versioning, encryption, publicAccess, ownership, policy, lifecycle, tagging] = await Promise.all([
    s3.send(new GetBucketVersioningCommand(of)),
    orNone(s3.send(new GetBucketEncryptionCommand(of)), 'ServerSideEncryptionConfigurationNotFoundError'),
    orNone(s3.send(new GetPublicAccessBlockCommand(of)), 'NoSuchPublicAccessBlockConfiguration'),
    orNone(s3.send(new GetBucketOwnershipControlsCommand(of)), 'OwnershipControlsNotFoundError'),
    orNone(s3.send(new GetBucketPolicyCommand(of)), 'NoSuchBucketPolicy'),
    orNone(s3.send(new GetBucketLifecycleConfigurationCommand(of)), 'NoSuchLifecycleConfiguration'),
    orNone(s3.send(new GetBucketTaggingCommand(of)), 'NoSuchTagSet'),
  ]);
  const [rule] = encryption?.ServerSideEncryptionConfiguration?.Rules ?? [];
  return {
    region,
    tags: tagsOf(tagging?.TagSet),
    versioning: versioning.Status,
    encryption: rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
    publicAccess: publicAccess && { ...publicAccess.PublicAccessBlockConfiguration },
    ownership: ownership?.OwnershipControls?.Rules?.[0]?.ObjectOwnership,
    policy: policy?.Policy,
    lifecycle: lifecycle?.Rules,
  };
}

const NOTHING: Omit<FoundBucket, 'region'> = {
  tags: [],
  versioning: undefined,
  encryption: undefined,
  publicAccess: undefined,
  ownership: undefined,
  policy: undefined,
  lifecycle: undefined,
};

/** S3 tells the region of a bucket also where it redirects to it. */
async function regionOf(s3: S3Client, { name, account, region }: BucketPlace): Promise<string | undefined> {
  try {
    const head = await s3.send(new HeadBucketCommand({ Bucket: name, ExpectedBucketOwner: account }));
    return head.BucketRegion ?? region;
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    const status = error.$metadata.httpStatusCode;
    if (status === 404) return undefined;
    const elsewhere: unknown = error.$response?.headers?.['x-amz-bucket-region'];
    if (typeof elsewhere === 'string' && elsewhere !== region) return elsewhere;
    if (status !== 403) throw error;
    throw new BootstrapError(
      `The bucket ${name} belongs to another account than ${account}, or these credentials may not read it: give another --state-bucket, or use credentials of an administrator.`,
    );
  }
}

async function orNone<Answer>(call: Promise<Answer>, missing: string): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === missing) return undefined;
    throw error;
  }
}
