import * as z from 'zod';
import { arn } from '../../stack/arns.ts';
import { each, jsonOf, type NeedsOf, type NeedsPlace } from './needs.ts';

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

const ofQueue = z.object({ QueueUrl: z.string().optional(), QueueName: z.string().optional() });

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
export const sqsNeeds: NeedsOf = (request, place) => {
  const { operation } = request;
  if (operation === 'ListQueues') return [{ action: 'sqs:ListQueues', resource: '*' }];
  const action = QUEUE_ACTIONS[operation];
  if (action === undefined) return undefined;
  const { data } = ofQueue.safeParse(jsonOf(request));
  const queue = operation === 'GetQueueUrl' ? data?.QueueName : data?.QueueUrl?.split('/').at(-1);
  return queue === undefined ? [] : [{ action: `sqs:${action}`, resource: arn('sqs', queue, place) }];
};

/**
 * A text message's resource is the phone number, which no ARN matches.
 *
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
 */
export const snsNeeds: NeedsOf = ({ operation, body }) => {
  const form = new URLSearchParams(body.toString());
  const named = ['TopicArn', 'TargetArn', 'PhoneNumber'].flatMap((name) => form.get(name) ?? []);
  const [topic = '*'] = named;
  switch (operation) {
    case 'Publish':
    case 'PublishBatch':
      return each('sns:Publish', named);
    case 'GetTopicAttributes':
    case 'ListSubscriptionsByTopic':
      return [{ action: `sns:${operation}`, resource: topic }];
    case 'GetSubscriptionAttributes': {
      const subscription = form.get('SubscriptionArn') ?? '*';
      return [{ action: `sns:${operation}`, resource: subscription.split(':').slice(0, 6).join(':') }];
    }
    case 'ListTopics':
    case 'ListSubscriptions':
      return [{ action: `sns:${operation}`, resource: '*' }];
    default:
      return undefined;
  }
};

const putEvents = z.object({ Entries: z.array(z.object({ EventBusName: z.string().optional() })) });
const ofRule = z.object({
  Name: z.string().optional(),
  Rule: z.string().optional(),
  EventBusName: z.string().optional(),
});

/** Operations of EventBridge on one rule. */
const OF_RULE: ReadonlySet<string> = new Set([
  'DescribeRule',
  'EnableRule',
  'DisableRule',
  'ListTargetsByRule',
]);

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
    const { data } = putEvents.safeParse(jsonOf(request));
    return each(
      action,
      (data?.Entries ?? []).map(({ EventBusName }) => busArn(EventBusName, place)),
    );
  }
  const { data } = ofRule.safeParse(jsonOf(request));
  if (operation === 'DescribeEventBus') return [{ action, resource: busArn(data?.Name, place) }];
  if (!OF_RULE.has(operation)) return undefined;
  const bus = data?.EventBusName?.split('/').at(-1) ?? 'default';
  const name = operation === 'ListTargetsByRule' ? data?.Rule : data?.Name;
  const rule = bus === 'default' ? name : `${bus}/${name}`;
  return [{ action, resource: arn('events', `rule/${rule}`, place) }];
};

/** @param bus name or ARN. */
function busArn(bus: string | undefined, place: NeedsPlace): string {
  return bus?.startsWith('arn:') ? bus : arn('events', `event-bus/${bus ?? 'default'}`, place);
}
