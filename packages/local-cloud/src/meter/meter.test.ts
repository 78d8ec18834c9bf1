import { gbSeconds, Meter } from './meter.ts';

it.each([
  [1024, 1, 0.001],
  [1024, 0.2, 0.001],
  [512, 100.01, 0.0505],
  [128, 1000, 0.125],
])(
  'bills %i MB for %d ms as %d GB-seconds: milliseconds are rounded up',
  (memoryMb, milliseconds, expected) => {
    expect(gbSeconds(memoryMb, milliseconds)).toBeCloseTo(expected, 9);
  },
);

it('tells the total, and who caused how much of it', () => {
  const meter = new Meter();

  meter.add('one', 'sqs.requests', 2);
  meter.add('other', 'sqs.requests');
  meter.ran('one', 1024, 10);

  const { total, by } = meter.reading();
  expect(total).toMatchObject({ 'sqs.requests': 3, 'lambda.requests': 1, 'lambda.gbSeconds': 0.01 });
  expect(by['other']).toEqual({ 'sqs.requests': 1 });
});

it('notes a loading ahead of the first run apart, and bills it to nobody', () => {
  const meter = new Meter();

  meter.loaded('one', 512, 200);

  const { total, loads } = meter.reading();
  expect(total).toEqual({});
  expect(loads).toEqual({ one: { memoryMb: 512, gbSeconds: 0.1 } });
});

it('tells a table’s units without counting them twice', () => {
  const meter = new Meter();

  meter.add('one', 'dynamodb.writeUnits', 3);
  meter.units('orders/byDay', 'dynamodb.writeUnits', 3);

  const { total, tables } = meter.reading();
  expect(total).toEqual({ 'dynamodb.writeUnits': 3 });
  expect(tables).toEqual({ 'orders/byDay': { 'dynamodb.writeUnits': 3 } });
});

it('counts from 0 after a restart, as of then, and still knows the metrics', () => {
  let now = Date.UTC(2026, 0, 1);
  const meter = new Meter(() => now);
  meter.add('one', 'sqs.requests');
  meter.units('orders', 'dynamodb.readUnits', 1);
  meter.metric('Shop Done {}');

  now += 3_600_000;
  meter.restart();

  const { since, total, by, tables, metrics } = meter.reading();
  expect(since).toBe('2026-01-01T01:00:00.000Z');
  expect({ total, by, tables }).toEqual({ total: {}, by: {}, tables: {} });
  expect(metrics).toEqual(['Shop Done {}']);
});
