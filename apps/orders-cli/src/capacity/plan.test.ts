import { PRICES } from '../cost/prices.ts';
import { readRecording } from '../cost/recording.ts';
import { count } from '../cost/text.ts';
import { RAISED } from './constraint.ts';
import { constraintsOf } from './constraints.ts';
import { PACES } from './page.ts';
import { planOf, type Plan } from './plan.ts';
import { QUOTAS } from './quotas.ts';
import { planText, roughUsd } from './text.ts';

const recording = readRecording('standard');
const planAt = (pace: number, more: { lines?: number; hotShare?: number } = {}): Plan =>
  planOf(recording, { pace, lines: more.lines, hotShare: more.hotShare ?? 0.05 });
const numbersIn = (text: string) =>
  [...text.matchAll(/\d(?:[\d,.]*\d)?/g)].map(([digits]) => Number(digits.replaceAll(',', '')));
const limitOf = (plan: Plan, name: string) => plan.constraints.find((one) => one.name.startsWith(name));

it.each([
  ['Starts of the workflow', 300, '300 starts/s ÷ 1 start an order = 300'],
  ['Mail of a second', 0.5, '1 messages/s ÷ 2 mails an order = 0.5'],
  ['Mail of a day', 200 / 86_400 / 2, '0.002315 messages/s ÷ 2 mails an order = 0.00116'],
  ['Customer API: POST /activity', 150, '50 requests/s ÷ 0.3333 visits of guests an order = 150'],
])('derives the limit of %s and shows how', (name, limit, arithmetic) => {
  expect(limitOf(planAt(1), name)).toMatchObject({ limit: expect.closeTo(limit, 1), arithmetic });
});

it.each(
  planAt(1)
    .constraints.filter(({ name }) => !name.startsWith('Stock of'))
    .map((one) => [one.name, one]),
)('shows factors of %s that make its limit', (_, { arithmetic, limit }) => {
  const [sum = '', ...results] = arithmetic.split(' = ');
  const [first = 0, ...factors] = numbersIn(sum);
  const operators = [...sum.matchAll(/[×÷]/g)].map(([sign]) => sign);
  const made = factors.reduce(
    (all, factor, i) => (operators[i] === '×' ? all * factor : all / factor),
    first,
  );
  expect(factors.length).toBe(operators.length);
  expect(count(made)).toBe(count(numbersIn(results[0] ?? '')[0] ?? 0));
  expect(arithmetic.endsWith(` = ${count(limit)}`)).toBe(true);
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

it('checks the table that is written most as a new one is, and no index', () => {
  const { demand } = planAt(1);
  const writes = { orders: 11, summaries: 20, activity: 14, 'orders/byDay': 99 };

  expect(constraintsOf({ ...demand, writes }, 0.05)).toContainEqual(
    expect.objectContaining({ name: 'Table with the most writes (summaries)', limit: 200, most: 20_000 }),
  );
});

it('says what of the bill rests on prices without a source', () => {
  const plan = planAt(1_000);

  const lines = plan.bill.lines.filter(({ unverified }) => unverified);
  const sum = lines.reduce((all, { usd }) => all + usd, 0);
  expect(planText(plan)).toContain(` and ${roughUsd(sum)} USD unverified`);
  expect(planText({ ...plan, bill: { ...plan.bill, lines } })).toMatch(
    /S3, PUT and LIST requests \(unverified\)\n/,
  );
});

it('says how much of the bill text messages are', () => {
  const plan = planAt(1);

  const texts = plan.demand.textMessages * PRICES['sns.textMessages'].usd * plan.bill.ordersPerMonth;
  expect(planText(plan)).toContain(`, of it ${roughUsd(texts)} USD text messages`);
});

it('lets text messages end at what a new account may spend in a month, and then at their rate', () => {
  const { textMessages } = planAt(1).demand;
  const month = limitOf(planAt(1), 'Text messages of a month');
  const second = limitOf(planAt(1), 'Text messages of a second');

  const usd = (month?.limit ?? 0) * 730 * 3_600 * textMessages * PRICES['sns.textMessages'].usd;
  expect(usd).toBeCloseTo(QUOTAS.textSpending.value, 2);
  expect((second?.limit ?? 0) * textMessages).toBeCloseTo(QUOTAS.textRate.value, 2);
  expect(month?.most).toBe(second?.most);
});

it('has no limit of text messages where nobody wants any', () => {
  const { demand } = planAt(1);

  const names = constraintsOf({ ...demand, textMessages: 0 }, 0.05).map(({ name }) => name);
  expect(names.filter((name) => name.startsWith('Text'))).toEqual([]);
});

it('names the source and the date of every quota that it takes', () => {
  const text = planText(planAt(1));

  for (const { quota } of planAt(1).constraints)
    expect(text).toContain(`${quota.source?.title}, ${quota.source?.date}`);
});

it.each([
  [999.994, '999.99'],
  [1_164_470.31, '1,160,000'],
])('writes %d dollars of a plan as %s', (amount, text) => {
  expect(roughUsd(amount)).toBe(text);
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

it('counts accounts by what a quota of an account can be raised to', () => {
  const { accounts, constraints } = planAt(100_000);

  const [concurrency, table] = ['Function concurrency', 'Table with the most writes'].map((start) =>
    constraints.find(({ name }) => name.startsWith(start)),
  );
  expect(table?.limit).toBeLessThan(concurrency?.limit ?? 0);
  expect(accounts).toBe(Math.ceil(100_000 / ((concurrency?.limit ?? 0) * RAISED)));
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

it.each([1, 300, 1_000, 100_000])(
  'shows factors at %i orders a second that make what they come to',
  (pace) => {
    const { little } = planAt(pace);

    const [system = '', ...products] = little;
    const [poll = 0, dispatcher = 0, stages = 0, states = 0, each = 0, all = 0] = numbersIn(system);
    expect(all).toBeCloseTo(poll + dispatcher + stages + states * each, 6);
    for (const line of products.slice(0, 2)) {
      const [a = 0, b = 0, product] = numbersIn(line);
      expect(product).toBe(Math.ceil(Number((a * b).toFixed(6))));
    }
  },
);

it('takes orders of more lines to write more stock, to meet on one SKU more often and to cost more', () => {
  const few = planAt(100, { lines: 3 });
  const many = planAt(100, { lines: 60 });

  expect(limitOf(many, 'Stock of')?.limit).toBeLessThan(limitOf(few, 'Stock of')?.limit ?? 0);
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
  const plan = planAt(200, { hotShare: 1 });

  // 10 ms each, and every line of an order moves more than once.
  const moves = (plan.demand.writes['stock'] ?? 0) / 2 / plan.demand.lines;
  expect(moves).toBeGreaterThan(1);
  expect(limitOf(plan, 'Stock of')).toMatchObject({
    limit: expect.closeTo(100 / moves, 1),
    verdict: 'change the design',
  });
});

it('puts the same limits to every pace', () => {
  const limitsAt = (pace: number) => planAt(pace).constraints.map(({ name, limit }) => [name, limit]);

  expect(limitsAt(100_000)).toEqual(limitsAt(1));
});
