import { resourceWith, statementsOf, synthesize } from '../testing/synthesized.ts';

const stack = synthesize();
const BUCKET = 'orderstream-local-dead-letters-${data.aws_caller_identity.identity.account_id}';
const { id: bucketId } = resourceWith(stack, 'aws_s3_bucket', 'bucket', BUCKET);
const ofBucket = (type: string) =>
  resourceWith(stack, type, 'bucket', `\${aws_s3_bucket.${bucketId}.bucket}`).arguments;
const { id: queueId, arguments: queue } = resourceWith(
  stack,
  'aws_sqs_queue',
  'name',
  'orderstream-local-dead-letter-notices',
);

describe('the dead letters', () => {
  it('wait in a bucket that is kept private, encrypted and from plain HTTP, and for longer than their notices', () => {
    expect(ofBucket('aws_s3_bucket_public_access_block')).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(ofBucket('aws_s3_bucket_server_side_encryption_configuration')).toMatchObject({
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } }],
    });
    expect(statementsOf(ofBucket('aws_s3_bucket_policy')['policy'])).toMatchObject([
      { Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ]);
    expect(ofBucket('aws_s3_bucket_lifecycle_configuration')).toMatchObject({
      rule: [{ status: 'Enabled', expiration: [{ days: 90 }] }],
    });
    expect(queue['message_retention_seconds']).toBe(14 * 24 * 60 * 60);
  });

  it('are announced in a queue, whatever put them there', () => {
    const { queue: notified } = ofBucket('aws_s3_bucket_notification');

    expect(notified).toEqual([
      { id: 'dead-letter', queue_arn: `\${aws_sqs_queue.${queueId}.arn}`, events: ['s3:ObjectCreated:*'] },
    ]);
  });

  it('are announced by this bucket alone', () => {
    const url = `\${aws_sqs_queue.${queueId}.url}`;
    const { arguments: policy } = resourceWith(stack, 'aws_sqs_queue_policy', 'queue_url', url);

    expect(statementsOf(policy['policy'])).toMatchObject([
      {
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: ['sqs:SendMessage'],
        Resource: [`\${aws_sqs_queue.${queueId}.arn}`],
        Condition: { ArnEquals: { 'aws:SourceArn': `\${aws_s3_bucket.${bucketId}.arn}` } },
      },
    ]);
  });

  it('ring an alarm at the first notice', () => {
    const alarm = resourceWith(
      stack,
      'aws_cloudwatch_metric_alarm',
      'alarm_name',
      'orderstream-local-dead-letters',
    );

    expect(alarm.arguments).toMatchObject({
      metric_name: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: `\${aws_sqs_queue.${queueId}.name}` },
      comparison_operator: 'GreaterThanThreshold',
      threshold: 0,
    });
  });
});
