import { everyChangeKept } from './memory.ts';

const orders = (changes: string[], ...lines: [string, string][]) => ({
  table: 'orders',
  changes,
  lines: lines.map(([eventId, digest]) => ({ eventId, digest })),
});

it('memory holds when every change has its line, also where a line stands twice', () => {
  const kept = orders(['a', 'b'], ['b', '{"b":1}'], ['a', '{}'], ['b', '{"b":1}']);

  expect(everyChangeKept([kept])).toMatchObject({ checked: 2, violations: [] });
});

it('a change without a line is a violation', () => {
  const { violations } = everyChangeKept([orders(['a', 'b'], ['b', '{}'])]);

  expect(violations).toEqual(['orders: change a is not in the audit trail']);
});

it('two lines of one change that differ are a violation', () => {
  const { violations } = everyChangeKept([orders(['a'], ['a', '{}'], ['a', '{"x":1}'])]);

  expect(violations).toEqual(['orders: a stands there twice, and differs']);
});
