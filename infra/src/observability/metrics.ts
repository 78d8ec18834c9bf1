/** A metric of CloudWatch, and what is taken of its values in a period. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  /** Without any, Lambda's metrics are those of the whole account in the region. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Maximum' | 'Sum' | 'p50' | 'p99';
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export const functionMetric = (
  name: 'Errors' | 'Invocations' | 'Throttles' | 'IteratorAge',
  functionName: string,
): Metric => ({
  namespace: 'AWS/Lambda',
  name,
  dimensions: { FunctionName: functionName },
  statistic: name === 'IteratorAge' ? 'Maximum' : 'Sum',
});

/** Invocations that the account's concurrency did not let through, of all functions. */
export const ACCOUNT_THROTTLES: Metric = {
  namespace: 'AWS/Lambda',
  name: 'Throttles',
  dimensions: {},
  statistic: 'Sum',
};

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
export const waitingMessages = (queueName: string): Metric => ({
  namespace: 'AWS/SQS',
  name: 'ApproximateNumberOfMessagesVisible',
  dimensions: { QueueName: queueName },
  statistic: 'Maximum',
});

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html */
export const executionMetric = (
  name: 'ExecutionsFailed' | 'ExecutionsTimedOut' | 'ExecutionsAborted' | 'ExecutionTime',
  StateMachineArn: string,
  statistic: Metric['statistic'] = 'Sum',
): Metric => ({ namespace: 'AWS/States', name, dimensions: { StateMachineArn }, statistic });

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
export const apiMetric = (name: '5xx' | 'Count', ApiId: string): Metric => ({
  namespace: 'AWS/ApiGateway',
  name,
  dimensions: { ApiId },
  statistic: 'Sum',
});

/** What our own functions count, and the app that does: docs/operating says what each means. */
const OWN = {
  Sweeps: 'sweep-orders',
  OrdersReported: 'sweep-orders',
  DispatchPaused: 'sweep-orders',
  PaymentGatewayUnavailable: 'process-payment',
  PaymentRefusedByProvider: 'process-payment',
  PaymentDeclined: 'process-payment',
  DispatchLag: 'stream-dispatcher',
  RecordsQuarantined: 'stream-dispatcher',
  OrdersEnded: 'track-sales',
  Revenue: 'track-sales',
} as const;

/** The same, for whoever has only a name: the app that counts it. */
export const OWN_METRICS: Readonly<Record<string, string>> = OWN;

/** The metrics of our own functions, which stand in this namespace. */
export const ownMetrics =
  (namespace: string) =>
  (
    name: keyof typeof OWN,
    statistic: Metric['statistic'],
    dimensions: Readonly<Record<string, string>> = {},
  ): Metric => ({ namespace, name, dimensions: { service: OWN[name], ...dimensions }, statistic });
