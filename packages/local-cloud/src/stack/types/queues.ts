import { args, flag, inert, jsonText, text, whole } from '../arguments.ts';
import { arn } from '../arns.ts';
import type { Draft } from '../draft.ts';
import type { Queue } from '../model.ts';
import { resourceType } from '../resource-type.ts';

const ENCRYPTION = 'queues are not encrypted here';

const queue = resourceType({
  type: 'aws_sqs_queue',
  schema: args({
    name: text,
    visibility_timeout_seconds: whole(0, 43_200).optional(),
    message_retention_seconds: whole(60, 1_209_600).optional(),
    delay_seconds: whole(0, 900).optional(),
    max_message_size: whole(1024, 1_048_576).optional(),
    receive_wait_time_seconds: whole(0, 20).optional(),
    redrive_policy: jsonText.optional(),
    redrive_allow_policy: jsonText.optional(),
    policy: jsonText.optional(),
    fifo_queue: flag.default(false),
    content_based_deduplication: flag.default(false),
    kms_master_key_id: inert(ENCRYPTION),
    kms_data_key_reuse_period_seconds: inert(ENCRYPTION),
    sqs_managed_sse_enabled: inert(ENCRYPTION),
  }).refine(({ name, fifo_queue }) => name.endsWith('.fifo') === fifo_queue, {
    path: ['name'],
    error: 'must end with .fifo exactly when "fifo_queue" is true',
  }),
  attributes({ name }, place) {
    const url = place.queueUrl(name);
    return { id: url, url, arn: arn('sqs', name, place) };
  },
  contribute({ args, attributes: { arn, url } }, draft) {
    const attributes = Object.entries({
      VisibilityTimeout: args.visibility_timeout_seconds,
      MessageRetentionPeriod: args.message_retention_seconds,
      DelaySeconds: args.delay_seconds,
      MaximumMessageSize: args.max_message_size,
      ReceiveMessageWaitTimeSeconds: args.receive_wait_time_seconds,
      RedrivePolicy: args.redrive_policy,
      RedriveAllowPolicy: args.redrive_allow_policy,
      Policy: args.policy,
      FifoQueue: args.fifo_queue || undefined,
      ContentBasedDeduplication: args.content_based_deduplication || undefined,
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
    draft.queues.push({ name: args.name, arn, url, attributes: Object.fromEntries(attributes) });
  },
});

const policy = resourceType({
  type: 'aws_sqs_queue_policy',
  schema: args({ queue_url: text, policy: jsonText }),
  attributes: ({ queue_url }) => ({ id: queue_url }),
  contribute: ({ address, args }, draft) =>
    draft.queueAttributes.push({ address, queueUrl: args.queue_url, name: 'Policy', value: args.policy }),
});

const redrivePolicy = resourceType({
  type: 'aws_sqs_queue_redrive_policy',
  schema: args({ queue_url: text, redrive_policy: jsonText }),
  attributes: ({ queue_url }) => ({ id: queue_url }),
  contribute: ({ address, args }, draft) =>
    draft.queueAttributes.push({
      address,
      queueUrl: args.queue_url,
      name: 'RedrivePolicy',
      value: args.redrive_policy,
    }),
});

export const queueTypes = [queue, policy, redrivePolicy];

/** Queues with the attributes that are resources of their own. */
export function linkQueues(draft: Draft, problems: string[]): readonly Queue[] {
  const queues = new Map(draft.queues.map((queue) => [queue.url, queue]));
  for (const { address, queueUrl, name, value } of draft.queueAttributes) {
    const queue = queues.get(queueUrl);
    if (!queue) problems.push(`${address}: queue "${queueUrl}" is not in this stack`);
    else if (name in queue.attributes)
      problems.push(`${address}: the queue has a ${name} already. Keep one of them`);
    else queues.set(queueUrl, { ...queue, attributes: { ...queue.attributes, [name]: value } });
  }
  return [...queues.values()];
}
