import type { Clock } from '../clock.ts';
import type { Journal } from '../journal/journal.ts';
import { isRow } from '../journal/schema.ts';
import type { State } from '../journal/state.ts';
import type { Destination } from './target.ts';
import { journalledEvent } from './event.ts';
import type { BusEvent } from './event.ts';

/** The journal as a bus needs it: what a state folder keeps, and the events to read from. */
export type BusJournal = Pick<Journal, 'append' | 'all' | 'scan'> & State;

/** An event that an earlier process has accepted, its bus, and whether a target has it. */
export interface EarlierEvent {
  readonly event: BusEvent;
  readonly busName: string;
  readonly isDelivered: (destination: Destination) => boolean;
}

/** The longest that a delivery is tried. */
const LONGEST_RETRY_MS = 24 * 3_600_000;
/** How often it is kept until when all is delivered. */
const MARKED_EVERY_MS = 1_000;

/**
 * The deliveries that have begun and are not in the journal yet. Of these nothing is kept: an event and its deliveries are
 * in the journal as they are, and now and then the time until which all that was accepted is delivered, so that a restart
 * has to look at few events.
 */
export class OnTheirWay {
  readonly #journal: BusJournal;
  readonly #clock: Clock;
  /** The newest event of an earlier process: its place in the journal. */
  readonly #lastEarlier: number;
  readonly #open = new Set<{ readonly acceptedAt: number }>();
  /** When the mark was kept; not before the earlier process's events are on their way again. */
  #markedAt = Infinity;

  constructor(journal: BusJournal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
    this.#lastEarlier = journal.isKept ? this.#place('SELECT max(rowid) AS place FROM events') : 0;
  }

  /** Notes a delivery that begins; call the answer once its row is appended. */
  enter({ acceptedAt }: BusEvent): () => void {
    if (!this.#journal.isKept) return () => undefined;
    const entry = { acceptedAt };
    this.#open.add(entry);
    return () => {
      this.#open.delete(entry);
      this.#mark();
    };
  }

  /** The events of an earlier process that may not be delivered everywhere, oldest first. Read it to its end at once. */
  *earlier(): Generator<EarlierEvent> {
    if (!this.#journal.isKept) return;
    const since = Math.max(this.#keptMark(), this.#clock.now() - LONGEST_RETRY_MS);
    // Deliveries get an index for as long as this query runs: on the way to targets it would cost more.
    const rows = this.#journal.scan(
      `WITH d AS MATERIALIZED (
         SELECT event, bus || ' ' || rule || ' ' || target || ' ' || replay AS place
         FROM eventDeliveries WHERE rowid > ?
       )
       SELECT e.*, group_concat(d.place, char(10)) AS delivered FROM events e LEFT JOIN d ON d.event = e.id
       WHERE e.rowid > ? AND e.rowid <= ? GROUP BY e.rowid ORDER BY e.rowid`,
      this.#place(
        'SELECT rowid AS place FROM eventDeliveries WHERE at < ? ORDER BY rowid DESC LIMIT 1',
        since,
      ),
      // The oldest of these by place: what was forwarded later than it was accepted stands behind younger ones.
      this.#place(
        'SELECT coalesce(min(rowid) - 1, ?) AS place FROM events WHERE at >= ?',
        this.#lastEarlier,
        since,
      ),
      this.#lastEarlier,
    );
    /** The bus that each was put on, by id and replay: on another bus it was forwarded. */
    const putOn = new Map<string, string>();
    for (const row of rows) {
      const delivered = new Set(String(row['delivered'] ?? '').split('\n'));
      if (!isRow('events', row)) continue;
      const content = journalledEvent(row);
      const put = `${content.id} ${content.replay}`;
      const firstBus = putOn.get(put) ?? row.bus;
      putOn.set(put, firstBus);
      const event = { ...content, isForwarded: row.bus !== firstBus };
      const isDelivered = ({ rule, target }: Destination) =>
        delivered.has([rule.busName, rule.name, target.id, event.replay].join(' '));
      yield { event, busName: row.bus, isDelivered };
    }
    this.#markedAt = 0;
  }

  #mark(): void {
    const now = this.#clock.now();
    if (now - this.#markedAt < MARKED_EVERY_MS) return;
    this.#markedAt = now;
    let until = now;
    for (const { acceptedAt } of this.#open) until = Math.min(until, acceptedAt);
    this.#journal.put('delivered', 'until', until);
  }

  #keptMark(): number {
    const [[, until] = []] = this.#journal.entries('delivered');
    return typeof until === 'number' ? until : 0;
  }

  #place(sql: string, ...parameters: number[]): number {
    return Number(this.#journal.all(sql, ...parameters)[0]?.['place'] ?? 0);
  }
}
