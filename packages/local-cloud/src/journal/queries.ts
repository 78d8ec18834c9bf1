import type { Journal } from './journal.ts';
import { orderViolations } from './order-check.ts';
import type { OrderReport, PlacedChange } from './order-check.ts';
import type { JournalRows } from './rows.ts';
import { trimmedOf } from './trims.ts';

/** Greater than every text that begins with `prefix`. */
const after = (prefix: string) => `${prefix}\u{10FFFF}`;

/** The changes of one item, oldest first. @param item the item's key as `itemKey` writes it. */
export function changesOfItem(journal: Journal, stream: string, item: string): JournalRows['changes'][] {
  return journal.rows('changes', 'WHERE stream = ? AND item = ? ORDER BY position', stream, item);
}

/** Ids of all changes of a stream, oldest first. */
export function idsOfChanges(journal: Journal, stream: string): { eventId: string }[] {
  const rows = journal.all(
    `SELECT json_extract(record, '$.eventID') AS eventId FROM changes WHERE stream = ? ORDER BY position`,
    stream,
  );
  return rows.map((row) => ({ eventId: String(Reflect.get(row, 'eventId')) }));
}

/** Executions whose name begins with `prefix`, oldest first: an order's execution and its restarts. */
export function executionsNamed(journal: Journal, prefix: string): JournalRows['executions'][] {
  return journal.rows('executions', 'WHERE name >= ? AND name < ? ORDER BY startedAt', prefix, after(prefix));
}

/** An execution's history events in their order. */
export function historyOf(journal: Journal, executionArn: string): JournalRows['history'][] {
  return journal.rows('history', 'WHERE execution = ? ORDER BY id', executionArn);
}

/** Events that have `value` at a JSON path of their envelope (`$.detail.subject.id`), oldest first. */
export function eventsWith(journal: Journal, path: string, value: string): JournalRows['events'][] {
  const written = JSON.stringify(value).slice(1, -1);
  const matching = 'WHERE instr(event, ?) > 0 AND json_extract(event, ?) = ? ORDER BY rowid';
  return journal.rows('events', matching, written, path, value);
}

/** The calls of a trace that the policies refused, oldest first. @param trace X-Ray trace header of any part of it. */
export function refusalsOfTrace(journal: Journal, trace: string): JournalRows['refusals'][] {
  const root = /Root=([\w-]+)/.exec(trace)?.[1];
  if (root === undefined) return [];
  return journal.rows('refusals', 'WHERE instr(trace, ?) > 0 ORDER BY rowid', root);
}

/** The deliveries, of all mappings, that a change was part of. */
export function deliveriesOfChange(
  journal: Journal,
  stream: string,
  position: number,
): JournalRows['deliveries'][] {
  const holding =
    'WHERE source = ? AND EXISTS (SELECT 1 FROM json_each(positions) WHERE value = ?) ORDER BY rowid';
  return journal.rows('deliveries', holding, stream, position);
}

/**
 * Judges from the journal whether every mapping handled the changes of each item in their order. Left out is what
 * happened before the newest delivery that was trimmed: of such a change, deliveries may be missing.
 */
export function orderOfDeliveries(journal: Journal): OrderReport {
  const { until } = trimmedOf(journal, 'deliveries');
  return orderViolations(placesOfChanges(journal, until), journal.each('deliveries', 'ORDER BY rowid'));
}

function* placesOfChanges(journal: Journal, after: number): Generator<PlacedChange> {
  for (const row of journal.scan('SELECT stream, position, item FROM changes WHERE at > ?', after)) {
    yield { stream: String(row['stream']), position: Number(row['position']), item: String(row['item']) };
  }
}
