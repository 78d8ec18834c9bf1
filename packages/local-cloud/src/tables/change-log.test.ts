import { MovableClock } from '../clock.ts';
import { Journal } from '../journal/journal.ts';
import { ChangeLog } from './change-log.ts';
import { MortalJournal, temporaryFolders } from './crash.fixture.ts';
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

  it('leave the journal when they have left the stream, a portion at a time, though nobody reads', async () => {
    const kept = () => journal.all('SELECT position FROM changes').map((row) => Number(row['position']));
    for (let index = 1; index <= 2_500; index += 1) log.append(insertOf(`o-${index}`));
    await clock.advance(12 * HOUR);
    for (let index = 1; index <= 3; index += 1) log.append(insertOf(`younger-${index}`));
    log.dropOld();
    await clock.advance(13 * HOUR);
    const sizes: number[] = [];
    for (let portion = 1; portion <= 4; portion += 1) {
      log.dropOld();
      log.dropOld();
      sizes.push(kept().length);
      await clock.advance(100);
    }

    expect(sizes).toEqual([1_503, 503, 3, 3]);
    expect(kept()).toEqual([2_501, 2_502, 2_503]);
  });

  it('are looked through once a minute at most, however many leave', async () => {
    for (let index = 1; index <= 100; index += 1) {
      log.append(insertOf(`o-${index}`));
      await clock.advance(1_000);
    }
    await clock.advance(24 * HOUR - 100_000);
    const get = jest.spyOn(journal, 'get');
    const horizons = new Set<number>();
    for (let second = 1; second <= 100; second += 1) {
      await clock.advance(1_000);
      horizons.add(log.horizon);
    }

    expect(horizons.size).toBeLessThanOrEqual(3);
    expect(get.mock.calls.length).toBeLessThanOrEqual(4);
  });

  describe('of a journal that is kept', () => {
    const journals: MortalJournal[] = [];
    const keptIn = (path: string) => {
      const opened = new MortalJournal(path);
      journals.push(opened);
      return opened;
    };
    afterEach(() => {
      for (const opened of journals.splice(0)) opened.close();
    });
    const folder = temporaryFolders();

    it('go on where they were when it is opened again', async () => {
      const first = keptIn(folder());
      const written = open(first).append(insertOf('a'));
      await first.durable();

      const again = open(keptIn(first.killed(folder())));

      expect(again.read(0, 10)).toEqual([written]);
      expect(again.append(insertOf('b')).position).toBe(2);
    });

    it('are seen by nobody before they outlive the process, and then by all', async () => {
      const kept = keptIn(folder());
      const its = open(kept);
      const heard: number[] = [];
      its.subscribe(() => heard.push(its.head));
      its.append(insertOf('a'));
      its.append(insertOf('b'));
      expect([its.head, its.read(0, 10), heard]).toEqual([0, [], []]);
      kept.flush();
      expect([its.head, its.read(0, 10), heard]).toEqual([0, [], []]);

      await its.shown;

      expect([its.head, its.read(0, 10).length, heard, its.shown]).toEqual([2, 2, [1, 2], undefined]);
      expect(open(keptIn(kept.killed(folder()))).read(0, 10)).toEqual(its.read(0, 10));
    });

    it('go on after the newest one, even when all have left the stream', async () => {
      const kept = keptIn(folder());
      const its = open(kept);
      for (const id of ['a', 'b', 'c']) its.append(insertOf(id));
      await its.shown;
      await clock.advance(25 * HOUR);
      its.dropOld();

      const again = open(keptIn(kept.killed(folder())));

      expect([again.head, again.horizon, again.read(0, 10)]).toEqual([3, 3, []]);
      expect(kept.all('SELECT position FROM changes')).toEqual([{ position: 3 }]);
      expect(again.append(insertOf('d')).position).toBe(4);
      await again.shown;
      expect(again.read(0, 10)).toHaveLength(1);
    });
  });
});
