import { serviceOf } from '../bus/outlets.ts';
import type { DeliveringRule } from '../bus/target.ts';
import { arn } from '../stack/arns.ts';
import type { FunctionConfig, Mapping, RuleTarget, Stack, StateMachine } from '../stack/model.ts';
import { StackError } from '../stack/problems.ts';
import type { Need } from './decision.ts';
import type { Actor, Iam } from './iam.ts';
import { dutiesIn } from './duties.ts';
import { functionArn } from './needs/compute.ts';

type ActingStack = Pick<
  Stack,
  'name' | 'region' | 'accountId' | 'functions' | 'stateMachines' | 'budgets' | 'resourcePolicies'
>;

/** What Lambda does to read a stream, and a queue, for a mapping. */
const STREAM_ACTIONS = ['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListStreams'];
const QUEUE_ACTIONS = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

/**
 * What services do by themselves, asked of the policies: with the role that they were given, or for themselves by the
 * policy of the resource that they act on. Each actor is made once, so that its answers are remembered.
 */
export class ActingServices {
  readonly #iam: Iam;
  readonly #stack: ActingStack;
  readonly #actors = new Map<string, Actor>();

  constructor(iam: Iam, stack: ActingStack) {
    this.#iam = iam;
    this.#stack = stack;
  }

  /**
   * Asks for all that services do for the stack unseen. What is only lost without it is noted as refused.
   *
   * @throws StackError for what AWS would refuse to create.
   */
  checkDuties(): void {
    const problems: string[] = [];
    for (const { name, as, needs, isRequired } of dutiesIn(this.#stack)) {
      const actor =
        'roleArn' in as
          ? this.#role(name, as.roleArn, as.session)
          : this.#service(name, as.service, as.sourceArn);
      for (const need of needs) {
        const problem = this.#iam.problemOf('', actor, [need]);
        if (problem !== undefined && isRequired) problems.push(`${name}: ${problem}`);
      }
    }
    if (problems.length > 0) throw new StackError(this.#stack.name, problems);
  }

  /** @throws AwsError when a state machine's role may not invoke the function. */
  requireTask({ name, roleArn }: StateMachine, functionReference: string): void {
    const actor = this.#role(`state machine ${name}`, roleArn, name);
    this.#iam.require('lambda', actor, [invocation(functionReference, this.#stack)]);
  }

  /**
   * Why a mapping can't read its source; undefined when it can.
   *
   * Sources: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html and
   * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   */
  mappingProblem({ functionName, sourceArn: resource }: Mapping): string | undefined {
    const isQueue = serviceOf(resource) === 'sqs';
    const actor = this.#lambdaFor(functionName);
    const actions = isQueue
      ? QUEUE_ACTIONS.map((action) => `sqs:${action}`)
      : STREAM_ACTIONS.map((action) => `dynamodb:${action}`);
    const problem = this.#iam.problemOf(
      isQueue ? 'sqs' : 'dynamodbstreams',
      actor,
      actions.map((action) => ({ action, resource })),
    );
    return problem === undefined ? undefined : `Access denied. ${problem}`;
  }

  /** @param key of the object, where it is a bucket. @throws AwsError when a function's role may not write to a destination. */
  requireDestination(functionName: string, destinationArn: string, key: string): void {
    const actor = this.#lambdaFor(functionName);
    this.#iam.require(serviceOf(destinationArn), actor, deliveryTo(destinationArn, key));
  }

  /**
   * Rules act with the role of the target, else for themselves by the policy of the target.
   *
   * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
   *
   * @throws AwsError when it may not.
   */
  requireTarget(rule: DeliveringRule, { arn: target, roleArn }: Pick<RuleTarget, 'arn' | 'roleArn'>): void {
    const name = `rule ${rule.name}`;
    const actor =
      roleArn === undefined
        ? this.#service(name, 'events.amazonaws.com', rule.arn)
        : this.#role(`${name} as ${roleArn}`, roleArn, rule.name);
    this.#iam.require(serviceOf(target), actor, deliveryTo(target));
  }

  /** Whether a bucket may tell a queue of its objects, or a topic send to one: by the queue's policy. */
  mayNotify(sourceArn: string, queueArn: string): boolean {
    const actor = this.#service(sourceArn, `${serviceOf(sourceArn)}.amazonaws.com`, sourceArn);
    return this.#iam.problemOf('sqs', actor, deliveryTo(queueArn)) === undefined;
  }

  /**
   * Whether CloudWatch may tell a topic of an alarm: by the topic's policy. That of a topic without one of its own lets
   * everything of the account do so.
   *
   * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
   */
  mayTell(alarm: { readonly name: string; readonly arn: string }, topicArn: string): boolean {
    if (!this.#stack.resourcePolicies.some(({ resourceArn }) => resourceArn === topicArn)) return true;
    const actor = this.#service(`alarm ${alarm.name}`, 'cloudwatch.amazonaws.com', alarm.arn);
    return this.#iam.problemOf('sns', actor, deliveryTo(topicArn)) === undefined;
  }

  /**
   * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
   *
   * @param routeKey `GET /orders/{orderId}`, or `$default`. @throws AwsError when an API may not invoke the function.
   */
  requireRoute(apiId: string, routeKey: string, functionName: string): void {
    const [method = '', path = ''] = routeKey.split(' ');
    const route = path === '' ? `*/${method}` : `${method === 'ANY' ? '*' : method}${path}`;
    const source = arn('execute-api', `${apiId}/$default/${route}`, this.#stack);
    const actor = this.#service(`route ${routeKey}`, 'apigateway.amazonaws.com', source);
    this.#iam.require('lambda', actor, [invocation(functionName, this.#stack)]);
  }

  /** What Lambda does with a function's role is not done by the function's code. */
  #lambdaFor(functionName: string): Actor {
    const lambda = this.#function(functionName);
    return this.#role(`Lambda for ${functionName}`, lambda.roleArn, functionName);
  }

  #function(name: string): FunctionConfig {
    const found = this.#stack.functions.find((lambda) => lambda.name === name);
    if (!found) throw new Error(`Function ${name} is not in this stack.`);
    return found;
  }

  #role(name: string, roleArn: string, session: string): Actor {
    return this.#actor({
      name,
      principal: { kind: 'role', roleArn, session },
      context: { 'aws:SecureTransport': 'true' },
    });
  }

  #service(name: string, service: string, sourceArn: string): Actor {
    const { accountId } = this.#stack;
    return this.#actor({
      name: `${name} (${service})`,
      principal: { kind: 'service', service },
      context: {
        'aws:SourceArn': sourceArn,
        'aws:SourceAccount': accountId,
        'aws:SecureTransport': 'true',
      },
    });
  }

  #actor(actor: Actor): Actor {
    const key = `${actor.name} ${actor.context['aws:SourceArn'] ?? ''}`;
    const known = this.#actors.get(key);
    if (known) return known;
    this.#actors.set(key, actor);
    return actor;
  }
}

function invocation(reference: string, place: Pick<Stack, 'region' | 'accountId'>): Need {
  return { action: 'lambda:InvokeFunction', resource: functionArn(reference, place) };
}

/** What handing something over to a resource needs. To a bucket also that it may be listed, as Lambda asks for. */
function deliveryTo(resource: string, key = ''): Need[] {
  switch (serviceOf(resource)) {
    case 'sqs':
      return [{ action: 'sqs:SendMessage', resource }];
    case 'sns':
      return [{ action: 'sns:Publish', resource }];
    case 'lambda':
      return [{ action: 'lambda:InvokeFunction', resource }];
    case 'states':
      return [{ action: 'states:StartExecution', resource }];
    case 'events':
      return [{ action: 'events:PutEvents', resource }];
    default:
      return [
        { action: 's3:PutObject', resource: `${resource}/${key}` },
        { action: 's3:ListBucket', resource },
      ];
  }
}
