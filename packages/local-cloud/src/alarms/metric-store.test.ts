import type { Metric } from '../stack/model.ts';
import { MetricStore, MINUTE_MS } from './metric-store.ts';

const metric: Metric = { namespace: 'Shop', name: 'Sold', dimensions: { country: 'UK', service: 'shop' } };

function seriesOf(kept: number, ...values: [minute: number, value: number][]) {
  const series = new MetricStore([metric], kept).find(metric);
  for (const [minute, value] of values) series?.add(minute * MINUTE_MS + 30_000, value);
  return series;
}

it('keeps only the metrics that are asked for, told apart by all of their dimensions', () => {
  const store = new MetricStore([metric], 5);

  expect(store.find({ ...metric, dimensions: { service: 'shop', country: 'UK' } })).toBeDefined();
  expect(store.find({ ...metric, dimensions: { country: 'UK' } })).toBeUndefined();
  expect(store.find({ ...metric, name: 'Returned' })).toBeUndefined();
});

it.each([
  ['Sum', 12],
  ['Average', 4],
  ['Minimum', 1],
  ['Maximum', 8],
  ['SampleCount', 3],
] as const)('%s is that of all minutes of the period', (statistic, expected) => {
  const series = seriesOf(5, [9, 100], [10, 1], [10, 3], [11, 8], [12, 100]);

  expect(series?.statistic(10, 12, statistic)).toBe(expected);
});

it('has no value for a period that brought nothing', () => {
  expect(seriesOf(5, [10, 1])?.statistic(11, 13, 'Sum')).toBeUndefined();
});

it('forgets what nobody looks back to', () => {
  const series = seriesOf(2, [10, 1], [11, 2], [12, 3], [13, 4]);

  expect(series?.statistic(0, 99, 'Sum')).toBe(2 + 3 + 4);
});
