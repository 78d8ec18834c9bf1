import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Journal } from './journal.ts';
import { orderOfDeliveries } from './queries.ts';
import type { JournalKind, JournalRows } from './rows.ts';
import { longestRetention } from './trim-rules.ts';
import { Trimmer } from './trimmer.ts';
import { trimmedOf } from './trims.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 1_000 * DAY;

let journal: Journal;
beforeEach(() => {
  journal = new Journal('');
});
afterEach(() => journal.close());

const trim = (parts: { eventsKeptMs?: number; largest?: number } = {}, now = NOW) =>
  new Trimmer({ journal, clock: { now: () => now }, eventsKeptMs: 0, ...parts }).trim();

const change = (position: number, at: number, stream = 's'): JournalRows['changes'] => ({
  stream,
  position,
  item: 'o-1',
  name: 'MODIFY',
  at,
  record: '{}',
});

const delivery = (positions: number[], at: number): JournalRows['deliveries'] => ({
  mapping: 'm',
  source: 's',
  invocation: 'i',
  positions: JSON.stringify(positions),
  passed: positions.length,
  outcome: 'ok',
  startedAt: at,
  endedAt: at,
});

const execution = (name: string, status: string, endedAt: number | null): JournalRows['executions'] => ({
  arn: `arn:${name}`,
  stateMachine: 'order-workflow',
  name,
  status,
  input: '{}',
  output: '',
  error: '',
  cause: '',
  startedAt: NOW - 100 * DAY,
  endedAt,
  trace: '',
  definition: 'd',
  redrives: 0,
  redrivenAt: null,
});

const event = (name: string, id: number, at: number): JournalRows['history'] => ({
  execution: `arn:${name}`,
  id,
  previousId: id - 1,
  type: 'TaskSucceeded',
  at,
  details: '{}',
});

/** A row of each kind that stands in the order of its time. */
const rowsAt: { readonly [K in JournalKind]?: (id: string, at: number) => JournalRows[K] } = {
  changes: (id, at) => change(Number(id), at),
  invocations: (id, at) => ({
    id,
    function: 'f',
    causeKind: 'task',
    causeName: 'c',
    startedAt: at,
    endedAt: at,
    error: '',
  }),
  deliveries: (id, at) => ({ ...delivery([], at), invocation: id }),
  events: (id, at) => ({ id, bus: 'shop', source: 's', detailType: 'T', at, event: '{}', trace: '' }),
  eventDeliveries: (event, at) => ({
    event,
    bus: 'shop',
    rule: 'r',
    target: 't',
    replay: '',
    outcome: 'ok',
    at,
  }),
  messages: (id, at) => ({
    id,
    channel: 'mail',
    at,
    recipient: '',
    subject: '',
    text: '',
    html: '',
    function: 'f',
    outcome: 'sent',
    tags: '{}',
    headers: '{}',
  }),
};
const KINDS = Object.keys(rowsAt) as (keyof typeof rowsAt)[];

function appendAt<K extends JournalKind>(kind: K, id: string, at: number): void {
  const make = rowsAt[kind];
  if (make) journal.append(kind, make(id, at));
}
const count = (kind: JournalKind) => Number(journal.get(`SELECT count(*) AS n FROM ${kind}`)?.['n']);

describe('by age', () => {
  it.each(KINDS)('%s are kept for 24 hours of the clock', async (kind) => {
    for (const [id, age] of [25 * HOUR, 24 * HOUR + 1, 24 * HOUR, HOUR].entries())
      appendAt(kind, `${id + 1}`, NOW - age);

    await trim();

    expect(count(kind)).toBe(2);
    expect(trimmedOf(journal, kind as 'events')).toEqual({ until: NOW - 24 * HOUR - 1, rows: 2 });
  });

  it.each(KINDS)('more %s go than one portion holds', async (kind) => {
    for (let id = 1; id <= 1_000; id += 1) appendAt(kind, `${id}`, NOW - 2 * DAY);

    await trim();

    expect(count(kind)).toBe(1);
  });

  it('the newest change of each stream stays, however old: its positions go on from there', async () => {
    for (const stream of ['s', 't'])
      for (const position of [1, 2]) journal.append('changes', change(position, 1, stream));

    await trim();

    expect(journal.rows('changes', '').map(({ stream, position }) => `${stream}${position}`)).toEqual([
      's2',
      't2',
    ]);
  });

  it('events stay as long as the longest archive holds them', async () => {
    for (const [id, days] of [31, 29, 1].entries()) appendAt('events', `${id}`, NOW - days * DAY);

    await trim({ eventsKeptMs: longestRetention([{ retentionDays: 7 }, { retentionDays: 30 }]) });

    expect(journal.rows('events', '').map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('events of an archive without an end stay', async () => {
    for (const id of ['1', '2']) appendAt('events', id, 1);

    await trim({ eventsKeptMs: longestRetention([{ retentionDays: 7 }, { retentionDays: 0 }]) });

    expect(count('events')).toBe(2);
  });

  it.each`
    status         | ended             | history  | known
    ${'SUCCEEDED'} | ${NOW - HOUR}     | ${true}  | ${true}
    ${'SUCCEEDED'} | ${NOW - 2 * DAY}  | ${false} | ${true}
    ${'FAILED'}    | ${NOW - 2 * DAY}  | ${true}  | ${true}
    ${'TIMED_OUT'} | ${NOW - 13 * DAY} | ${true}  | ${true}
    ${'ABORTED'}   | ${NOW - 15 * DAY} | ${false} | ${true}
    ${'SUCCEEDED'} | ${NOW - 91 * DAY} | ${false} | ${false}
    ${'RUNNING'}   | ${null}           | ${true}  | ${true}
  `(
    'an execution that $status at $ended has a history: $history, a name that is taken: $known',
    async ({
      status,
      ended,
      history,
      known,
    }: {
      status: string;
      ended: number | null;
      history: boolean;
      known: boolean;
    }) => {
      journal.append('executions', execution('o-1', status, ended));
      journal.append('history', event('o-1', 1, NOW - 95 * DAY));
      journal.append('history', event('newest', 1, NOW));

      await trim();

      expect([count('history') === 2, count('executions') === 1]).toEqual([history, known]);
    },
  );

  it('an execution that was redriven after its history was trimmed has its new history trimmed, too', async () => {
    journal.append('executions', execution('o-1', 'FAILED', NOW - 20 * DAY));
    journal.append('history', event('o-1', 1, NOW - 20 * DAY));
    journal.append('history', event('other', 1, NOW));
    await trim();
    journal.append('executions', execution('o-1', 'SUCCEEDED', NOW));
    journal.append('history', event('o-1', 2, NOW));
    journal.append('history', event('newest', 1, NOW));

    await trim({}, NOW + 2 * DAY);

    expect(journal.rows('history', '').map(({ execution }) => execution)).toEqual([
      'arn:other',
      'arn:newest',
    ]);
  });
});

describe('the newest history', () => {
  it('waits until there is a newer one: rows are numbered on from it', async () => {
    journal.append('executions', execution('o-1', 'SUCCEEDED', NOW - 2 * DAY));
    journal.append('history', event('o-1', 1, NOW - 2 * DAY));
    await trim();
    const alone = count('history');
    journal.append('history', event('o-2', 1, NOW));

    await trim();

    expect(alone).toBe(1);
    expect(journal.rows('history', '').map(({ execution }) => execution)).toEqual(['arn:o-2']);
  });
});

describe('by size', () => {
  const LARGE = 'x'.repeat(1_000);

  it('the oldest of what is only looked at goes first, until there is room', async () => {
    for (let id = 0; id < 5_000; id += 1) {
      appendAt('messages', `${id}`, NOW - HOUR + id);
      journal.append('invocations', { ...invocation(id), error: LARGE });
    }
    const { used } = journal.bytes();

    await trim({ largest: used - 1 });

    expect(journal.bytes().used).toBeLessThan(used * 0.9);
    const [message] = journal.rows('messages', 'ORDER BY rowid LIMIT 1');
    const [oldest] = journal.rows('invocations', 'ORDER BY rowid LIMIT 1');
    expect(Math.abs(Number(message?.at) - Number(oldest?.endedAt))).toBeLessThanOrEqual(200);
    expect(count('invocations')).toBeGreaterThan(2_500);
  });

  const invocation = (id: number): JournalRows['invocations'] => ({
    id: `${id}`,
    function: 'f',
    causeKind: 'task',
    causeName: 'c',
    startedAt: NOW - HOUR + id,
    endedAt: NOW - HOUR + id,
    error: '',
  });

  it('what is needed stays: changes, events, running and failed executions, names that are taken', async () => {
    for (let id = 1; id <= 10; id += 1) {
      journal.append('changes', { ...change(id, NOW - HOUR), record: LARGE });
      appendAt('events', `${id}`, NOW - HOUR);
      appendAt('eventDeliveries', `${id}`, NOW - HOUR);
      for (const status of ['RUNNING', 'FAILED', 'SUCCEEDED']) {
        journal.append(
          'executions',
          execution(`${status}-${id}`, status, status === 'RUNNING' ? null : NOW - HOUR),
        );
        journal.append('history', event(`${status}-${id}`, 1, NOW - HOUR));
      }
    }

    journal.append('history', event('RUNNING-1', 2, NOW));

    await trim({ largest: 1 });

    expect(
      ['changes', 'events', 'eventDeliveries', 'executions', 'history'].map((kind) =>
        count(kind as 'events'),
      ),
    ).toEqual([10, 10, 10, 30, 21]);
  });

  it('what happened within the last minute stays', async () => {
    for (const id of ['1', '2']) appendAt('messages', id, NOW - 59_000);

    await trim({ largest: 1 });

    expect(count('messages')).toBe(2);
  });
});

describe('the disk', () => {
  it('has the room of what was trimmed back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trim-'));
    const path = join(folder, 'journal.sqlite');
    journal.close();
    journal = new Journal(path);
    for (let id = 1; id <= 3_000; id += 1)
      journal.append('changes', { ...change(id, 1), record: 'x'.repeat(1_000) });
    journal.flush();
    const before = journal.bytes().file;

    await trim();
    journal.all('PRAGMA wal_checkpoint(TRUNCATE)');

    expect(before).toBeGreaterThan(3_000_000);
    expect(statSync(path).size).toBeLessThan(200_000);
    rmSync(folder, { recursive: true });
  });
});

describe('a file that was not made to give room back', () => {
  it('keeps it, and is trimmed all the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trim-'));
    const path = join(folder, 'journal.sqlite');
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE other (a)');
    other.close();
    journal.close();
    journal = new Journal(path);
    for (let id = 1; id <= 100; id += 1)
      journal.append('changes', { ...change(id, 1), record: 'x'.repeat(1_000) });

    await trim();

    expect(count('changes')).toBe(1);
    rmSync(folder, { recursive: true });
  });
});

describe('the order of changes', () => {
  it('is judged of what happened after the last delivery that was trimmed: what is missing breaks no law', async () => {
    for (const position of [1, 2, 3]) journal.append('changes', change(position, NOW - 2 * HOUR + position));
    // Change 1 is handed over once more after change 2, which is allowed; its first delivery is gone.
    journal.append('deliveries', delivery([1], NOW - HOUR));
    journal.append('deliveries', delivery([2], NOW - HOUR + 1));
    journal.append('deliveries', delivery([1], NOW - HOUR + 2));
    journal.append('changes', change(4, NOW - HOUR + 3));
    journal.append('deliveries', delivery([3, 4], NOW - HOUR + 3));
    journal.all('DELETE FROM deliveries WHERE rowid = 1');
    journal.all(`INSERT INTO trims VALUES ('deliveries', ?, 1)`, NOW - HOUR);

    expect(orderOfDeliveries(journal)).toEqual({ checked: 1, violations: [] });
  });
});

it('a trim that is stopped touches the journal no more', async () => {
  for (let id = 1; id <= 1_000; id += 1) appendAt('messages', `${id}`, 1);
  const trimmer = new Trimmer({ journal, clock: { now: () => NOW }, eventsKeptMs: 0 });
  const trimming = trimmer.trim();

  await trimmer.stop();
  const left = count('messages');
  await trimming;

  expect(left).toBeGreaterThan(500);
  expect(count('messages')).toBe(left);
});
