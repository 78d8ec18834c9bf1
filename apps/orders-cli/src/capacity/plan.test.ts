import { readRecording } from '../cost/recording.ts';
import { PACES } from './page.ts';
import { planOf, type Plan } from './plan.ts';
import { planText } from './text.ts';

const recording = readRecording('standard');
const planAt = (pace: number, more: { lines?: number; hotShare?: number } = {}): Plan =>
  planOf(recording, { pace, lines: more.lines, hotShare: more.hotShare ?? 0.05 });
const limitOf = (plan: Plan, name: string) => plan.constraints.find((one) => one.name.startsWith(name));

it.each([
  ['Starts of the workflow', 300, '300 starts/s ÷ 1 start an order = 300'],
  ['Mail', 0.5, '1 messages/s ÷ 2 mails an order = 0.5'],
])('derives the limit of %s and shows how', (name, limit, arithmetic) => {
  expect(limitOf(planAt(1), name)).toMatchObject({ limit, arithmetic });
});

it('puts first what breaks first', () => {
  const limits = planAt(1_000).constraints.map(({ limit }) => limit);

  expect(limits).toEqual([...limits].sort((a, b) => a - b));
});

it.each([
  [300, 'holds'],
  [301, 'change a setting'],
  [3_000, 'change a setting'],
  [3_001, 'change the design'],
])('at %i orders a second, the starts of the workflow: %s', (pace, verdict) => {
  expect(limitOf(planAt(pace), 'Starts')?.verdict).toBe(verdict);
});

it('names the design that takes 100,000 orders a second', () => {
  const text = planText(planAt(100_000));

  for (const design of ['Express workflows', 'Pipes', 'sharded counters', 'several accounts'])
    expect(text).toContain(design);
  expect(planAt(100_000).accounts).toBeGreaterThan(1);
});

it('breaks more, and costs more, the more orders there are', () => {
  const plans = PACES.map((pace) => planAt(pace));

  const broken = plans.map(({ breaking }) => breaking.length);
  expect(broken).toEqual([...broken].sort((a, b) => a - b));
  const costs = plans.map(({ bill }) => bill.usd);
  expect(costs).toEqual([...costs].sort((a, b) => a - b));
});

it('finds the orders in progress by Little’s law', () => {
  const { secondsInProgress, ordersInProgress } = planAt(1_000);

  expect(ordersInProgress).toBe(Math.ceil(1_000 * secondsInProgress));
});

it('takes orders of more lines to write more stock, to meet on one SKU more often and to cost more', () => {
  const few = planAt(100, { lines: 3 });
  const many = planAt(100, { lines: 60 });

  for (const name of ['Stock of', 'Stream of stock'])
    expect(limitOf(many, name)?.limit).toBeLessThan(limitOf(few, name)?.limit ?? 0);
  expect(many.bill.usd).toBeGreaterThan(few.bill.usd);
});

it('takes a SKU that every order wants to end at one transaction after the other', () => {
  expect(limitOf(planAt(200, { hotShare: 1 }), 'Stock of')).toMatchObject({
    limit: 100,
    verdict: 'change the design',
  });
});
