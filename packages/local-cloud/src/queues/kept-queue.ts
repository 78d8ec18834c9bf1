import * as z from 'zod';
import { readKept } from '../journal/read-kept.ts';
import type { State, StateKind } from '../journal/state.ts';
import type { SentUnderId } from './deduplication.ts';
import type { SentMessage } from './fauxqs.ts';

const attribute = z.object({
  DataType: z.string(),
  StringValue: z.string().exactOptional(),
  BinaryValue: z.string().exactOptional(),
});

const keptMessage = z.object({
  messageId: z.string(),
  body: z.string(),
  md5OfBody: z.string(),
  messageAttributes: z.record(z.string(), attribute),
  md5OfMessageAttributes: z.string().default(''),
  sentTimestamp: z.number(),
  approximateReceiveCount: z.int(),
  approximateFirstReceiveTimestamp: z.number().exactOptional(),
  delayUntil: z.number().exactOptional(),
  messageGroupId: z.string().exactOptional(),
  messageDeduplicationId: z.string().exactOptional(),
  sequenceNumber: z.string().exactOptional(),
  /** Of a message that somebody has received and holds. */
  receipt: z.object({ handle: z.string(), until: z.number() }).exactOptional(),
});

const keptId = z.object({ messageId: z.string(), sequenceNumber: z.string().optional(), at: z.number() });

/** Until when a received message is hidden, and the handle of who holds it. */
export interface Receipt {
  readonly handle: string;
  readonly until: number;
}

/** A message with all that its queue knows of it. All times are the cloud's, epoch milliseconds. */
export interface KeptMessage extends SentMessage {
  readonly receipt?: Receipt;
}

/** What a queue held when it was last seen. */
export interface KeptQueue {
  /** In the order in which they were sent. */
  readonly messages: readonly KeptMessage[];
  /** By deduplication id, the oldest first. */
  readonly sent: readonly (readonly [id: string, sent: SentUnderId])[];
  /** Of the message sent last to a FIFO queue. */
  readonly sequence: number;
}

export function keyOf(queue: string, id: string): string {
  return `${queue}/${id}`;
}

/**
 * What is kept of every queue. What belongs to a queue that the stack has no more is gone with it.
 *
 * @param names of the stack's queues. @throws Error with the remedy for what can't be read.
 */
export function readKeptQueues(state: State, names: readonly string[]): (name: string) => KeptQueue {
  const messages = grouped(state, 'message', names, (value) => keptMessage.parse(value));
  const sent = grouped(state, 'deduplication', names, (value) => {
    const { messageId, sequenceNumber, at } = keptId.parse(value);
    return { messageId, sequenceNumber, at };
  });
  const sequences = new Map(state.entries('sequence'));
  return (name) => ({
    messages: (messages.get(name) ?? []).map(([, message]) => message),
    sent: (sent.get(name) ?? []).sort(([, a], [, b]) => a.at - b.at),
    sequence: readKept('sequence', name, () => z.int().parse(sequences.get(name) ?? 0)),
  });
}

function grouped<T>(
  state: State,
  kind: StateKind,
  names: readonly string[],
  parse: (value: unknown) => T,
): Map<string, [id: string, value: T][]> {
  const groups = new Map<string, [id: string, value: T][]>(names.map((name) => [name, []]));
  for (const [key, value] of state.entries(kind)) {
    const end = key.indexOf('/');
    const group = groups.get(key.slice(0, end));
    if (group) group.push([key.slice(end + 1), readKept(kind, key, () => parse(value))]);
    else state.remove(kind, key);
  }
  return groups;
}
