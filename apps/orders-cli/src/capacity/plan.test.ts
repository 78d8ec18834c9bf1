import { readRecording } from '../cost/recording.ts';
import { constraintsOf } from './constraints.ts';
import { PACES } from './page.ts';
import { planOf, type Plan } from './plan.ts';
import { planText } from './text.ts';

const recording = readRecording('standard');
const planAt = (pace: number, more: { lines?: number; hotShare?: number } = {}): Plan =>
  planOf(recording, { pace, lines: more.lines, hotShare: more.hotShare ?? 0.05 });
const limitOf = (plan: Plan, name: string) => plan.constraints.find((one) => one.name.startsWith(name));

it.each([
  ['Starts of the workflow', 300, '300 starts/s ÷ 1 start an order = 300'],
  ['Mail of a second', 0.5, '1 messages/s ÷ 2 mails an order = 0.5'],
  ['Mail of a day', 200 / 86_400 / 2, '0.00231 messages/s ÷ 2 mails an order = 0.00116'],
  ['Customer API: POST /activity', 150, '50 requests/s ÷ 0.333 visits of guests an order = 150'],
])('derives the limit of %s and shows how', (name, limit, arithmetic) => {
  expect(limitOf(planAt(1), name)).toMatchObject({ limit, arithmetic });
});

it.each(['Customer API: stage', 'Customer API: POST /activity'])(
  'lets %s end before the quota of the account, and raises it up to that',
  (name) => {
    const plan = planAt(1_000);

    const account = limitOf(plan, 'Customer API: account');
    expect(limitOf(plan, name)?.limit).toBeLessThan(account?.limit ?? 0);
    expect(limitOf(plan, name)?.most).toBe(account?.most);
    expect(limitOf(plan, name)?.setting).toMatch(/customer-api\.ts, then the quota of the account/);
  },
);

it.each(['Mail of a second', 'Mail of a day'])('has a design for more of %s than AWS allows', (name) => {
  expect(limitOf(planAt(1_000), name)).toMatchObject({
    verdict: 'change the design',
    redesign: expect.stringContaining('several accounts'),
  });
});

it('checks the table that is written most, and no index', () => {
  const { demand } = planAt(1);
  const writes = { orders: 11, summaries: 20, activity: 14, 'orders/byDay': 99 };

  expect(constraintsOf({ ...demand, writes }, 0.05, 1)).toContainEqual(
    expect.objectContaining({ name: 'Table with the most writes (summaries)', limit: 2_000 }),
  );
});

it('says what of the bill rests on prices without a source', () => {
  const plan = planAt(1_000);

  const sourced = plan.bill.lines.filter(({ price }) => price.source !== undefined);
  const sourcedUsd = sourced.reduce((sum, line) => sum + line.usd, 0);
  expect(plan.unverifiedUsd).toBeCloseTo(plan.bill.usd - sourcedUsd, 2);
  expect(plan.unverifiedUsd).not.toBeCloseTo(sourcedUsd, 2);
  expect(planText(plan)).toMatch(/of it [\d,.]+ USD unverified/);
  expect(planText(plan)).toMatch(/, .+ \(unverified\)\n/);
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

it('takes orders of more lines to count more sales, by the month and in the bill alike', () => {
  const recorded = planAt(100);
  const { lines, writes, salesWrites } = recorded.demand;
  const twice = planAt(100, { lines: lines * 2 });

  const more = (table: string) => (twice.demand.writes[table] ?? 0) - (writes[table] ?? 0);
  const billed = (plan: Plan) =>
    plan.bill.lines.find(({ name }) => name === 'dynamodb.writeUnits')?.perOrder ?? 0;
  expect(twice.demand.salesWrites).toBeCloseTo(salesWrites * 2);
  expect(more('summaries')).toBeCloseTo(salesWrites);
  expect(billed(twice) - billed(recorded)).toBeCloseTo(
    more('summaries') + more('stock') + more('allocations'),
  );
});

it('says which parts do not grow with the lines', () => {
  expect(planText(planAt(100, { lines: 60 }))).toMatch(/--lines.* stay those of the recorded [\d.]+ lines/);
});

it('takes a SKU that every order wants to end at one transaction after the other', () => {
  expect(limitOf(planAt(200, { hotShare: 1 }), 'Stock of')).toMatchObject({
    limit: 100,
    verdict: 'change the design',
  });
});
