import { randomUUID } from 'node:crypto';
import type { JournalRows } from '../journal/rows.ts';
import { parseEvent } from './pattern.ts';

/** What an event says, before it is on a bus. */
export interface EventContent {
  readonly source: string;
  readonly detailType: string;
  /** JSON text of an object, handed on as it is. */
  readonly detail: string;
  /** `detail` parsed for matching. */
  readonly parsedDetail: unknown;
  readonly resources: readonly string[];
  /** Epoch milliseconds. */
  readonly time: number;
  /** X-Ray trace header of whoever sent it. */
  readonly trace: string | undefined;
}

/** An event that a bus has accepted. */
export interface BusEvent {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  /** The whole envelope, parsed: what patterns are matched against. */
  readonly envelope: Readonly<Record<string, unknown>>;
  /** The whole envelope as JSON text: what targets get. */
  readonly json: string;
  /** Epoch milliseconds. */
  readonly acceptedAt: number;
  readonly trace: string | undefined;
  /** Name of the replay that it comes from; empty for the event itself. */
  readonly replay: string;
  /** Whether a rule of another bus sent it. */
  readonly isForwarded: boolean;
}

/** An accepted event as it is put on its bus again: under its own id, marked with the name of the replay. */
export function replayedEvent(
  json: string,
  envelope: Readonly<Record<string, unknown>>,
  replayName: string,
  acceptedAt: number,
): BusEvent {
  return {
    id: String(envelope['id']),
    source: String(envelope['source']),
    detailType: String(envelope['detail-type']),
    envelope: { ...envelope, 'replay-name': replayName },
    // Nothing before the resources can hold these characters: the quotes of a text are escaped.
    json: json.replace('"resources":', () => `"replay-name":${JSON.stringify(replayName)},"resources":`),
    acceptedAt,
    trace: undefined,
    replay: replayName,
    isForwarded: false,
  };
}

/** An event as the journal has it, which does not say whether it was forwarded. */
export function journalledEvent({
  id,
  source,
  detailType,
  at,
  event,
  trace,
}: JournalRows['events']): Omit<BusEvent, 'isForwarded'> {
  const envelope = readEnvelope(event);
  return {
    ...{ id, source, detailType, envelope, json: event, acceptedAt: at },
    trace: trace === '' ? undefined : trace,
    replay: String(envelope['replay-name'] ?? ''),
  };
}

/** An envelope as patterns are matched against it. */
export function readEnvelope(json: string): Readonly<Record<string, unknown>> {
  const envelope = parseEvent(json);
  return typeof envelope === 'object' && envelope !== null ? { ...envelope } : {};
}

/** Where the bus is; part of every envelope. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** Puts an event into EventBridge's envelope, under a new id. The detail's text goes in without being parsed again. */
export function createEvent(
  content: EventContent,
  { region, accountId }: Place,
  acceptedAt: number,
): BusEvent {
  const { source, detailType, detail, parsedDetail, trace } = content;
  const id = randomUUID();
  const head = {
    version: '0',
    id,
    'detail-type': detailType,
    source,
    account: accountId,
    time: `${new Date(content.time).toISOString().slice(0, 19)}Z`,
    region,
    resources: content.resources,
  };
  return {
    id,
    source,
    detailType,
    envelope: { ...head, detail: parsedDetail },
    json: `${JSON.stringify(head).slice(0, -1)},"detail":${detail}}`,
    acceptedAt,
    trace,
    replay: '',
    isForwarded: false,
  };
}
