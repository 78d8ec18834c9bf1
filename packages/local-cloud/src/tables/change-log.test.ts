import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MovableClock } from '../clock.ts';
import { Journal } from '../journal/journal.ts';
import { ChangeLog } from './change-log.ts';
import { imageOf } from './image.ts';
import { aStream, aTable } from './tables.fixture.ts';

const HOUR = 3_600_000;

const insertOf = (id: string, more = '') => ({
  key: { id: { S: id } },
  before: imageOf(undefined),
  after: imageOf({ id: { S: id }, more: { S: more } }),
});

describe('the changes of a table', () => {
  const clock = new MovableClock();
  let journal: Journal;
  let log: ChangeLog;
  const open = (into = journal) =>
    new ChangeLog({
      table: aTable('orders'),
      stream: aStream('orders'),
      region: 'eu-west-1',
      clock,
      journal: into,
    });
  beforeEach(() => {
    journal = new Journal(':memory:');
    log = open();
  });
  afterEach(() => journal.close());
  afterAll(() => clock.stop());

  it('stand at 1, 2, 3 …, with the text of their record', () => {
    const changes = ['a', 'b'].map((id) => log.append(insertOf(id)));

    expect(changes.map(({ position, itemKey }) => [position, itemKey])).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
    expect(log.head).toBe(2);
    expect(changes.map(({ json }) => JSON.parse(json))).toEqual(changes.map(({ record }) => record));
  });

  it('are read after a position, up to a limit', () => {
    for (const id of ['a', 'b', 'c', 'd']) log.append(insertOf(id));

    expect(log.read(1, 2).map(({ itemKey }) => itemKey)).toEqual(['b', 'c']);
    expect(log.read(4, 2)).toEqual([]);
  });

  it('are told to listeners as they are appended, until a listener ends', () => {
    const heard: number[] = [];
    const end = log.subscribe(() => heard.push(log.head));

    log.append(insertOf('a'));
    end();
    log.append(insertOf('b'));

    expect(heard).toEqual([1]);
  });

  it.each([
    ['many', 12_000, ''],
    ['large', 40, 'x'.repeat(1_000_000)],
  ])('can all be read when they are too %s for memory', (_, count, content) => {
    for (let index = 1; index <= count; index += 1) log.append(insertOf(`o-${index}`, content));

    const read: string[] = [];
    for (let position = 0; position < log.head;) {
      const page = log.read(position, 1000);
      read.push(...page.map(({ itemKey }) => itemKey));
      position = page.at(-1)?.position ?? Infinity;
    }

    expect(read).toEqual(Array.from({ length: count }, (_, index) => `o-${index + 1}`));
  });

  it('can be read for 24 hours', async () => {
    log.append(insertOf('a'));
    await clock.advance(23 * HOUR);
    log.append(insertOf('b'));
    const before = log.read(0, 10).map(({ itemKey }) => itemKey);
    await clock.advance(2 * HOUR);
    const later = log.read(0, 10).map(({ itemKey }) => itemKey);
    const horizon = log.horizon;
    await clock.advance(24 * HOUR);

    expect([before, later, horizon]).toEqual([['a', 'b'], ['b'], 1]);
    expect([log.read(0, 10), log.horizon]).toEqual([[], 2]);
    expect(log.append(insertOf('c')).position).toBe(3);
    expect(log.read(0, 10)).toHaveLength(1);
  });

  it('go on where they were when the journal is opened again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'change-log-'));
    const first = new Journal(join(folder, 'journal.db'));
    const written = open(first).append(insertOf('a'));
    first.close();
    const second = new Journal(join(folder, 'journal.db'));

    const again = open(second);

    expect(again.read(0, 10)).toEqual([written]);
    expect(again.append(insertOf('b')).position).toBe(2);
    second.close();
    rmSync(folder, { recursive: true });
  });
});
