import { AwsError } from '../endpoint/service.ts';
import type { ServiceRequest } from '../endpoint/service.ts';
import { unknownOperation } from '../endpoint/unknown-operation.ts';
import { s3Operation } from './s3-operation.ts';

/** The operations of SQS that are run here: what sends, receives and looks. The queues themselves are the stack's. */
const SQS_OPERATIONS: ReadonlySet<string> = new Set([
  'SendMessage',
  'SendMessageBatch',
  'ReceiveMessage',
  'DeleteMessage',
  'DeleteMessageBatch',
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
  'PurgeQueue',
  'ListQueues',
  'GetQueueUrl',
  'GetQueueAttributes',
  'ListDeadLetterSourceQueues',
]);

/** The operations of SNS that are run here. Topics and subscriptions are the stack's. */
const SNS_OPERATIONS: ReadonlySet<string> = new Set([
  'Publish',
  'PublishBatch',
  'ListTopics',
  'GetTopicAttributes',
  'ListSubscriptions',
  'ListSubscriptionsByTopic',
  'GetSubscriptionAttributes',
]);

/** The operations of S3 that are run here: objects, whole and in parts, and where they are. Buckets are the stack's. */
const S3_OPERATIONS: ReadonlySet<string> = new Set([
  'ListBuckets',
  'HeadBucket',
  'ListObjects',
  'ListObjectsV2',
  'GetObject',
  'HeadObject',
  'GetObjectAttributes',
  'PutObject',
  'CopyObject',
  'DeleteObject',
  'DeleteObjects',
  'CreateMultipartUpload',
  'UploadPart',
  'UploadPartCopy',
  'CompleteMultipartUpload',
  'AbortMultipartUpload',
]);

const PLAIN_OBJECTS = 'Objects have no versions, tags or grants.';

/** What a caller relies on once it is answered: a sent message is never lost, a receipt handle works. */
const LASTING: ReadonlySet<string> = new Set([
  'SendMessage',
  'SendMessageBatch',
  'ReceiveMessage',
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
  'PurgeQueue',
  'Publish',
  'PublishBatch',
]);

/**
 * Whether what an operation of SQS or SNS did has to outlive the process before it is answered. A deletion need not: a
 * message may always come twice.
 */
export function isLasting(operation: string): boolean {
  return LASTING.has(operation);
}

/** @throws AwsError for what is not run of SQS: all that would change a queue, and its older protocol. */
export function expectSqsOperation({ operation, headers }: ServiceRequest): void {
  if (!SQS_OPERATIONS.has(operation)) {
    throw unknownOperation(operation, ownedByStack('Queues'), SQS_OPERATIONS);
  }
  if (headers['x-amz-target'] !== undefined) return;
  throw unknownOperation(
    `${operation} in the query protocol`,
    'Clients of 2024 and later speak the JSON protocol: use one of those.',
    SQS_OPERATIONS,
  );
}

/** @throws AwsError for what is not run of SNS: all that would change a topic or a subscription. */
export function expectSnsOperation({ operation, method, headers }: ServiceRequest): void {
  if (!SNS_OPERATIONS.has(operation)) {
    throw unknownOperation(operation, ownedByStack('Topics and subscriptions'), SNS_OPERATIONS);
  }
  if (method === 'POST' && headers['x-amz-target'] === undefined) return;
  throw unknownOperation(`${operation} by ${method}`, 'Send it by POST, as a form.', SNS_OPERATIONS);
}

/**
 * @param url in path style.
 * @throws AwsError for what is not run of S3: all that would change a bucket, and everything about an object but its bytes.
 */
export function expectS3Operation(request: ServiceRequest, url: string): void {
  const operation = s3Operation(request, url);
  if (operation === undefined) {
    throw new AwsError('MethodNotAllowed', `S3 has no operation for ${request.method}.`, 405);
  }
  if (S3_OPERATIONS.has(operation)) return;
  throw unknownOperation(operation, `${ownedByStack('Buckets')} ${PLAIN_OBJECTS}`, S3_OPERATIONS);
}

function ownedByStack(what: string): string {
  return `${what} are the stack's: change the stack and start again.`;
}
