import * as z from 'zod';
import { args, flag, inert, jsonText, text } from '../arguments.ts';
import { arn, shortId } from '../arns.ts';
import type { Draft } from '../draft.ts';
import type { MailSubscription, Subscription } from '../model.ts';
import { resourceType } from '../resource-type.ts';
import { requireArn } from '../require.ts';

const topic = resourceType({
  type: 'aws_sns_topic',
  schema: args({
    name: text,
    display_name: inert('it is for people'),
    kms_master_key_id: inert('topics are not encrypted here'),
    policy: jsonText.optional(),
  }),
  attributes({ name }, place) {
    const topicArn = arn('sns', name, place);
    return { id: topicArn, arn: topicArn, owner: place.accountId };
  },
  contribute({ address, args, attributes }, draft) {
    draft.topics.push({ name: args.name, arn: attributes.arn });
    if (args.policy === undefined) return;
    draft.resourcePolicies.push({ address, resourceArn: attributes.arn, document: args.policy });
  },
});

const subscription = resourceType({
  type: 'aws_sns_topic_subscription',
  schema: args({
    topic_arn: text,
    protocol: z.enum(['sqs', 'email'], { error: 'must be sqs or email: nothing else is subscribed here' }),
    endpoint: text,
    raw_message_delivery: flag.default(false),
  }),
  attributes({ topic_arn }, _place, address) {
    const subscriptionArn = `${topic_arn}:${shortId(address)}`;
    return { id: subscriptionArn, arn: subscriptionArn };
  },
  contribute({ address, args, attributes }, draft) {
    const shared = { address, arn: attributes.arn, topicArn: args.topic_arn };
    if (args.protocol === 'email') draft.mailSubscriptions.push({ ...shared, recipient: args.endpoint });
    else draft.subscriptions.push({ ...shared, queueArn: args.endpoint, raw: args.raw_message_delivery });
  },
});

const policy = resourceType({
  type: 'aws_sns_topic_policy',
  schema: args({ arn: text, policy: jsonText }),
  attributes: (args) => ({ id: args.arn }),
  contribute: ({ address, args }, draft) =>
    draft.resourcePolicies.push({ address, resourceArn: args.arn, document: args.policy }),
});

export const topicTypes = [topic, subscription, policy];

export function linkSubscriptions(draft: Draft, problems: string[]): readonly Subscription[] {
  return draft.subscriptions.map(({ address, ...subscription }) => {
    const { topicArn, queueArn } = subscription;
    requireArn(draft, ['topics'], { address, argument: 'topic_arn', arn: topicArn }, problems);
    requireArn(draft, ['queues'], { address, argument: 'endpoint', arn: queueArn }, problems);
    return subscription;
  });
}

export function linkMailSubscriptions(draft: Draft, problems: string[]): readonly MailSubscription[] {
  return draft.mailSubscriptions.map(({ address, ...subscription }) => {
    const mention = { address, argument: 'topic_arn', arn: subscription.topicArn };
    requireArn(draft, ['topics'], mention, problems);
    return subscription;
  });
}
