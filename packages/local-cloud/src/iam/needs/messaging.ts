import * as z from 'zod';
import { arn } from '../../stack/arns.ts';
import { each, membersOf, type NeedsOf, type NeedsPlace, unreadable } from './needs.ts';

/** The action behind each operation on a queue; a batch needs what each of its entries would. */
const QUEUE_ACTIONS: Readonly<Record<string, string>> = {
  SendMessage: 'SendMessage',
  SendMessageBatch: 'SendMessage',
  ReceiveMessage: 'ReceiveMessage',
  DeleteMessage: 'DeleteMessage',
  DeleteMessageBatch: 'DeleteMessage',
  ChangeMessageVisibility: 'ChangeMessageVisibility',
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
  PurgeQueue: 'PurgeQueue',
  GetQueueUrl: 'GetQueueUrl',
  GetQueueAttributes: 'GetQueueAttributes',
  ListDeadLetterSourceQueues: 'ListDeadLetterSourceQueues',
};

const ofUrl = z.object({ QueueUrl: z.string() });
const ofName = z.object({ QueueName: z.string() });

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
export const sqsNeeds: NeedsOf = (request, place) => {
  const { operation } = request;
  if (operation === 'ListQueues') return [{ action: 'sqs:ListQueues', resource: '*' }];
  const action = QUEUE_ACTIONS[operation];
  if (action === undefined) return undefined;
  const queue =
    operation === 'GetQueueUrl'
      ? membersOf(ofName, request).QueueName
      : membersOf(ofUrl, request)
          .QueueUrl.split('/')
          .findLast((part) => part !== '');
  if (!queue) throw unreadable(request, 'The request names no queue');
  return [{ action: `sqs:${action}`, resource: arn('sqs', queue, place) }];
};

/**
 * A text message's resource is the phone number, which no ARN matches.
 *
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
 */
export const snsNeeds: NeedsOf = ({ operation, body }) => {
  const form = new URLSearchParams(body.toString());
  const named = ['TopicArn', 'TargetArn', 'PhoneNumber'].flatMap((name) => form.getAll(name));
  switch (operation) {
    case 'Publish':
    case 'PublishBatch':
      return each('sns:Publish', named);
    case 'GetTopicAttributes':
    case 'ListSubscriptionsByTopic':
      return each(`sns:${operation}`, named);
    case 'GetSubscriptionAttributes':
      return each(
        `sns:${operation}`,
        form.getAll('SubscriptionArn').map((one) => one.split(':').slice(0, 6).join(':')),
      );
    case 'ListTopics':
    case 'ListSubscriptions':
      return [{ action: `sns:${operation}`, resource: '*' }];
    default:
      return undefined;
  }
};

const putEvents = z.object({ Entries: z.array(z.object({ EventBusName: z.string().nullish() })) });
const ofBus = z.object({ Name: z.string().nullish() });
const ofRule = z.object({ Name: z.string(), EventBusName: z.string().nullish() });
const ofTargets = z.object({ Rule: z.string(), EventBusName: z.string().nullish() });

/** Operations of EventBridge on one rule. */
const OF_RULE: ReadonlySet<string> = new Set(['DescribeRule', 'EnableRule', 'DisableRule']);

/** Operations of EventBridge that know no resources, or look at all. */
const OF_ALL_EVENTS: ReadonlySet<string> = new Set([
  ...[
    'TestEventPattern',
    'ListEventBuses',
    'ListRules',
    'ListRuleNamesByTarget',
    'ListArchives',
    'ListReplays',
  ],
]);

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html */
export const eventsNeeds: NeedsOf = (request, place) => {
  const { operation } = request;
  const action = `events:${operation}`;
  if (OF_ALL_EVENTS.has(operation)) return [{ action, resource: '*' }];
  if (operation === 'PutEvents') {
    return each(
      action,
      membersOf(putEvents, request).Entries.map(({ EventBusName }) => busArn(EventBusName, place)),
    );
  }
  if (operation === 'DescribeEventBus') {
    return [{ action, resource: busArn(membersOf(ofBus, request).Name, place) }];
  }
  if (operation === 'ListTargetsByRule') {
    const { Rule, EventBusName } = membersOf(ofTargets, request);
    return [{ action, resource: ruleArn(Rule, EventBusName, place) }];
  }
  if (!OF_RULE.has(operation)) return undefined;
  const { Name, EventBusName } = membersOf(ofRule, request);
  return [{ action, resource: ruleArn(Name, EventBusName, place) }];
};

function ruleArn(name: string, busReference: string | null | undefined, place: NeedsPlace): string {
  const bus = busReference?.split('/').at(-1) ?? 'default';
  return arn('events', `rule/${bus === 'default' ? name : `${bus}/${name}`}`, place);
}

/** @param bus name or ARN. */
function busArn(bus: string | null | undefined, place: NeedsPlace): string {
  return bus?.startsWith('arn:') ? bus : arn('events', `event-bus/${bus ?? 'default'}`, place);
}
