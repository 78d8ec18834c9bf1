import * as z from 'zod';
import { args, blocks, inert, jsonText, refused, text } from '../arguments.ts';
import type { Draft } from '../draft.ts';
import type { Bucket } from '../model.ts';
import { inertType, resourceType } from '../resource-type.ts';
import { requireArn } from '../require.ts';

const QUEUES_ONLY = 'Send notifications to a queue';

const bucket = resourceType({
  type: 'aws_s3_bucket',
  schema: args({ bucket: text, force_destroy: inert('buckets are not deleted here') }),
  attributes: ({ bucket }, { region }) => ({
    id: bucket,
    arn: `arn:aws:s3:::${bucket}`,
    bucket_domain_name: `${bucket}.s3.amazonaws.com`,
    bucket_regional_domain_name: `${bucket}.s3.${region}.amazonaws.com`,
  }),
  contribute: ({ args, attributes }, draft) =>
    draft.buckets.push({ name: args.bucket, arn: attributes.arn, notifications: [] }),
});

const notification = resourceType({
  type: 'aws_s3_bucket_notification',
  schema: args({
    bucket: text,
    queue: blocks({
      id: inert('it is for people'),
      queue_arn: text,
      events: z.array(z.string().startsWith('s3:ObjectCreated:')).min(1),
      filter_prefix: text.default(''),
      filter_suffix: refused('Filter by "filter_prefix"'),
    }),
    topic: refused(QUEUES_ONLY),
    lambda_function: refused(QUEUES_ONLY),
    eventbridge: refused(QUEUES_ONLY),
  }),
  attributes: ({ bucket }) => ({ id: bucket }),
  contribute({ address, args }, draft) {
    draft.notifications.push({
      address,
      bucketName: args.bucket,
      notifications: args.queue.map((queue) => ({
        queueArn: queue.queue_arn,
        events: queue.events,
        prefix: queue.filter_prefix,
      })),
    });
  },
});

/** Settings of a bucket that are resources of their own, and why they do nothing here. */
const INERT_SETTINGS = {
  aws_s3_bucket_public_access_block: 'nothing is public here',
  aws_s3_bucket_versioning: 'one version of an object is kept here',
  aws_s3_bucket_lifecycle_configuration: 'objects do not expire here',
  aws_s3_bucket_server_side_encryption_configuration: 'objects are not encrypted here',
  aws_s3_bucket_ownership_controls: 'there is one owner here',
};

const policy = resourceType({
  type: 'aws_s3_bucket_policy',
  schema: args({ bucket: text, policy: jsonText }),
  attributes: ({ bucket }) => ({ id: bucket }),
  contribute: ({ address, args }, draft) =>
    draft.resourcePolicies.push({
      address,
      resourceArn: `arn:aws:s3:::${args.bucket}`,
      document: args.policy,
    }),
});

export const bucketTypes = [
  bucket,
  notification,
  policy,
  ...Object.entries(INERT_SETTINGS).map(([type, reason]) =>
    inertType(type, reason, 'bucket', (bucket) => ({ id: bucket })),
  ),
];

/** Buckets with their notifications. */
export function linkBuckets(draft: Draft, problems: string[]): readonly Bucket[] {
  const buckets = new Map(draft.buckets.map((bucket) => [bucket.name, bucket]));
  for (const { address, bucketName, notifications } of draft.notifications) {
    const bucket = buckets.get(bucketName);
    if (!bucket) problems.push(`${address}: bucket "${bucketName}" is not in this stack`);
    else if (bucket.notifications.length > 0) {
      problems.push(
        `${address}: bucket "${bucketName}" has notifications already. Put all into one resource`,
      );
    } else buckets.set(bucketName, { ...bucket, notifications });
    for (const { queueArn } of notifications) {
      requireArn(draft, ['queues'], { address, argument: 'queue.queue_arn', arn: queueArn }, problems);
    }
  }
  return [...buckets.values()];
}
