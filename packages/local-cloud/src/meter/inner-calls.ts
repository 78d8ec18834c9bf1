import type { Outlets } from '../bus/outlets.ts';
import type { InvokeResult, Invoker } from '../functions/invoker.ts';
import type { QueueSource } from '../mappings/queue-source.ts';
import { functionReference } from '../stack/arns.ts';
import { API_CHUNK, chunks, chunksOfText, MESSAGE_CHUNK } from './chunks.ts';
import type { Meter } from './meter.ts';

/** Who is named for what the bus, destinations and mappings hand on. */
const DELIVERIES = 'rules and destinations';
/** Messages that one ReceiveMessage or DeleteMessageBatch takes at most. */
const AT_ONCE = 10;

/** Outlets that count what is handed to queues, topics and buckets: their owner is billed for it. */
export function meteredOutlets(meter: Meter, outlets: Outlets): Outlets {
  return {
    ...outlets,
    sendMessage: (arn, body, attributes) => {
      meter.add(DELIVERIES, 'sqs.requests', chunksOfText(body, MESSAGE_CHUNK));
      return outlets.sendMessage(arn, body, attributes);
    },
    publish: (arn, message) => {
      meter.add(DELIVERIES, 'sns.publishes', chunksOfText(message, MESSAGE_CHUNK));
      return outlets.publish(arn, message);
    },
    putObject: (arn, key, body, type) => {
      meter.add(DELIVERIES, 's3.writes');
      meter.add(DELIVERIES, 's3.storedBytes', Buffer.byteLength(body));
      return outlets.putObject(arn, key, body, type);
    },
  };
}

/**
 * A mapping's queue that counts what Lambda's pollers ask it for the account: one ReceiveMessage for up to ten messages,
 * and one DeleteMessageBatch for as many. Polls that find nothing are no part of it: they go on while nobody works.
 */
export function meteredQueue(meter: Meter, source: QueueSource): QueueSource {
  const name = source.arn.slice(source.arn.lastIndexOf(':') + 1);
  return {
    arn: source.arn,
    visibilityTimeoutMs: source.visibilityTimeoutMs,
    receive: (max) => {
      const messages = source.receive(max);
      for (let from = 0; from < messages.length; from += AT_ONCE) {
        const bytes = messages
          .slice(from, from + AT_ONCE)
          .reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
        meter.add(name, 'sqs.requests', chunks(bytes, MESSAGE_CHUNK));
      }
      return messages;
    },
    delete: (receiptHandles) => {
      if (receiptHandles.length > 0)
        meter.add(name, 'sqs.requests', Math.ceil(receiptHandles.length / AT_ONCE));
      source.delete(receiptHandles);
    },
    onMessage: (listener) => source.onMessage(listener),
  };
}

/** What an HTTP API invokes through; each request is billed by its 512 KB chunks, the answer's too where it is larger. */
export function meteredApi(meter: Meter, invoker: Invoker): Invoker {
  return {
    invoke: async (reference, payload, cause): Promise<InvokeResult> => {
      const result = await invoker.invoke(reference, payload, cause);
      const larger = result.payload.length > payload.length ? result.payload : payload;
      meter.add(functionReference(reference).functionName, 'api.requests', chunksOfText(larger, API_CHUNK));
      return result;
    },
  };
}
