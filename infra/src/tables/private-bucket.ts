import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { policyDocument } from '../functions/role.ts';

/** What becomes of the objects under a prefix as they age. */
export interface LifecycleRule {
  readonly id: string;
  readonly prefix: string;
  /** Days after which an object is removed; kept for ever without. */
  readonly expirationDays?: number;
  /** Cheaper storage by the days after which an object goes there. */
  readonly transitions?: readonly { readonly days: number; readonly storageClass: string }[];
}

export interface PrivateBucketProps {
  readonly config: Config;
  readonly name: string;
  readonly lifecycle: readonly LifecycleRule[];
}

/**
 * A bucket that nothing public reaches: encrypted, TLS only, unfinished uploads removed after a day. It keeps no older
 * versions: what is removed from it, as a person who is forgotten is, has to be gone.
 */
export class PrivateBucket extends Construct {
  readonly arn: string;
  readonly name: string;

  constructor(scope: Construct, id: string, { config, name, lifecycle }: PrivateBucketProps) {
    super(scope, id);
    const bucket = new S3Bucket(this, 'bucket', {
      bucket: name,
      forceDestroy: config.environment !== 'prod',
    });
    this.arn = bucket.arn;
    this.name = bucket.bucket;
    const accessBlock = new S3BucketPublicAccessBlock(this, 'access', {
      bucket: bucket.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket: bucket.bucket,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
    });
    new S3BucketPolicy(this, 'policy', {
      bucket: bucket.bucket,
      policy: policyDocument([
        {
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          Action: ['s3:*'],
          Resource: [bucket.arn, `${bucket.arn}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ]),
      // S3 takes one change of a bucket's access at a time.
      dependsOn: [accessBlock],
    });
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      bucket: bucket.bucket,
      rule: lifecycle.map(ruleBlock),
    });
  }
}

function ruleBlock(rule: LifecycleRule): S3BucketLifecycleConfigurationRule {
  const { id, prefix, expirationDays, transitions = [] } = rule;
  return {
    id,
    status: 'Enabled',
    filter: [{ prefix }],
    ...(expirationDays === undefined ? {} : { expiration: [{ days: expirationDays }] }),
    ...(transitions.length === 0 ? {} : { transition: [...transitions] }),
    abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
  };
}
