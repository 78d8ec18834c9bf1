import type { LawResult } from '../check/laws.ts';
import { FAULT_KINDS } from './fault-plan.ts';
import { failuresOf, firstBrokenOrder, lastLine, promisesKept } from './verdict.ts';

const law = (number: number, ...violations: string[]): LawResult => ({
  law: number,
  name: 'Name',
  checked: 1,
  of: 'orders',
  violations,
});
const STRUCK = new Map(FAULT_KINDS.map((kind) => [kind, 2]));
const ENDS = new Map([
  ['SHIPPED', 5],
  ['REJECTED PaymentDeclined', 1],
  ['REJECTED OutOfStock', 1],
  ['REJECTED UndeliverableAddress', 1],
  ['CANCELLED CancellationRequested', 1],
]);
const REDRIVEN = {
  redriven: 6,
  kinds: { change: 1, event: 4, execution: 1 },
  stays: { 'quarantine: nobody can read it': 1 },
};
const GOOD = { laws: [law(1), law(2)], struck: STRUCK, ends: ENDS, redriven: REDRIVEN };
const without = <K>(map: ReadonlyMap<K, number>, key: K) =>
  new Map([...map].filter(([each]) => each !== key));

it('a run in which all held, struck and ended has not failed', () => {
  expect(failuresOf(GOOD)).toEqual([]);
});

it.each(FAULT_KINDS)('a run in which no %s struck has failed', (kind) => {
  expect(failuresOf({ ...GOOD, struck: without(STRUCK, kind) })).toEqual([
    `no fault of kind ${kind} ever struck`,
  ]);
});

it.each([...ENDS.keys()])('a run in which nothing ended as %s has failed', (end) => {
  expect(failuresOf({ ...GOOD, ends: without(ENDS, end) })).toEqual([`no order ended as ${end}`]);
});

it.each(['change', 'event', 'execution'])('a run in which no %s was redriven has failed', (kind) => {
  const kinds = { ...REDRIVEN.kinds, [kind]: 0 };

  expect(failuresOf({ ...GOOD, redriven: { ...REDRIVEN, kinds } })).toEqual([
    `no dead letter of kind ${kind} was redriven`,
  ]);
});

it('a run in which no unreadable record waits has failed', () => {
  expect(failuresOf({ ...GOOD, redriven: { ...REDRIVEN, stays: {} } })).toEqual([
    'no unreadable record waits as a dead letter',
  ]);
});

it('without a protection, only a broken law is a failure', () => {
  const mutated = { ...GOOD, struck: new Map(), mutation: 'closing' };

  expect(failuresOf(mutated)).toEqual([]);
  expect(failuresOf({ ...mutated, laws: [law(3, 'x')] })).toEqual(['law 3 (Name) is broken 1 times']);
});

it('a broken law comes first', () => {
  const laws = [law(1), law(3, 'A: sum', 'B: sum')];

  expect(failuresOf({ ...GOOD, laws, struck: new Map() })[0]).toBe('law 3 (Name) is broken 2 times');
});

it.each([
  [[law(3, 'MUG: available is -1'), law(5, 'sales …')], undefined],
  [[law(3, 'MUG: available is -1'), law(2, 'order import-1-7 is SHIPPED: 0 was kept')], 'import-1-7'],
])('the first order that a violation names is the one that is traced', (laws, order) => {
  expect(firstBrokenOrder(laws)).toBe(order);
});

it('an order that was accepted and is not there breaks the first law', () => {
  expect(promisesKept(new Set(['a', 'b']), ['b', 'c'])).toMatchObject({
    law: 1,
    checked: 2,
    violations: ['order a was accepted, and is not there'],
  });
});

it('the last line tells what struck and what held', () => {
  const figures = {
    placed: 9,
    shipped: 5,
    rejected: 3,
    cancelled: 1,
    failed: 0,
    open: 0,
    revenue: '1',
  };

  expect(lastLine({ ...GOOD, figures }, 7)).toMatch(
    /^seed 7: struck: 2 error, 2 throttle, .+ 2 kill; 6 dead letters redriven – laws 1, 2 held over 9 orders \(5 shipped\)$/,
  );
  expect(lastLine({ ...GOOD, laws: [law(2, 'x')], figures }, 7)).toContain('NOT held: law 2');
});
