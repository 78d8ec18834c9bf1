import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

import { Journal } from './journal.ts';
import {
  changesOfItem,
  deliveriesOfChange,
  eventsWith,
  executionsNamed,
  historyOf,
  orderOfDeliveries,
} from './queries.ts';
import type { JournalRows } from './rows.ts';

const STREAM = 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders/stream/2026-01-01T00:00:00.000';

const change = (position: number, item: string): JournalRows['changes'] => ({
  stream: STREAM,
  position,
  item,
  name: 'INSERT',
  at: position,
  record: '{}',
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
  startedAt: 1,
  endedAt,
  trace: '',
  definition: 'definition-1',
  redrives: 0,
  redrivenAt: null,
});

const delivery = (invocation: string, positions: number[]): JournalRows['deliveries'] => ({
  mapping: 'dispatcher',
  source: STREAM,
  invocation,
  positions: JSON.stringify(positions),
  passed: positions.length,
  outcome: 'ok',
  startedAt: 1,
  endedAt: 2,
});

const event = (id: string, orderId: string): JournalRows['events'] => ({
  id,
  bus: 'shop',
  source: 'orders',
  detailType: 'OrderPlaced',
  at: 1,
  event: JSON.stringify({ id, detail: { subject: { kind: 'order', id: orderId }, note: 'not "o-2"' } }),
  trace: '',
});

describe('the journal', () => {
  let journal: Journal;
  beforeEach(() => {
    journal = new Journal(':memory:');
  });
  afterEach(() => journal.close());

  it('shows a reader every row appended before', () => {
    journal.append('changes', change(1, 'o-1'));

    expect(journal.rows('changes', '')).toEqual([change(1, 'o-1')]);
  });

  it('writes the rows that it collected by itself, in one go', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'journal-'));
    const file = new Journal(join(folder, 'journal.db'));
    const other = new Journal(join(folder, 'journal.db'));
    file.append('changes', change(1, 'o-1'));
    file.append('changes', change(2, 'o-1'));

    const before = other.rows('changes', '').length;
    let after = before;
    while (after === 0) {
      await turn();
      after = other.rows('changes', '').length;
    }

    expect([before, after]).toEqual([0, 2]);
    file.close();
    other.close();
    rmSync(folder, { recursive: true });
  });

  it('keeps its rows in the file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'journal-'));
    const path = join(folder, 'journal.db');
    const first = new Journal(path);
    first.append('changes', change(1, 'o-1'));
    first.close();

    const second = new Journal(path);

    expect(second.rows('changes', '')).toEqual([change(1, 'o-1')]);
    second.close();
    rmSync(folder, { recursive: true });
    expect(existsSync(path)).toBe(false);
  });

  it('refuses a change at a position that is taken', () => {
    journal.append('changes', change(1, 'o-1'));
    journal.append('changes', change(1, 'o-2'));

    expect(() => journal.flush()).toThrow("The journal :memory: can't be written");
  });

  it('writes nothing more once it could not: what follows would stand on rows that are missing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'journal-'));
    const path = join(folder, 'journal.db');
    const file = new Journal(path);
    file.append('changes', change(1, 'o-1'));
    file.append('changes', change(1, 'o-2'));
    const problem = `The journal ${path} can't be written`;
    await expect(file.durable()).rejects.toThrow(problem);
    await expect(file.durable()).rejects.toThrow(problem);

    file.append('changes', change(2, 'o-1'));
    await expect(file.durable()).rejects.toThrow(problem);
    expect(() => file.rows('changes', '')).toThrow(problem);

    file.close();
    const again = new Journal(path);
    expect(again.rows('changes', '')).toEqual([]);
    again.close();
    rmSync(folder, { recursive: true });
  });

  it('says at once that it could not be written, and only once, though nobody waits for it', async () => {
    const failed = Promise.withResolvers<Error>();
    const onFailure = jest.fn(failed.resolve);
    const failing = new Journal(':memory:', onFailure);
    failing.append('changes', change(1, 'o-1'));
    failing.append('changes', change(1, 'o-2'));

    const error = await failed.promise;

    expect(error.message).toMatch(/UNIQUE constraint failed.*start again: npm start$/);
    expect(failing.failure).toBe(error);
    failing.append('changes', change(2, 'o-1'));
    expect(() => failing.flush()).toThrow(error);
    expect(onFailure).toHaveBeenCalledTimes(1);
    failing.close();
  });

  describe('that is closed', () => {
    beforeEach(() => {
      jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    it('does not note down what ends later', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'journal-'));
      const path = join(folder, 'journal.db');
      const file = new Journal(path);
      file.append('changes', change(1, 'o-1'));
      file.close();

      file.append('changes', change(2, 'o-1'));
      file.put('lane', 'a', 1);
      file.remove('lane', 'a');
      await file.durable();
      expect(jest.getTimerCount()).toBe(0);
      expect(() => jest.advanceTimersByTime(1_000)).not.toThrow();
      file.close();

      const again = new Journal(path);
      expect(again.rows('changes', '')).toEqual([change(1, 'o-1')]);
      again.close();
      rmSync(folder, { recursive: true });
    });
  });

  it('replaces an execution when it is written again', () => {
    journal.append('executions', execution('o-1', 'RUNNING', null));
    journal.append('executions', execution('o-1', 'SUCCEEDED', 9));

    expect(executionsNamed(journal, 'o-1')).toEqual([execution('o-1', 'SUCCEEDED', 9)]);
  });

  it('says so when a file is not a journal of this version', () => {
    journal.all(
      'INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?)',
      STREAM,
      1,
      'o-1',
      'INSERT',
      'yesterday',
      '{}',
    );

    expect(() => journal.rows('changes', '')).toThrow('not a journal of this version');
  });
});

describe('queries', () => {
  const journal = new Journal('');
  afterAll(() => journal.close());

  beforeAll(() => {
    for (const row of [change(1, 'o-1'), change(2, 'o-2'), change(3, 'o-1')]) journal.append('changes', row);
    for (const name of ['o-1', 'o-1-r1', 'o-2'])
      journal.append('executions', execution(name, 'RUNNING', null));
    for (const id of [2, 1]) {
      journal.append('history', {
        execution: 'arn:o-1',
        id,
        previousId: id - 1,
        type: 'T',
        at: 1,
        details: '{}',
      });
    }
    for (const row of [event('e-1', 'o-1'), event('e-2', 'o-2')]) journal.append('events', row);
    for (const row of [delivery('i-1', [1, 2]), delivery('i-4', [3])]) journal.append('deliveries', row);
  });

  it('finds the changes of one item in their order', () => {
    expect(changesOfItem(journal, STREAM, 'o-1').map((row) => row.position)).toEqual([1, 3]);
  });

  it('finds executions by the beginning of their name', () => {
    expect(executionsNamed(journal, 'o-1').map((row) => row.name)).toEqual(['o-1', 'o-1-r1']);
  });

  it("gives an execution's history in the order of its ids", () => {
    expect(historyOf(journal, 'arn:o-1').map((row) => row.id)).toEqual([1, 2]);
  });

  it('finds events by a value in the envelope', () => {
    expect(eventsWith(journal, '$.detail.subject.id', 'o-2').map((row) => row.id)).toEqual(['e-2']);
    expect(eventsWith(journal, '$.detail.note', 'not "o-2"').map((row) => row.id)).toEqual(['e-1', 'e-2']);
  });

  it('tells which deliveries a change was part of', () => {
    expect(deliveriesOfChange(journal, STREAM, 2).map((row) => row.invocation)).toEqual(['i-1']);
  });

  it('judges the order of deliveries from what it holds', () => {
    expect(orderOfDeliveries(journal)).toEqual({
      checked: 3,
      violations: [
        { mapping: 'dispatcher', stream: STREAM, item: 'o-1', position: 3, other: 1, what: 'overlapping' },
      ],
    });
  });
});
