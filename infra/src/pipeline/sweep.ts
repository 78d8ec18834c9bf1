import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { namesOf, NOTICE_SECONDS, type QueueNames } from './dead-letters.ts';
import type { Dispatcher } from './dispatcher.ts';
import { AppFunction, type PackageOf } from '../functions/functions.ts';
import { allow, allowItems, policyDocument } from '../functions/role.ts';
import type { StateMachine } from './state-machine.ts';
import type { Tables } from '../tables/tables.ts';

export interface SweepProps {
  readonly config: Config;
  readonly packageOf: PackageOf;
  readonly accountId: string;
  readonly tables: Tables;
  readonly workflow: StateMachine;
  readonly dispatcher: Pick<Dispatcher, 'mappings'>;
}

const APP = 'sweep-orders';

/** Minutes from one sweep to the next. */
const EVERY_MINUTES = 15;

/** An order that has not changed for so long is looked after: longer than a stage, or the dispatcher, keeps trying. */
const STILL_SECONDS = 90 * 60;

/** So long may an execution run without a change of its order: longer than a task of compensation keeps trying. */
const RUNNING_SECONDS = 6 * 60 * 60;

/**
 * Looks after orders that stand still, by a schedule: sweep-orders lets their executions go on or starts new ones, and
 * reports those that a person should know of, and whether the dispatcher is brought its changes. A sweep that fails is tried twice again, and is then a dead letter.
 */
export class Sweep extends Construct {
  readonly app = APP;
  readonly functionName: string;
  readonly functionArn: string;
  readonly invokeName: string;
  /** The queue of sweeps that failed. */
  readonly deadLetters: QueueNames;

  constructor(scope: Construct, id: string, props: SweepProps) {
    super(scope, id);
    const { config, accountId, tables, workflow } = props;
    const mappings = Object.values(props.dispatcher.mappings);
    const name = `${config.prefix}-${APP}`;
    const deadLetters = new SqsQueue(this, 'dead-letters', {
      name: `${name}-dead-letters`,
      messageRetentionSeconds: NOTICE_SECONDS,
      sqsManagedSseEnabled: true,
    });
    const lambda = new AppFunction(this, {
      config,
      packageOf: props.packageOf,
      app: APP,
      timeoutSeconds: 120,
      memoryMb: 512,
      environment: {
        ORDERS_TABLE: tables.orders.name,
        SUMMARIES_TABLE: tables.summaries.name,
        WORKFLOW_ARN: workflow.arn,
        STILL_SECONDS: String(STILL_SECONDS),
        RUNNING_SECONDS: String(RUNNING_SECONDS),
        DISPATCHER_MAPPINGS: mappings.map(({ uuid }) => uuid).join(','),
        // Alarms watch what it reports, in this preset too.
        ...(config.preset === 'free-tier' && { POWERTOOLS_METRICS_DISABLED: 'false' }),
      },
      statements: [
        allow(['dynamodb:Query'], [tables.orders.indexArn('openOrders')]),
        allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [tables.orders.arn]),
        // How far it came: its one row beside the sales figures.
        allowItems(['dynamodb:GetItem', 'dynamodb:PutItem'], [tables.summaries.arn], [APP]),
        allow(['states:StartExecution', 'states:ListExecutions'], [workflow.arn]),
        allow(['states:DescribeExecution', 'states:RedriveExecution'], [workflow.executionsArn]),
        allow(
          ['lambda:GetEventSourceMapping'],
          mappings.map(({ arn }) => arn),
        ),
        allow(['sqs:SendMessage'], [deadLetters.arn]),
      ],
    });
    this.functionName = lambda.name;
    this.functionArn = lambda.arn;
    this.invokeName = lambda.invokeName;
    this.deadLetters = namesOf(deadLetters);
    new LambdaFunctionEventInvokeConfig(this, 'retries', {
      functionName: lambda.name,
      qualifier: lambda.alias,
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: EVERY_MINUTES * 60,
      destinationConfig: { onFailure: { destination: deadLetters.arn } },
    });
    const rule = new CloudwatchEventRule(this, 'schedule', {
      name,
      scheduleExpression: `rate(${EVERY_MINUTES} minutes)`,
    });
    new LambdaPermission(this, 'permission', {
      functionName: lambda.name,
      qualifier: lambda.alias,
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      sourceArn: rule.arn,
    });
    new SqsQueuePolicy(this, 'dead-letters-policy', {
      queueUrl: deadLetters.url,
      policy: policyDocument([
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: ['sqs:SendMessage'],
          Resource: [deadLetters.arn],
          Condition: {
            StringEquals: { 'aws:SourceAccount': accountId },
            ArnEquals: { 'aws:SourceArn': rule.arn },
          },
        },
      ]),
    });
    new CloudwatchEventTarget(this, 'target', {
      rule: rule.name,
      targetId: APP,
      arn: lambda.arn,
      // The next sweep is as good as this one.
      retryPolicy: { maximumEventAgeInSeconds: EVERY_MINUTES * 60, maximumRetryAttempts: 185 },
      deadLetterConfig: { arn: deadLetters.arn },
    });
  }
}
