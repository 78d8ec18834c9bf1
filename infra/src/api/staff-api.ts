import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { AppFunction, type PackageOf } from '../functions/functions.ts';
import { HttpApi } from './http-api.ts';
import { allow, type Statement } from '../functions/role.ts';
import type { Consumer } from '../consumers/consumer.ts';
import type { Consumers } from '../consumers/consumers.ts';
import type { DeadLetters } from '../pipeline/dead-letters.ts';
import type { Dispatcher } from '../pipeline/dispatcher.ts';
import type { StateMachine } from '../pipeline/state-machine.ts';
import type { StreamReaders } from '../consumers/stream-readers.ts';
import type { Sweep } from '../pipeline/sweep.ts';
import type { Tables } from '../tables/tables.ts';

export interface StaffApiProps {
  readonly config: Config;
  readonly packageOf: PackageOf;
  readonly tables: Tables;
  readonly workflow: StateMachine;
  readonly deadLetters: DeadLetters;
  readonly dispatcher: Dispatcher;
  readonly readers: StreamReaders;
  readonly consumers: Consumers;
  readonly sweep: Sweep;
}

const ROUTES = {
  'put-product': 'PUT /products/{sku}',
  'remove-product': 'DELETE /products/{sku}',
  receive: 'POST /products/{sku}/receipts',
  orders: 'GET /orders',
  sales: 'GET /sales',
  funnel: 'GET /funnel',
  activity: 'GET /activity',
} as const;

const REDRIVE_ROUTES = {
  'dead-letters': 'GET /dead-letters',
  'dead-letter': 'GET /dead-letters/{id}',
  'edit-dead-letter': 'PUT /dead-letters/{id}',
  redrive: 'POST /dead-letters/redrive',
  discard: 'POST /dead-letters/discard',
  dispatching: 'GET /dispatching',
  'set-dispatching': 'PUT /dispatching',
} as const;

/**
 * What staff call: an HTTP API in front of ops-api, which has figures, orders and products, and of redrive-api, which may
 * do with dead letters what no figure needs. Both ask for the staff group in the token.
 */
export class StaffApi extends Construct {
  readonly apiId: string;
  readonly url: string;

  constructor(scope: Construct, id: string, props: StaffApiProps) {
    super(scope, id);
    const api = new HttpApi(this, 'http', {
      config: props.config,
      name: 'staff',
      backends: [
        { app: opsApi(this, props), routes: ROUTES },
        { app: redriveApi(this, props), routes: REDRIVE_ROUTES },
      ],
      throttle: { rate: 50, burst: 100 },
    });
    this.apiId = api.id;
    this.url = api.url;
  }
}

function opsApi(scope: Construct, { config, packageOf, tables }: StaffApiProps): AppFunction {
  const { orders, products, stock, allocations, summaries } = tables;
  return new AppFunction(scope, {
    config,
    packageOf,
    app: 'ops-api',
    // A year's figures are many pages of rows.
    timeoutSeconds: 30,
    memoryMb: 1024,
    environment: {
      ORDERS_TABLE: orders.name,
      PRODUCTS_TABLE: products.name,
      STOCK_TABLE: stock.name,
      ALLOCATIONS_TABLE: allocations.name,
      SUMMARIES_TABLE: summaries.name,
      CURRENCY: config.currency,
    },
    statements: [
      allow(['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'], [products.arn]),
      // A receipt's marker and its goods are written in one transaction, on condition that the product is there.
      allow(['dynamodb:ConditionCheckItem'], [products.arn]),
      allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [allocations.arn]),
      allow(['dynamodb:UpdateItem'], [stock.arn]),
      allow(['dynamodb:GetItem'], [orders.arn]),
      allow(
        ['dynamodb:Query'],
        ['byCustomer', 'byDay', 'openOrders'].map((index) => orders.indexArn(index)),
      ),
      allow(['dynamodb:GetItem', 'dynamodb:Query'], [summaries.arn]),
    ],
  });
}

function redriveApi(scope: Construct, props: StaffApiProps): AppFunction {
  const { config, packageOf, tables } = props;
  return new AppFunction(scope, {
    config,
    packageOf,
    app: 'redrive-api',
    // It waits while functions handle what is redriven.
    timeoutSeconds: 30,
    memoryMb: 1024,
    environment: {
      ORDERS_TABLE: tables.orders.name,
      PRODUCTS_TABLE: tables.products.name,
      STOCK_TABLE: tables.stock.name,
      ...deadLetterEnvironment(props),
    },
    // An execution whose order came to its end is no dead letter.
    statements: [allow(['dynamodb:GetItem'], [tables.orders.arn]), ...deadLetterStatements(props)],
  });
}

/** Where dead letters wait, and what they go back to. */
function deadLetterEnvironment(props: StaffApiProps): Readonly<Record<string, string>> {
  const { deadLetters, dispatcher } = props;
  return {
    ACTIVITY_TABLE: props.tables.activity.name,
    DEAD_LETTER_BUCKET: deadLetters.bucket.name,
    DEAD_LETTER_NOTICES: deadLetters.notices.url,
    WORKFLOW_ARN: props.workflow.arn,
    STREAM_READERS: json(streamReaders(props).map(({ app, invokeName }) => [app, invokeName])),
    CONSUMERS: json(
      eventConsumers(props).map(({ app, invokeName, deadLetters: { url }, delivery }) => [
        app,
        { function: invokeName, deadLetters: url, delivery },
      ]),
    ),
    DISPATCHER_MAPPINGS: json(Object.entries(dispatcher.mappings).map(([table, { uuid }]) => [table, uuid])),
  };
}

function deadLetterStatements(props: StaffApiProps): Statement[] {
  const { deadLetters, dispatcher, workflow } = props;
  const consumers = eventConsumers(props);
  const { bucket, notices } = deadLetters;
  const functions = [
    ...streamReaders(props).map(({ arn }) => arn),
    ...consumers.map(({ functionArn }) => functionArn),
  ];
  const queues = [notices.arn, ...consumers.map((consumer) => consumer.deadLetters.arn)];
  return [
    // Of the whole bucket: S3 answers 404 for what is gone, and not 403, only to who may list without a prefix.
    allow(['s3:ListBucket'], [bucket.arn]),
    allow(['s3:GetObject', 's3:DeleteObject'], [`${bucket.arn}/aws/lambda/*`, `${bucket.arn}/quarantine/*`]),
    allow(['s3:PutObject'], [`${bucket.arn}/quarantine/*`]),
    allow(
      ['sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
      queues,
    ),
    allow(['lambda:InvokeFunction'], functions),
    allow(
      ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
      Object.values(dispatcher.mappings).map(({ arn }) => arn),
    ),
    allow(['states:ListExecutions'], [workflow.arn]),
    allow(['states:DescribeExecution', 'states:RedriveExecution'], [workflow.executionsArn]),
  ];
}

/** What events are brought to; the sweep's schedule brings them without a queue in any case. */
function eventConsumers({ config, consumers, sweep }: StaffApiProps) {
  const delivered = ({ app, invokeName, functionArn, deadLetters }: Consumer | Sweep) => ({
    app,
    invokeName,
    functionArn,
    deadLetters,
  });
  return [
    ...consumers.all.map((one) => ({ ...delivered(one), delivery: config.delivery })),
    { ...delivered(sweep), delivery: 'direct' },
  ];
}

function streamReaders({ dispatcher, readers }: StaffApiProps): AppFunction[] {
  return [dispatcher.lambda, readers.archiveChanges, readers.trackActivity];
}

function json(entries: readonly (readonly [string, unknown])[]): string {
  return JSON.stringify(Object.fromEntries(entries));
}
