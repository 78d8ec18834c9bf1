import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { PrivateBucket } from '../tables/private-bucket.ts';
import { allow, policyDocument, type Statement } from '../functions/role.ts';

export interface DeadLettersProps {
  readonly config: Config;
  readonly accountId: string;
}

/** How a queue is named: to policies and targets, to whoever calls SQS, and to CloudWatch. */
export interface QueueNames {
  readonly arn: string;
  readonly url: string;
  readonly name: string;
}

export const namesOf = ({ arn, url, name }: SqsQueue): QueueNames => ({ arn, url, name });

/** As long as SQS keeps a message. */
export const NOTICE_SECONDS = 14 * 24 * 60 * 60;

/**
 * Where changes wait that nobody could handle, whole, so that they can be replayed without the stream: what the
 * mappings give up on (Lambda writes it under `aws/lambda/`) and what the dispatcher can't read (under `quarantine/`).
 * Every object is announced in a queue, for which an alarm rings.
 */
export class DeadLetters extends Construct {
  readonly bucket: PrivateBucket;
  /** The queue that tells of every object. */
  readonly notices: QueueNames;
  /** What a function's role needs whose mappings give up changes: they write with it, and Lambda asks for both. */
  readonly giveUp: readonly Statement[];

  constructor(scope: Construct, id: string, { config, accountId }: DeadLettersProps) {
    super(scope, id);
    this.bucket = new PrivateBucket(this, 'letters', {
      config,
      name: `${config.prefix}-dead-letters-${accountId}`,
      // Much longer than the notices: who missed the alarm still finds the letter.
      lifecycle: [{ id: 'expire', prefix: '', expirationDays: 90 }],
    });
    this.giveUp = [
      allow(['s3:PutObject'], [`${this.bucket.arn}/aws/lambda/*`]),
      allow(['s3:ListBucket'], [this.bucket.arn]),
    ];
    const notices = new SqsQueue(this, 'notices', {
      name: `${config.prefix}-dead-letter-notices`,
      messageRetentionSeconds: NOTICE_SECONDS,
      sqsManagedSseEnabled: true,
    });
    this.notices = namesOf(notices);
    const mayNotify = new SqsQueuePolicy(this, 'notices-policy', {
      queueUrl: notices.url,
      policy: policyDocument([
        {
          Effect: 'Allow',
          Principal: { Service: 's3.amazonaws.com' },
          Action: ['sqs:SendMessage'],
          Resource: [notices.arn],
          Condition: {
            StringEquals: { 'aws:SourceAccount': accountId },
            ArnEquals: { 'aws:SourceArn': this.bucket.arn },
          },
        },
      ]),
    });
    new S3BucketNotification(this, 'notification', {
      bucket: this.bucket.name,
      queue: [{ id: 'dead-letter', queueArn: notices.arn, events: ['s3:ObjectCreated:*'] }],
      // S3 tries the queue when it is told of it.
      dependsOn: [mayNotify],
    });
  }
}
