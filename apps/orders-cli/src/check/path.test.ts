import type { KeptLine } from './memory.ts';
import { forbiddenMoves, moveIn } from './path.ts';

const line = (
  eventId: string,
  from: string | undefined,
  to: string | undefined,
  orderId = '1',
): KeptLine => ({
  eventId,
  digest: '',
  move: moveIn({
    key: { orderId },
    ...(from && { old: { status: from } }),
    ...(to && { new: { status: to } }),
  }),
});
const judged = (...lines: KeptLine[]) => forbiddenMoves({ lines }, (orderId) => orderId === 'left-out');

it.each([
  ['a step forward', 'PLACED', 'VALIDATED'],
  ['an end', 'PAID', 'CANCELLED'],
  ['a change of something else', 'PAID', 'PAID'],
  ['a first write', undefined, 'PLACED'],
  ['a removal', 'SHIPPED', undefined],
])('an order may make %s', (_, from, to) => {
  expect(judged(line('a', from, to))).toEqual([]);
});

it.each([
  ['back', 'PAID', 'VALIDATED'],
  ['past a stage', 'PLACED', 'PAID'],
  ['out of an end', 'SHIPPED', 'FAILED'],
])('an order that went %s is named, once', (_, from, to) => {
  expect(judged(line('a', from, to), line('a', from, to))).toEqual([`order 1 moved from ${from} to ${to}`]);
});

it('orders that are left out, and lines that are none, are not judged', () => {
  expect(
    judged(line('a', 'SHIPPED', 'PAID', 'left-out'), { eventId: 'b', digest: '', move: moveIn(undefined) }),
  ).toEqual([]);
});
