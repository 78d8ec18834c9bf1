import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { Construct } from 'constructs';
import { namesOf, NOTICE_SECONDS, type QueueNames } from '../pipeline/dead-letters.ts';
import { AppFunction, type AppFunctionProps } from '../functions/functions.ts';
import { allow, policyDocument } from '../functions/role.ts';

/** What a rule looks for, in the fields of an event's envelope and its detail. */
export interface EventPattern {
  readonly source: readonly string[];
  readonly 'detail-type': readonly string[];
  readonly detail?: object;
}

/** Events that a consumer is brought. */
export interface Subscription {
  /** Ends the rule's name where a consumer has several. */
  readonly suffix?: string;
  readonly busName: string;
  readonly pattern: EventPattern;
}

export interface ConsumerProps extends AppFunctionProps {
  readonly accountId: string;
  readonly subscriptions: readonly Subscription[];
  /** Events at once, and the seconds to wait for as many; only a queue brings more than one. */
  readonly batchSize: number;
  readonly batchWindow: number;
}

/** Tries before an event becomes a dead letter: SQS's own count of deliveries, also those that were throttled. */
const MOST_DELIVERIES = 5;
/** AWS's own recommendation for a queue's visibility timeout: so many function timeouts, and the batching window. */
const VISIBLE_AGAIN_AFTER = 6;
const DAY_SECONDS = 24 * 60 * 60;

/**
 * Something that reacts to events: its function with a role of its own, its rules, and one dead-letter queue for all
 * that can't be delivered or handled. The function sees the same events however they are delivered:
 *
 * - `queued`: rule → queue → function in batches; a failed event comes again alone.
 * - `direct`: rule → function, one event at a time; Lambda repeats a failed one twice within some minutes.
 */
export class Consumer extends Construct {
  readonly app: string;
  readonly functionName: string;
  /** ARN of the function's alias. */
  readonly functionArn: string;
  /** What is given to Lambda's Invoke. */
  readonly invokeName: string;
  /** The queue of what it could not handle. */
  readonly deadLetters: QueueNames;
  readonly #props: ConsumerProps;
  readonly #name: string;
  readonly #deadLetters: SqsQueue;

  constructor(scope: Construct, props: ConsumerProps) {
    super(scope, props.app);
    this.#props = props;
    this.app = props.app;
    this.#name = `${props.config.prefix}-${props.app}`;
    this.#deadLetters = new SqsQueue(this, 'dead-letters', {
      name: `${this.#name}-dead-letters`,
      messageRetentionSeconds: NOTICE_SECONDS,
      sqsManagedSseEnabled: true,
    });
    const rules = props.subscriptions.map((subscription) => this.#rule(subscription));
    this.#letRulesSend('dead-letters-policy', this.#deadLetters, rules);
    this.deadLetters = namesOf(this.#deadLetters);
    const lambda = props.config.delivery === 'queued' ? this.#queued(rules) : this.#direct(rules);
    this.functionName = lambda.name;
    this.functionArn = lambda.arn;
    this.invokeName = lambda.invokeName;
  }

  #queued(rules: readonly CloudwatchEventRule[]): AppFunction {
    const { batchSize, batchWindow, timeoutSeconds, statements } = this.#props;
    const queue = new SqsQueue(this, 'queue', {
      name: this.#name,
      visibilityTimeoutSeconds: VISIBLE_AGAIN_AFTER * timeoutSeconds + batchWindow,
      redrivePolicy: JSON.stringify({
        deadLetterTargetArn: this.#deadLetters.arn,
        maxReceiveCount: MOST_DELIVERIES,
      }),
      sqsManagedSseEnabled: true,
    });
    this.#letRulesSend('queue-policy', queue, rules);
    const readQueue = allow(
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      [queue.arn],
    );
    const lambda = new AppFunction(this, { ...this.#props, statements: [...statements, readQueue] });
    new LambdaEventSourceMapping(this, 'mapping', {
      functionName: lambda.arn,
      eventSourceArn: queue.arn,
      batchSize,
      maximumBatchingWindowInSeconds: batchWindow,
      functionResponseTypes: ['ReportBatchItemFailures'],
    });
    for (const rule of rules) this.#target(rule, queue.arn);
    return lambda;
  }

  #direct(rules: readonly CloudwatchEventRule[]): AppFunction {
    const giveUp = allow(['sqs:SendMessage'], [this.#deadLetters.arn]);
    const lambda = new AppFunction(this, {
      ...this.#props,
      statements: [...this.#props.statements, giveUp],
    });
    new LambdaFunctionEventInvokeConfig(this, 'retries', {
      functionName: lambda.name,
      qualifier: lambda.alias,
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 6 * 60 * 60,
      destinationConfig: { onFailure: { destination: this.#deadLetters.arn } },
    });
    for (const rule of rules) {
      new LambdaPermission(this, `${rule.node.id}-permission`, {
        functionName: lambda.name,
        qualifier: lambda.alias,
        action: 'lambda:InvokeFunction',
        principal: 'events.amazonaws.com',
        sourceArn: rule.arn,
      });
      this.#target(rule, lambda.arn);
    }
    return lambda;
  }

  #rule({ suffix, busName, pattern }: Subscription): CloudwatchEventRule {
    return new CloudwatchEventRule(this, suffix ?? 'events', {
      name: suffix === undefined ? this.#name : `${this.#name}-${suffix}`,
      eventBusName: busName,
      eventPattern: JSON.stringify(pattern),
    });
  }

  /** An event that can't be brought to its target for a day is a dead letter, too. */
  #target(rule: CloudwatchEventRule, arn: string): void {
    new CloudwatchEventTarget(this, `${rule.node.id}-target`, {
      rule: rule.name,
      eventBusName: rule.eventBusName,
      targetId: this.#props.app,
      arn,
      retryPolicy: { maximumEventAgeInSeconds: DAY_SECONDS, maximumRetryAttempts: 185 },
      deadLetterConfig: { arn: this.#deadLetters.arn },
    });
  }

  #letRulesSend(id: string, queue: SqsQueue, rules: readonly CloudwatchEventRule[]): void {
    new SqsQueuePolicy(this, id, {
      queueUrl: queue.url,
      policy: policyDocument([
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: ['sqs:SendMessage'],
          Resource: [queue.arn],
          Condition: {
            StringEquals: { 'aws:SourceAccount': this.#props.accountId },
            ArnEquals: { 'aws:SourceArn': rules.map(({ arn }) => arn) },
          },
        },
      ]),
    });
  }
}
