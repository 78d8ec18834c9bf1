import { setImmediate as turn } from 'node:timers/promises';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { ServiceRequest } from '../endpoint/service.ts';
import type { Journal } from '../journal/journal.ts';
import type { Archive } from '../stack/model.ts';
import { readEnvelope } from './event.ts';
import { compilePatternOf } from './pattern.ts';
import { notFound, page, pageMembers, readCall } from './request.ts';

/** Where the events of all buses are kept: a journal to read from. */
export type EventLog = Pick<Journal, 'all'>;

export interface ArchivesParts {
  readonly archives: readonly Archive[];
  readonly journal: EventLog;
  readonly clock: Clock;
  /** @throws AwsError when there is no such bus. */
  readonly requireBus: (arn: string) => void;
}

/** An event in an archive. */
export interface ArchivedEvent {
  /** Its place in the journal. */
  readonly place: number;
  /** The event's own time, epoch milliseconds. */
  readonly time: number;
  readonly bytes: number;
}

interface CompiledArchive {
  readonly archive: Archive;
  readonly matches: (event: unknown) => boolean;
}

const describeCall = z.object({ ArchiveName: z.string() });
const listCall = z.object({
  NamePrefix: z.string().default(''),
  EventSourceArn: z.string().optional(),
  State: z.string().default('ENABLED'),
  ...pageMembers,
});

const DAY_MS = 86_400_000;
/** Events that are read from the journal in one turn of the event loop. */
const READ_AT_ONCE = 500;

/**
 * The archives of the stack. An archive holds nothing of its own: its events are those in the journal that its bus has
 * accepted within its retention and that match its pattern. Replayed events are not archived again.
 *
 * Source: docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html.
 */
export class Archives {
  readonly #archives: ReadonlyMap<string, CompiledArchive>;
  readonly #parts: ArchivesParts;
  readonly #createdAt: number;

  /** @throws Error for an archive whose pattern EventBridge refuses, naming it. */
  constructor(parts: ArchivesParts) {
    this.#archives = new Map(parts.archives.map((archive) => [archive.name, compile(archive)]));
    this.#parts = parts;
    this.#createdAt = parts.clock.now();
  }

  /** The archive with this ARN. */
  withArn(arn: string): Archive | undefined {
    return [...this.#archives.values()].find(({ archive }) => archive.arn === arn)?.archive;
  }

  /** Its events, in the order in which the bus accepted them. */
  async *events({ name, busName, retentionDays }: Archive): AsyncGenerator<ArchivedEvent> {
    const { journal, clock } = this.#parts;
    const matches = this.#archives.get(name)?.matches ?? (() => false);
    const oldest = retentionDays === 0 ? 0 : clock.now() - retentionDays * DAY_MS;
    for (let place = 0; ;) {
      const rows = journal.all(
        'SELECT rowid AS place, event FROM events WHERE rowid > ? AND bus = ? AND at >= ? ORDER BY rowid LIMIT ?',
        place,
        busName,
        oldest,
        READ_AT_ONCE,
      );
      for (const row of rows) {
        place = Number(row['place']);
        const json = String(row['event']);
        const event = readEnvelope(json);
        if ('replay-name' in event || !matches(event)) continue;
        yield { place, time: Date.parse(String(event['time'])), bytes: sizeOf(event, json) };
      }
      if (rows.length < READ_AT_ONCE) return;
      await turn();
    }
  }

  /** The envelopes at these places of the journal, as JSON text, in the same order. */
  read(places: readonly number[]): string[] {
    const rows = this.#parts.journal.all(
      'SELECT rowid AS place, event FROM events WHERE rowid IN (SELECT value FROM json_each(?))',
      JSON.stringify(places),
    );
    const texts = new Map(rows.map((row) => [Number(row['place']), String(row['event'])]));
    return places.map((place) => texts.get(place) ?? '{}');
  }

  async describe(request: ServiceRequest) {
    const { ArchiveName } = readCall(describeCall, request);
    const archive = this.#archives.get(ArchiveName)?.archive;
    if (!archive) throw notFound('Archive', ArchiveName);
    return {
      ArchiveArn: archive.arn,
      ...(archive.pattern !== undefined && { EventPattern: archive.pattern }),
      ...(await this.#summary(archive)),
    };
  }

  async list(request: ServiceRequest) {
    const { NamePrefix, EventSourceArn, State, ...paging } = readCall(listCall, request);
    if (EventSourceArn !== undefined) this.#parts.requireBus(EventSourceArn);
    const listed = [...this.#archives.values()]
      .map(({ archive }) => archive)
      .filter(({ name }) => State === 'ENABLED' && name.startsWith(NamePrefix))
      .filter(({ busArn }) => EventSourceArn === undefined || busArn === EventSourceArn);
    const { items, ...next } = page(listed, paging);
    return { Archives: await Promise.all(items.map((archive) => this.#summary(archive))), ...next };
  }

  async #summary(archive: Archive) {
    let EventCount = 0;
    let SizeBytes = 0;
    for await (const { bytes } of this.events(archive)) {
      EventCount++;
      SizeBytes += bytes;
    }
    return {
      ArchiveName: archive.name,
      EventSourceArn: archive.busArn,
      State: 'ENABLED',
      RetentionDays: archive.retentionDays,
      SizeBytes,
      EventCount,
      CreationTime: this.#createdAt / 1000,
    };
  }
}

/** Bytes that an archive counts for an event: its source, type, time, resources and detail, as they were recorded on AWS. */
function sizeOf(event: Readonly<Record<string, unknown>>, json: string): number {
  const head = JSON.stringify({ ...event, detail: undefined });
  const envelope = Buffer.byteLength(head) + ',"detail":'.length;
  const resources = Array.isArray(event['resources']) ? event['resources'] : [];
  const texts = [event['source'], event['detail-type'], event['time'], ...resources].map(String);
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return bytes + Buffer.byteLength(json) - envelope;
}

function compile(archive: Archive): CompiledArchive {
  const { name, pattern } = archive;
  return {
    archive,
    matches: pattern === undefined ? () => true : compilePatternOf(`Archive ${name}`, pattern),
  };
}
