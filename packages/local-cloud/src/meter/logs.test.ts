import { countLog } from './logs.ts';
import { Meter } from './meter.ts';

/** A line in the embedded metric format. */
function metricLine(values: Record<string, unknown>, dimensions: string[][], ...metrics: string[]): string {
  const CloudWatchMetrics = [
    { Namespace: 'Shop', Dimensions: dimensions, Metrics: metrics.map((Name) => ({ Name, Unit: 'Count' })) },
  ];
  return JSON.stringify({ _aws: { Timestamp: 1, CloudWatchMetrics }, ...values });
}

function metricsOf(...lines: string[]): readonly string[] {
  const meter = new Meter();
  for (const line of lines) countLog(meter, 'one', `${line}\n`);
  return meter.reading().metrics;
}

it('counts bytes, and 26 for each event', () => {
  const meter = new Meter();

  countLog(meter, 'one', 'abc\n€\n');

  expect(meter.reading().by).toEqual({ one: { 'logs.bytes': 3 + 26 + 3 + 26 } });
});

it.each([
  ['a name is a metric', [metricLine({ a: 1 }, [['a']], 'Done', 'Failed')], 2],
  [
    'so is each value of a dimension',
    [metricLine({ a: 1 }, [['a']], 'Done'), metricLine({ a: 2 }, [['a']], 'Done')],
    2,
  ],
  ['so is each set of dimensions', [metricLine({ a: 1, b: 2 }, [['a'], ['a', 'b'], []], 'Done')], 3],
  [
    'the same metric is one',
    [metricLine({ a: 1 }, [['a']], 'Done'), metricLine({ a: 1 }, [['a']], 'Done')],
    1,
  ],
  [
    'a line that only speaks of metrics is none',
    ['"CloudWatchMetrics" is a word', '{"CloudWatchMetrics":[]}'],
    0,
  ],
])('tells custom metrics apart: %s', (_, lines, expected) => {
  expect(metricsOf(...lines)).toHaveLength(expected);
});
