import { aRecording } from './a-recording.fixture.ts';
import { billOf } from './bill.ts';
import { callerCosts } from './callers.ts';
import { PRICES } from './prices.ts';
import { billText, count, usd } from './text.ts';
import { usageOf } from './usage.ts';

it.each([
  [0, '0'],
  [0.000_123, '0.00012'],
  [0.4, '0.4'],
  [1234.5, '1,234.50'],
])('writes %d dollars as %s', (amount, expected) => {
  expect(usd(amount)).toBe(expected);
});

it.each([
  [Infinity, '–'],
  [0.123_4, '0.123'],
  [1234.5, '1,235'],
])('writes a count of %d as %s', (amount, expected) => {
  expect(count(amount)).toBe(expected);
});

it('marks a price without a source as unverified, and names the region of the others', () => {
  const bill = billOf(
    new Map([...usageOf(aRecording(), 100), ['ses.messages', { perOrder: 1, perMonth: 0 }]]),
    1_000,
  );

  const line = (what: string) =>
    billText(bill)
      .split('\n')
      .findLast((each) => each.includes(what));
  expect(line('mail')).toMatch(/unverified$/);
  expect(line('writes, on demand')).toMatch(/us-east-1$/);
});

it('has a date for every source', () => {
  for (const { source } of Object.values(PRICES)) if (source) expect(source.date).toMatch(/20\d\d/);
});

it('says what dominates', () => {
  expect(billText(billOf(usageOf(aRecording(), 100), 3_000))).toContain(
    'What dominates: DynamoDB (writes, on demand), 100%',
  );
});

it('tells who causes the cost, the operator left out', () => {
  const recording = aRecording();
  const by = { ...recording.reading.by, operator: { 'sqs.requests': 1_000 } };

  expect(callerCosts({ ...recording, reading: { ...recording.reading, by } }).map(({ who }) => who)).toEqual([
    'ship-order',
  ]);
});
