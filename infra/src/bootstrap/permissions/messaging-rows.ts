import { type Access, type Place, type Rows, TAGGING, arn, of } from './access.ts';

const queue = (place: Place): readonly Access[] => [
  {
    resources: [arn(place, 'sqs', `${place.prefix}-*`)],
    read: of('sqs', 'GetQueueAttributes', 'GetQueueUrl', 'ListQueueTags'),
    write: of('sqs', 'CreateQueue', 'SetQueueAttributes', 'DeleteQueue', 'TagQueue', 'UntagQueue'),
  },
];

const topic = (place: Place): readonly Access[] => [
  {
    resources: [arn(place, 'sns', `${place.prefix}-*`)],
    read: of('sns', 'GetTopicAttributes', 'ListTagsForResource'),
    write: of('sns', 'CreateTopic', 'SetTopicAttributes', 'DeleteTopic', ...TAGGING),
  },
];

/** Rules stand on the default bus or on one of the environment. */
const rule = (place: Place): readonly Access[] => [
  {
    resources: [
      arn(place, 'events', `rule/${place.prefix}-*`),
      arn(place, 'events', `rule/${place.prefix}*/${place.prefix}-*`),
    ],
    read: of('events', 'DescribeRule', 'ListTargetsByRule', 'ListTagsForResource'),
    write: of(
      'events',
      ...['PutRule', 'DeleteRule', 'EnableRule', 'DisableRule', 'PutTargets', 'RemoveTargets', ...TAGGING],
    ),
  },
];

const configurationSet = (place: Place): readonly Access[] => [
  {
    resources: [arn(place, 'ses', `configuration-set/${place.prefix}*`)],
    read: of('ses', 'GetConfigurationSet', 'GetConfigurationSetEventDestinations', 'ListTagsForResource'),
    write: of(
      'ses',
      ...['CreateConfigurationSet', 'DeleteConfigurationSet', 'PutConfigurationSet*', ...TAGGING],
      ...['CreateConfigurationSetEventDestination', 'UpdateConfigurationSetEventDestination'],
      'DeleteConfigurationSetEventDestination',
    ),
  },
];

/** Queues, topics, the bus with its rules, and mail. */
export const MESSAGING_ROWS: Rows = {
  aws_sqs_queue: queue,
  aws_sqs_queue_policy: queue,
  aws_sns_topic: topic,
  aws_sns_topic_policy: topic,
  aws_sns_topic_subscription: (place) => [
    {
      resources: [arn(place, 'sns', `${place.prefix}-*`)],
      read: of('sns', 'ListSubscriptionsByTopic'),
      write: of('sns', 'Subscribe'),
    },
    // SNS knows no resources for subscriptions: on a topic's ARN these would give nothing.
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
    {
      resources: ['*'],
      read: of('sns', 'GetSubscriptionAttributes'),
      write: of('sns', 'SetSubscriptionAttributes', 'Unsubscribe'),
    },
  ],
  aws_cloudwatch_event_bus: (place) => [
    {
      resources: [arn(place, 'events', `event-bus/${place.prefix}*`)],
      read: of('events', 'DescribeEventBus', 'ListTagsForResource'),
      write: of('events', 'CreateEventBus', 'UpdateEventBus', 'DeleteEventBus', ...TAGGING),
    },
  ],
  aws_cloudwatch_event_archive: (place) => [
    {
      resources: [
        arn(place, 'events', `archive/${place.prefix}*`),
        arn(place, 'events', `event-bus/${place.prefix}*`),
      ],
      read: of('events', 'DescribeArchive'),
      write: of('events', 'CreateArchive', 'UpdateArchive', 'DeleteArchive'),
    },
  ],
  aws_cloudwatch_event_rule: rule,
  aws_cloudwatch_event_target: rule,
  // An identity is called after its address or domain, not after the environment.
  aws_sesv2_email_identity: (place) => [
    {
      resources: [arn(place, 'ses', 'identity/*')],
      read: of('ses', 'GetEmailIdentity', 'ListTagsForResource'),
      write: of('ses', 'CreateEmailIdentity', 'DeleteEmailIdentity', 'PutEmailIdentity*', ...TAGGING),
    },
  ],
  aws_sesv2_configuration_set: configurationSet,
  aws_sesv2_configuration_set_event_destination: configurationSet,
};
