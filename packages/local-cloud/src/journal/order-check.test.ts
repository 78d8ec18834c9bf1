import { orderViolations } from './order-check.ts';
import type { JournalRows } from './rows.ts';

const changes = (...items: string[]) =>
  items.map((item, index) => ({ stream: 'orders', position: index + 1, item }));

/** A delivery that handles all its positions between `startedAt` and `endedAt`. */
const handled = (
  positions: number[],
  startedAt: number,
  endedAt: number,
  more: Partial<JournalRows['deliveries']> = {},
): JournalRows['deliveries'] => ({
  mapping: 'dispatcher',
  source: 'orders',
  invocation: 'i',
  positions: JSON.stringify(positions),
  passed: positions.length,
  outcome: 'ok',
  startedAt,
  endedAt,
  ...more,
});

const failed = (positions: number[], startedAt: number, endedAt: number) =>
  handled(positions, startedAt, endedAt, { passed: 0, outcome: 'error' });

describe('the order of changes of one item', () => {
  it.each([
    ['changes handled one after the other', [handled([1], 0, 5), handled([2], 5, 9)]],
    ['several changes of an item in one batch', [handled([1, 2], 0, 5), handled([3], 5, 6)]],
    ['a change that is handled again', [handled([1, 2], 0, 5), handled([1, 2], 6, 9)]],
    ['a change that succeeds after failing', [failed([1, 2], 0, 5), handled([1], 6, 7), handled([2], 8, 9)]],
    [
      'a batch that passed in part',
      [handled([1, 2], 0, 5, { passed: 1, outcome: 'partial' }), handled([2], 6, 7)],
    ],
    [
      'a discarded change',
      [failed([1], 0, 5), handled([1], 5, 5, { outcome: 'discarded' }), handled([2], 6, 7)],
    ],
    ['two mappings at different speeds', [handled([1, 2], 0, 5), handled([1], 1, 9, { mapping: 'archive' })]],
    ['a change that was never delivered', [handled([2], 0, 5)]],
  ])('is kept by %s', (_, deliveries) => {
    expect(orderViolations(changes('a', 'a', 'a'), deliveries).violations).toEqual([]);
  });

  it('does not concern changes of different items', () => {
    const report = orderViolations(changes('a', 'b'), [handled([2], 0, 5), handled([1], 2, 6)]);

    expect(report).toEqual({ checked: 2, violations: [] });
  });

  it('is broken by a change that is handled before an earlier one', () => {
    const report = orderViolations(changes('a', 'a'), [handled([2], 0, 5), handled([1], 6, 9)]);

    expect(report.violations).toEqual([
      { mapping: 'dispatcher', stream: 'orders', item: 'a', position: 1, other: 2, what: 'overtaken' },
    ]);
  });

  it('is broken by a change that succeeds while an earlier one keeps failing, and said once', () => {
    const report = orderViolations(changes('a', 'a', 'a'), [
      failed([1], 0, 1),
      handled([2], 2, 3),
      handled([3], 4, 5),
      handled([1], 6, 7),
    ]);

    expect(report.violations.map(({ position, other, what }) => [position, other, what])).toEqual([
      [1, 2, 'overtaken'],
    ]);
  });

  it('is broken by handling that begins before that of the earlier change has ended', () => {
    const report = orderViolations(changes('a', 'a'), [handled([1], 0, 5), handled([2], 4, 9)]);

    expect(report.violations.map(({ position, other, what }) => [position, other, what])).toEqual([
      [2, 1, 'overlapping'],
    ]);
  });

  it('is broken within a batch whose changes are not in order', () => {
    const report = orderViolations(changes('a', 'a'), [handled([2, 1], 0, 5)]);

    expect(report.violations).toHaveLength(1);
  });

  it('is not asked of sources without positions', () => {
    const messages = { ...handled([], 0, 5), source: 'queue', positions: '["m-1"]' };

    expect(orderViolations(changes('a'), [messages])).toEqual({ checked: 0, violations: [] });
  });

  it('is judged in a stream of rows, a hundred thousand within a second or so', () => {
    const many = 100_000;
    function* places() {
      for (let position = 1; position <= many; position += 1) {
        yield { stream: 'orders', position, item: `o-${position % 20_000}` };
      }
    }
    function* deliveries() {
      for (let position = 1; position <= many; position += 10) {
        const batch = Array.from({ length: 10 }, (_, index) => position + index);
        yield handled(batch, position, position + 1);
      }
    }

    expect(orderViolations(places(), deliveries())).toEqual({ checked: many, violations: [] });
  });
});
