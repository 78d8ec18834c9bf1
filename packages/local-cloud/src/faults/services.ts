import type { AwsError } from '../endpoint/service.ts';

/** What a fault refuses a call with. */
export type Refusal = Pick<AwsError, 'code' | 'status' | 'message'>;

interface ServiceFaults {
  /** What can be struck of it. */
  readonly operations: readonly string[];
  /** How it says that something broke inside of it … */
  readonly internal: Refusal;
  /** … and that it is asked too often. */
  readonly throttle: Refusal;
}

/** Sources: the errors of each service's API reference, and those that are common to all. */
const COMMON = {
  internal: refusal(
    'InternalFailure',
    500,
    'The request processing has failed because of an unknown error, exception or failure.',
  ),
  throttle: refusal('ThrottlingException', 400, 'Rate exceeded'),
};

/**
 * All that faults can strike, by the name that a fault file has for it: the services as they are called at the endpoint,
 * the run of a function (`lambda`, whoever asks for it), and what rules hand to their targets (`targets`).
 */
export const SERVICES = {
  dynamodb: {
    operations: [
      ...['GetItem', 'BatchGetItem', 'TransactGetItems', 'Query', 'Scan', 'ListTables', 'DescribeTable'],
      ...['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'],
      ...['DescribeTimeToLive', 'ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction'],
    ],
    internal: refusal('InternalServerError', 500, 'Internal server error'),
    throttle: refusal(
      'ProvisionedThroughputExceededException',
      400,
      'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
    ),
  },
  dynamodbstreams: {
    operations: ['ListStreams', 'DescribeStream', 'GetShardIterator', 'GetRecords'],
    internal: refusal('InternalServerError', 500, 'Internal server error'),
    throttle: COMMON.throttle,
  },
  sqs: {
    operations: [
      ...['SendMessage', 'SendMessageBatch', 'ReceiveMessage', 'DeleteMessage', 'DeleteMessageBatch'],
      ...['ChangeMessageVisibility', 'ChangeMessageVisibilityBatch', 'PurgeQueue', 'ListQueues'],
      ...['GetQueueUrl', 'GetQueueAttributes', 'ListDeadLetterSourceQueues'],
    ],
    internal: COMMON.internal,
    throttle: refusal('RequestThrottled', 403, 'Request is throttled.'),
  },
  sns: {
    operations: [
      ...['Publish', 'PublishBatch', 'ListTopics', 'GetTopicAttributes', 'ListSubscriptions'],
      ...['ListSubscriptionsByTopic', 'GetSubscriptionAttributes'],
    ],
    internal: refusal('InternalError', 500, 'Internal error'),
    throttle: refusal('Throttled', 429, 'Rate exceeded'),
  },
  s3: {
    operations: [
      ...['ListBuckets', 'HeadBucket', 'ListObjects', 'ListObjectsV2', 'GetObject', 'HeadObject'],
      ...['GetObjectAttributes', 'PutObject', 'CopyObject', 'DeleteObject', 'DeleteObjects'],
      ...['CreateMultipartUpload', 'UploadPart', 'UploadPartCopy', 'CompleteMultipartUpload'],
      'AbortMultipartUpload',
    ],
    internal: refusal('InternalError', 500, 'We encountered an internal error. Please try again.'),
    throttle: refusal('SlowDown', 503, 'Please reduce your request rate.'),
  },
  events: {
    operations: [
      ...['PutEvents', 'TestEventPattern', 'ListEventBuses', 'DescribeEventBus', 'ListRules'],
      ...['DescribeRule', 'EnableRule', 'DisableRule', 'ListRuleNamesByTarget', 'ListTargetsByRule'],
      ...['DescribeArchive', 'ListArchives', 'StartReplay', 'DescribeReplay', 'ListReplays'],
      'CancelReplay',
    ],
    internal: refusal('InternalException', 500, 'This exception occurs due to unexpected causes.'),
    throttle: COMMON.throttle,
  },
  states: {
    operations: [
      ...['StartExecution', 'StopExecution', 'RedriveExecution', 'DescribeExecution', 'ListExecutions'],
      ...['GetExecutionHistory', 'ListStateMachines', 'DescribeStateMachine'],
    ],
    internal: COMMON.internal,
    throttle: COMMON.throttle,
  },
  ses: {
    operations: ['SendEmail'],
    internal: refusal('InternalServiceErrorException', 500, 'Internal service error'),
    throttle: refusal('TooManyRequestsException', 429, 'Too many requests'),
  },
  sts: {
    operations: ['GetCallerIdentity'],
    internal: COMMON.internal,
    throttle: refusal('Throttling', 400, 'Rate exceeded'),
  },
  es: {
    operations: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    internal: refusal('illegal_state_exception', 500, 'Internal error'),
    /** The service in front of the domain says it, in plain text and with the path: see shapes.ts. */
    throttle: refusal('TooManyRequests', 429, '429 Too Many Requests'),
  },
  lambda: {
    operations: ['Invoke'],
    internal: refusal('ServiceException', 500, 'The Lambda service encountered an internal error.'),
    throttle: refusal('TooManyRequestsException', 429, 'Rate Exceeded.'),
  },
  targets: {
    operations: ['SendMessage', 'Publish', 'Invoke', 'StartExecution'],
    internal: refusal('InternalError', 500, 'The target failed.'),
    throttle: COMMON.throttle,
  },
} as const satisfies Readonly<Record<string, ServiceFaults>>;

export type FaultService = keyof typeof SERVICES;

function refusal(code: string, status: number, message: string): Refusal {
  return { code, status, message };
}
