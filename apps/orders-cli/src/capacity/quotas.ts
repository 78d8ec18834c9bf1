import type { Source } from '../cost/prices.ts';

/** A limit as it is before anybody changes it or asks for more: a documented one of AWS's, or the stack's own. */
export interface Quota {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Without one it is printed as unverified. */
  readonly source: Source | undefined;
  /** Whether AWS raises it when asked. */
  readonly adjustable: boolean;
}

const READ = 'undated copy, read 2026-11-23';
const STEP_FUNCTIONS: Source = {
  title: 'AWS Step Functions Developer Guide, Quotas (Europe (Ireland); awsdocs on GitHub)',
  date: READ,
};
const EVENTBRIDGE: Source = {
  title: 'Amazon EventBridge User Guide, Quotas (eu-west-1; awsdocs on GitHub)',
  date: READ,
};
const API_GATEWAY: Source = { title: 'API Gateway Developer Guide, Quotas (awsdocs on GitHub)', date: READ };
const DYNAMODB: Source = { title: 'DynamoDB Developer Guide, Quotas and Warm throughput', date: READ };
const LAMBDA: Source = { title: 'AWS Lambda Developer Guide, Lambda scaling behavior', date: READ };
const LAMBDA_QUOTAS: Source = { title: 'AWS Lambda Developer Guide, Quotas (awsdocs on GitHub)', date: READ };
const LAMBDA_SQS: Source = {
  title: 'AWS Lambda Developer Guide, Scaling of SQS event source mappings',
  date: READ,
};
const LAMBDA_STREAMS: Source = {
  title: 'AWS Lambda Developer Guide, Using Lambda with DynamoDB',
  date: READ,
};
const SES: Source = { title: 'Amazon SES Developer Guide, Request production access', date: READ };
/** AWS publishes none for production. */
const SES_PRODUCTION: Source = { title: 'SES Sending Limits Cookbook (acellemail.com)', date: READ };
const SMS_SPENDING: Source = {
  title: 'Amazon SNS Developer Guide, Requesting increases to your monthly SMS spending quota',
  date: READ,
};
const SNS_QUOTAS: Source = { title: 'AWS General Reference, Amazon SNS endpoints and quotas', date: READ };
const STACK: Source = { title: 'infra/src/api/customer-api.ts', date: 'as the stack is' };
const DAY = 86_400;

export const QUOTAS = {
  startExecution: quota('StartExecution (Standard)', 300, 'starts/s', STEP_FUNCTIONS),
  startExpress: quota('StartExecution (Express)', 6_000, 'starts/s', STEP_FUNCTIONS),
  transitions: quota('StateTransition (Standard)', 1_500, 'transitions/s', STEP_FUNCTIONS),
  putEvents: quota('PutEvents', 10_000, 'calls/s', EVENTBRIDGE),
  invocations: quota('Invocations of rules', 18_750, 'deliveries/s', EVENTBRIDGE),
  api: quota('API Gateway throttle', 10_000, 'requests/s', API_GATEWAY),
  table: quota('Write units of a table', 40_000, 'units/s', DYNAMODB),
  newTable: quota('Write units of a new table', 4_000, 'units/s', DYNAMODB, false),
  partition: quota('Write units of a partition', 1_000, 'units/s', DYNAMODB, false),
  concurrency: quota('Lambda concurrency', 1_000, 'invocations at once', LAMBDA_QUOTAS),
  scaling: quota('Lambda scaling of a function', 100, 'instances more each second', LAMBDA, false),
  queueMapping: quota('Concurrency of a queue mapping', 1_250, 'batches at once', LAMBDA_SQS, false),
  parallelization: quota('ParallelizationFactor', 10, 'batches of a shard at once', LAMBDA_STREAMS, false),
  stage: quota('Throttle of the customer API', 500, 'requests/s', STACK),
  guests: quota('Throttle of POST /activity', 50, 'requests/s', STACK),
  mail: quota('SES sandbox', 1, 'messages/s', SES),
  mailDaily: quota('SES sandbox, 200 messages in 24 hours', 200 / DAY, 'messages/s', SES),
  mailProduction: quota('SES production, to begin with', 14, 'messages/s', SES_PRODUCTION),
  mailProductionDaily: quota(
    'SES production, 50,000 messages in 24 hours to begin with',
    50_000 / DAY,
    'messages/s',
    SES_PRODUCTION,
  ),
  textSpending: quota('Spending on text messages, new account', 1, 'USD a month', SMS_SPENDING),
  textRate: quota('Text messages (SNS)', 20, 'messages/s', SNS_QUOTAS),
} as const satisfies Readonly<Record<string, Quota>>;

function quota(
  name: string,
  value: number,
  unit: string,
  source: Source | undefined,
  adjustable = true,
): Quota {
  return { name, value, unit, source, adjustable };
}
