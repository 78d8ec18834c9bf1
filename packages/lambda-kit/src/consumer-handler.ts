import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { eventSchema, type DomainEvent } from '@orderstream/domain';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { bareError } from './bare-error.ts';
import { orderIdOfEvent } from './order-ids.ts';
import { logger, metrics } from './telemetry.ts';

/** An event as EventBridge delivers it. */
export interface BusEvent {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: unknown;
}

/** Events that could not be handled, and why; all others were. */
export type Failures<Event> = ReadonlyMap<Event, unknown>;

export interface Consumer<Event> {
  /** Makes of an event on the bus what the consumer works on. @throws when it never can. Without it: {@link domainEvent}. */
  readonly read?: (event: BusEvent) => Event;
  /** Handles some events, in any order; an event may have been handled before. */
  readonly handle: (events: readonly Event[]) => Promise<Failures<Event>>;
  /** Answers an invocation that brings no event: an operator's request. */
  readonly answer?: (request: unknown) => Promise<unknown>;
}

/** An event that is not as the catalogue says. It comes again a few times and then waits as a dead letter. */
export class UnreadableEvent extends Error {
  constructor(id: string, problem: string) {
    super(
      `Event ${id} cannot be read: ${problem}. See docs/events.md, then redrive or discard the dead letter.`,
    );
    this.name = 'UnreadableEvent';
  }
}

/** Our own event, of a version that is known here; fields that are not known are left out. */
export function domainEvent({ id, detail }: BusEvent): DomainEvent {
  const { success, data, error } = eventSchema.safeParse(detail);
  if (success) return data;
  const problems = error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || 'detail'}: ${message}`,
  );
  throw new UnreadableEvent(id, problems.slice(0, 5).join('; '));
}

/**
 * The Lambda handler of a consumer, which sees the same events however they come: in batches from its queue, where a
 * failed one is reported alone and its neighbours are done with, or one by one straight from the rule, where a failure
 * is thrown.
 */
export function consumerHandler<Event = DomainEvent>(consumer: Consumer<Event>) {
  return async (payload: SQSEvent | BusEvent): Promise<unknown> => {
    if ('Records' in payload) return handleBatch(payload, consumer);
    if ('detail-type' in payload) return handleOne(payload, consumer);
    if (consumer.answer) return consumer.answer(payload);
    throw new Error('This is neither an event nor a batch of them. Look at what invokes the function.');
  };
}

async function handleBatch<Event>(
  { Records }: SQSEvent,
  consumer: Consumer<Event>,
): Promise<SQSBatchResponse> {
  const failed = new Map<string, unknown>();
  const messageOf = new Map<Event, string>();
  for (const { messageId, body } of Records) {
    try {
      messageOf.set(readEvent(JSON.parse(body), consumer), messageId);
    } catch (error) {
      failed.set(messageId, error);
      logger.error('An event cannot be read and comes again.', { messageId, error: bareError(error) });
    }
  }
  const failures = messageOf.size === 0 ? new Map() : await handled([...messageOf.keys()], consumer);
  for (const [event, error] of failures) failed.set(messageOf.get(event) ?? '', error);
  report([...messageOf.keys()], failed.size - failures.size, failures);
  return { batchItemFailures: [...failed.keys()].map((itemIdentifier) => ({ itemIdentifier })) };
}

async function handleOne<Event>(payload: BusEvent, consumer: Consumer<Event>): Promise<void> {
  const event = readEvent(payload, consumer);
  const failures = await handled([event], consumer);
  report([event], 0, failures);
  const [failure] = failures.values();
  if (failure !== undefined) throw bareError(failure);
}

/** Lambda writes down every field of an error that leaves a handler: see {@link bareError}. */
async function handled<Event>(events: readonly Event[], consumer: Consumer<Event>): Promise<Failures<Event>> {
  try {
    return await consumer.handle(events);
  } catch (error) {
    throw bareError(error);
  }
}

/** The default reading makes a DomainEvent, which is what Event is when a consumer has no reading of its own. */
function readEvent<Event>(payload: BusEvent, { read }: Consumer<Event>): Event {
  return read === undefined ? (domainEvent(payload) as Event) : read(payload);
}

/** One line for what was handled, which names its orders, and one for each failure. @param unread that no one could read. */
function report<Event>(events: readonly Event[], unread: number, failures: Failures<Event>): void {
  for (const [event, error] of failures)
    logger.error('An event was not handled and comes again.', {
      orderId: orderIdOfEvent(event),
      error: bareError(error),
    });
  const handled = events.filter((event) => !failures.has(event));
  if (handled.length > 0) {
    const orderIds = [...new Set(handled.flatMap((event) => orderIdOfEvent(event) ?? []))];
    logger.info(`${handled.length} events handled.`, { orderIds });
  }
  const counts = { EventsHandled: handled.length, EventsFailed: failures.size + unread };
  for (const [name, count] of Object.entries(counts)) {
    if (count > 0) metrics.addMetric(name, MetricUnit.Count, count);
  }
  metrics.publishStoredMetrics();
}

/** Subjects that are worked on at once. */
const SUBJECTS_AT_ONCE = 8;

/**
 * Handles events one by one: those of one subject after each other, oldest version first, those of different subjects
 * side by side. A failure keeps none of the others.
 */
export function eachEvent<Event extends Pick<DomainEvent, 'subject'>>(
  handle: (event: Event) => Promise<void>,
) {
  return async (events: readonly Event[]): Promise<Failures<Event>> => {
    const failures = new Map<Event, unknown>();
    const waiting = [...Map.groupBy(events, ({ subject }) => `${subject.kind} ${subject.id}`).values()];
    const workThrough = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        for (const event of next.toSorted((a, b) => a.subject.itemVersion - b.subject.itemVersion)) {
          await handle(event).catch((error: unknown) => failures.set(event, error));
        }
      }
    };
    await Promise.all(Array.from({ length: SUBJECTS_AT_ONCE }, workThrough));
    return failures;
  };
}
