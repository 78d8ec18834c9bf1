import type { UsageName } from './usage.ts';

/** Where a figure is from. Without one it is printed as unverified. */
export interface Source {
  readonly title: string;
  /** When it was published; for a copy without a date, when it was read. */
  readonly date: string;
}

export interface Price {
  readonly service: string;
  readonly what: string;
  readonly unit: string;
  /** US dollars for one unit. */
  readonly usd: number;
  /** Of the figure: prices differ by a tenth or so between regions. */
  readonly region: string;
  readonly source: Source | undefined;
  /** Units a month that are free for good, for every account; 0 where none are. */
  readonly free: number;
  readonly freeSource?: Source | undefined;
}

const READ = 'read 2026-11-23';
const AWS_STEP_FUNCTIONS: Source = {
  title: 'AWS Step Functions pricing (aws.amazon.com/step-functions/pricing)',
  date: READ,
};
const AWS_CLOUDWATCH: Source = {
  title: 'Amazon CloudWatch pricing (aws.amazon.com/cloudwatch/pricing)',
  date: READ,
};
const AWS_API: Source = {
  title: 'Amazon API Gateway pricing (aws.amazon.com/api-gateway/pricing)',
  date: READ,
};
const LAMBDA: Source = { title: 'AWS Lambda Pricing Breakdown (cloudchipr.com)', date: '2025' };
const DYNAMODB: Source = { title: 'Amazon DynamoDB pricing (airbyte.com)', date: '2025-07-21' };
const EVENTBRIDGE: Source = { title: 'Amazon EventBridge Pricing (factualminds.com)', date: '2026-06' };
const SQS: Source = { title: 'Amazon SQS Pricing (cloudburn.io)', date: '2026-03-14' };
const HTTP_API: Source = {
  title: 'AWS API Gateway Pricing Explained (awsforengineers.com)',
  date: '2025-05-19',
};
const METRICS: Source = { title: 'CloudWatch pricing (signoz.io)', date: '2026-02-15' };
const LOGS: Source = { title: 'Amazon CloudWatch Pricing (factualminds.com)', date: '2026-06-13' };
const SES: Source = { title: 'SES (acecloudinterviews.com/tutorials/aws/ses)', date: READ };
const SNS: Source = { title: 'Amazon SNS Pricing (factualminds.com)', date: READ };
/** AWS changes these prices often, and publishes them by country. */
const SMS: Source = {
  title:
    'AWS’s price list of SMS (TextMessageOutbound/prices.json), undated copy in tsukiy0-org/aws-sms-price on GitHub',
  date: READ,
};
const FREE_TIER: Source = { title: 'AWS Free Tier (awsglossary.org)', date: READ };

/** Where the customers of the sample have their telephones: the price is the country's. */
export const TEXT_COUNTRY = 'United Kingdom';
const EAST = 'us-east-1';
const million = 1e6;
const thousand = 1e3;
const GB = 1e9;

/** US dollars by what is used. A free amount is AWS's always-free offer; offers of the first months are not counted. */
export const PRICES: Readonly<Record<UsageName, Price>> = {
  'lambda.requests': price(
    'Lambda',
    'invocations',
    'invocation',
    0.2 / million,
    EAST,
    LAMBDA,
    million,
    LAMBDA,
  ),
  'lambda.gbSeconds': price(
    'Lambda',
    'duration (arm64)',
    'GB-second',
    0.0000133334,
    EAST,
    LAMBDA,
    400_000,
    LAMBDA,
  ),
  'states.transitions': price(
    ...(['Step Functions', 'transitions', 'transition', 0.025 / thousand, 'eu-west-1'] as const),
    ...([AWS_STEP_FUNCTIONS, 4_000, AWS_STEP_FUNCTIONS] as const),
  ),
  'states.expressRequests': price(
    'Step Functions',
    'Express executions',
    'execution',
    1 / million,
    EAST,
    undefined,
  ),
  'dynamodb.writeUnits': price(
    'DynamoDB',
    'writes, on demand',
    'write request unit',
    0.625 / million,
    EAST,
    DYNAMODB,
  ),
  'dynamodb.readUnits': price(
    'DynamoDB',
    'reads, on demand',
    'read request unit',
    0.125 / million,
    EAST,
    DYNAMODB,
  ),
  'dynamodb.writeCapacity': price(
    'DynamoDB',
    'writes, provisioned',
    'unit-hour',
    0.00065,
    EAST,
    undefined,
    25 * 730,
    FREE_TIER,
  ),
  'dynamodb.readCapacity': price(
    'DynamoDB',
    'reads, provisioned',
    'unit-hour',
    0.00013,
    EAST,
    undefined,
    25 * 730,
    FREE_TIER,
  ),
  'events.published': price('EventBridge', 'custom events', 'event', 1 / million, EAST, EVENTBRIDGE),
  'events.archivedBytes': price('EventBridge', 'archive', 'byte', 0.1 / GB, EAST, EVENTBRIDGE),
  'sqs.requests': price('SQS', 'requests', 'request', 0.4 / million, EAST, SQS, million, SQS),
  'sns.publishes': price('SNS', 'requests', 'request', 0.5 / million, EAST, SNS, million, FREE_TIER),
  'sns.textMessages': price('SNS SMS', `text messages, ${TEXT_COUNTRY}`, 'part', 0.03888, 'any', SMS),
  's3.writes': price('S3', 'PUT and LIST requests', 'request', 0.005 / thousand, EAST, undefined),
  's3.reads': price('S3', 'GET requests', 'request', 0.0004 / thousand, EAST, undefined),
  's3.storedBytes': price('S3', 'a month of what a month writes', 'byte-month', 0.023 / GB, EAST, undefined),
  'api.requests': price(
    'API Gateway',
    'HTTP API requests',
    'request',
    1 / million,
    EAST,
    HTTP_API,
    0,
    AWS_API,
  ),
  'ses.messages': price('SES', 'mail', 'message', 0.1 / thousand, EAST, SES),
  'logs.bytes': price('CloudWatch', 'logs, ingested', 'byte', 0.5 / GB, EAST, LOGS, 5 * GB, AWS_CLOUDWATCH),
  metrics: price('CloudWatch', 'custom metrics', 'metric-month', 0.3, EAST, METRICS, 10, AWS_CLOUDWATCH),
  alarms: price(
    'CloudWatch',
    'metrics under alarms',
    'alarm-month',
    0.1,
    EAST,
    undefined,
    10,
    AWS_CLOUDWATCH,
  ),
  'cache.hours': price('ElastiCache', 'cache.t4g.micro (Valkey)', 'node-hour', 0.0128, EAST, undefined),
  'search.hours': price('OpenSearch', 't3.small.search', 'instance-hour', 0.036, EAST, undefined),
  'search.gbMonths': price('OpenSearch', 'disks (gp3)', 'GB-month', 0.122, EAST, undefined),
};

/** Whether it is known where both the price and its free amount are from. */
export function isVerified({ source, free, freeSource }: Price): boolean {
  return source !== undefined && (free === 0 || freeSource !== undefined);
}

function price(
  service: string,
  what: string,
  unit: string,
  usd: number,
  region: string,
  source: Source | undefined,
  free = 0,
  freeSource?: Source,
): Price {
  return { service, what, unit, usd, region, source, free, freeSource };
}
