import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCES, type DomainEvent } from '@orderstream/domain';

/** PutEvents takes 10 entries a call. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const MOST_ENTRIES = 10;

/** Bytes of a call's entries that PutEvents takes everywhere; in some regions it takes more. */
const MOST_BYTES = 256 * 1024;

/** An event as the bus takes it. */
export function entryOf(event: DomainEvent, bus: string): PutEventsRequestEntry {
  const time = new Date(event.occurredAt);
  return {
    EventBusName: bus,
    Source: EVENT_SOURCES[event.subject.kind],
    DetailType: event.type,
    Detail: JSON.stringify(event),
    // An imported order may carry any text as its time; the bus then takes its own.
    ...(Number.isNaN(time.getTime()) ? {} : { Time: time }),
  };
}

/** Cuts what is to be published into calls of PutEvents, in its order; one that is too large alone goes alone. */
export function calls<T extends { readonly entry: PutEventsRequestEntry }>(parts: readonly T[]): T[][] {
  const all: T[][] = [];
  let call: T[] = [];
  let bytes = 0;
  for (const part of parts) {
    const size = entrySize(part.entry);
    if (call.length === MOST_ENTRIES || (call.length > 0 && bytes + size > MOST_BYTES)) {
      all.push(call);
      call = [];
      bytes = 0;
    }
    call.push(part);
    bytes += size;
  }
  return call.length === 0 ? all : [...all, call];
}

/**
 * Bytes of an entry as AWS counts them.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size
 */
function entrySize({ Time, Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry): number {
  const texts = [Source, DetailType, Detail].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return texts + (Time === undefined ? 0 : 14);
}
