import { aRecording } from './a-recording.fixture.ts';
import { billOf } from './bill.ts';
import { callerCosts } from './callers.ts';
import { PRICES } from './prices.ts';
import { billRows, billText, callerRows, count, prodText, usd } from './text.ts';
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
  [0.123_4, '0.123'],
  [1234.5, '1,235'],
])('writes a count of %d as %s', (amount, expected) => {
  expect(count(amount)).toBe(expected);
});

describe('what lies on a price without a source', () => {
  const usage = new Map([
    ...usageOf(aRecording(), 100),
    ['s3.writes', { perOrder: 1, perMonth: 0 }],
    ['cache.hours', { perOrder: 0, perMonth: 100 }],
  ] as const);
  const text = billText(billOf(usage, 1_000));
  const line = (what: string) => text.split('\n').findLast((each) => each.includes(what));

  it('is marked as unverified; the others name their region and date', () => {
    expect(line('PUT and LIST')).toMatch(/unverified$/);
    expect(line('writes, on demand')).toMatch(/us-east-1, 2025-07-21$/);
  });

  it('is told of the sums as well', () => {
    expect(text).toContain(
      'Unverified, by prices without a source: 1.29 USD of the month, 5.00 of each million orders.',
    );
    expect(billText(billOf(usageOf(aRecording(), 100), 1_000))).not.toContain('nverified');
  });

  it('is told of who causes it', () => {
    const { reading } = aRecording();
    const by = { archiver: { 's3.writes': 10, 'sqs.requests': 10 }, reader: { 'sqs.requests': 10 } };

    expect(callerRows(aRecording({ reading: { ...reading, by } }))).toEqual([
      expect.anything(),
      ['5.40', '5.00', 'archiver', 'S3, PUT and LIST requests'],
      ['0.4', '–', 'reader', 'SQS, requests'],
    ]);
  });
});

it('has a date for every source, and a source for every amount that is free', () => {
  for (const { source, free, freeSource } of Object.values(PRICES)) {
    if (source) expect(source.date).toMatch(/20\d\d/);
    if (free > 0) expect(freeSource?.date).toMatch(/20\d\d/);
  }
});

it('says what the preset costs in production, where that differs', () => {
  const { stack } = aRecording();
  const prod = { ...stack, cacheNodes: 2, searchNodes: 2, searchGb: 20 };

  expect(prodText(aRecording({ prod }))).toMatch(
    /^In the environment prod the same preset costs 73\.69 USD a month without any order: 2 nodes for the cache and 2 with 20 GB/,
  );
  expect(prodText(aRecording({ prod: stack }))).toBe('');
});

it('says what a month costs without the text messages that customers ask for', () => {
  const usage = new Map([
    ['ses.messages', { perOrder: 2, perMonth: 0 }],
    ['sns.textMessages', { perOrder: 1, perMonth: 0 }],
  ] as const);

  expect(billText(billOf(usage, 10_000))).toContain(
    'Without text messages, which customers ask for: 2.00 USD.',
  );
  expect(billText(billOf(usageOf(aRecording(), 100), 1_000))).not.toContain('ithout text messages');
});

it('shows nothing for orders that are free where none is', () => {
  const [, row] = billRows(billOf(new Map([['cache.hours', { perOrder: 0, perMonth: 1 }]]), 1));

  expect(row?.[7]).toBe('–');
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
