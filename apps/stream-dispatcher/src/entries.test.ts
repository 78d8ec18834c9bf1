import { calls, entryOf } from './entries.ts';
import { plan } from './plan.ts';
import { placed, stockMoved, TABLES } from './testing/records.ts';

function eventOf(record: ReturnType<typeof placed>) {
  return plan([record], TABLES)[0]!.events[0]!;
}

it('an event is an entry of its own source, type and time', () => {
  const event = eventOf(placed('o-1'));

  expect(entryOf(event, 'shop')).toEqual({
    EventBusName: 'shop',
    Source: 'orderstream.orders',
    DetailType: 'OrderPlaced',
    Time: new Date('2011-11-14T00:00:00.000Z'),
    Detail: JSON.stringify(event),
  });
  expect(entryOf(eventOf(stockMoved('A', 1, 0)), 'shop').Source).toBe('orderstream.stock');
});

it('an event that happened at no time AWS understands takes the time of the bus', () => {
  const event = eventOf(placed('o-1', { updatedAt: { S: 'last week' } }));

  expect(entryOf(event, 'shop')).not.toHaveProperty('Time');
});

describe('calls of PutEvents', () => {
  const parts = (...sizes: number[]) =>
    sizes.map((size) => ({ size, entry: { Detail: 'ä'.repeat(size / 2) } }));
  const kilobytes = 1024;

  it.each([
    ['nothing is no call', [], []],
    ['ten entries fit', Array(10).fill(2), [Array(10).fill(2)]],
    ['the eleventh starts another call', Array(11).fill(2), [Array(10).fill(2), [2]]],
    ['256 KB fit', [128 * kilobytes, 128 * kilobytes], [[128 * kilobytes, 128 * kilobytes]]],
    [
      'more bytes start another call',
      [128 * kilobytes, 130 * kilobytes, 2],
      [[128 * kilobytes], [130 * kilobytes, 2]],
    ],
    ['too large an entry goes alone', [2, 300 * kilobytes, 2], [[2], [300 * kilobytes], [2]]],
  ])('%s', (_, sizes, expected) => {
    const cut = calls(parts(...sizes));

    expect(cut.map((call) => call.map(({ size }) => size))).toEqual(expected);
  });
});
