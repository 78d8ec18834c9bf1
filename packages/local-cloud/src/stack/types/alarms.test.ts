import { problemsOf, resolveParts } from '../stack.fixture.ts';

const topic = { aws_sns_topic: { it: { name: 'alarms' } } };
const queue = { aws_sqs_queue: { letters: { name: 'letters' } } };
const judged = {
  alarm_name: 'letters',
  alarm_description: 'Letters wait',
  evaluation_periods: 3,
  comparison_operator: 'GreaterThanThreshold',
  threshold: 0,
  alarm_actions: ['${aws_sns_topic.it.arn}'],
};
const given = {
  ...judged,
  namespace: 'AWS/SQS',
  metric_name: 'ApproximateNumberOfMessagesVisible',
  dimensions: { QueueName: '${aws_sqs_queue.letters.name}' },
  statistic: 'Maximum',
  period: 60,
};

const query = (id: string, metric_name: string, more: object = {}) => ({
  id,
  metric: { namespace: 'Shop', metric_name, stat: 'Sum', period: 300, ...more },
});
const rate = { id: 'rate', expression: '100 * failed / all', return_data: true };

function stackOf(alarm: object) {
  return resolveParts({ ...topic, ...queue, aws_cloudwatch_metric_alarm: { it: alarm } });
}

describe('an alarm', () => {
  it('on a metric is read with what CloudWatch takes where nothing is given', () => {
    expect(stackOf(given).alarms).toEqual([
      {
        name: 'letters',
        arn: 'arn:aws:cloudwatch:eu-west-1:000000000000:alarm:letters',
        description: 'Letters wait',
        actions: {
          ALARM: ['arn:aws:sns:eu-west-1:000000000000:alarms'],
          OK: [],
          INSUFFICIENT_DATA: [],
        },
        comparison: 'GreaterThanThreshold',
        threshold: 0,
        periodSeconds: 60,
        evaluationPeriods: 3,
        datapointsToAlarm: 3,
        missingData: 'missing',
        metrics: [
          {
            id: 'm1',
            metric: {
              namespace: 'AWS/SQS',
              name: 'ApproximateNumberOfMessagesVisible',
              dimensions: { QueueName: 'letters' },
            },
            statistic: 'Maximum',
          },
        ],
      },
    ]);
  });

  it('on an expression is read with its metrics', () => {
    const alarm = { ...judged, metric_query: [query('failed', 'Failed'), query('all', 'All'), rate] };

    expect(stackOf(alarm).alarms).toMatchObject([
      {
        periodSeconds: 300,
        metrics: [
          { id: 'failed', metric: { namespace: 'Shop', name: 'Failed', dimensions: {} }, statistic: 'Sum' },
          { id: 'all' },
        ],
        expression: { id: 'rate', label: 'rate', text: '100 * failed / all' },
      },
    ]);
  });

  it('whose actions are off tells nobody', () => {
    const [alarm] = stackOf({ ...given, actions_enabled: false }).alarms;

    expect(alarm?.actions.ALARM).toEqual([]);
  });

  it('on a metric that the local cloud has not is listed as one that does nothing', () => {
    const alarm = { ...given, namespace: 'AWS/Billing', metric_name: 'EstimatedCharges', dimensions: {} };
    const { alarms, inert } = stackOf(alarm);

    expect(alarms).toEqual([]);
    expect(inert).toContainEqual({
      address: 'aws_cloudwatch_metric_alarm.it',
      reason: "metrics of AWS/Billing are not produced here: this alarm can't ring",
    });
  });

  it.each([
    [
      'a metric that SQS has not',
      { metric_name: 'Visible' },
      /metric Visible of AWS\/SQS is not produced here/,
    ],
    [
      'dimensions that it is not told by',
      { dimensions: {} },
      /not produced by dimensions \(none\) here, but by QueueName/,
    ],
    [
      'a queue that is not there',
      { dimensions: { QueueName: 'other' } },
      /QueueName is "other", which is not in this stack/,
    ],
    [
      'a topic that is not there',
      { alarm_actions: ['arn:aws:sns:a:b:other'] },
      /arn:aws:sns:a:b:other, which is no topic/,
    ],
    [
      'no metric',
      { metric_name: null },
      /must be given, or else namespace, metric_name, statistic and period/,
    ],
    ['seconds', { period: 30 }, /"period" is 30/],
    [
      'more periods than it evaluates',
      { datapoints_to_alarm: 4 },
      /evaluates 3 periods, so that datapoints_to_alarm can't be 4/,
    ],
    ['a percentile', { extended_statistic: 'p99' }, /Percentiles are not kept here/],
    ['a band', { comparison_operator: 'GreaterThanUpperThreshold' }, /no anomaly detection/],
  ])('is refused for %s', (_, changed, problem) => {
    expect(problemsOf(() => stackOf({ ...given, ...changed })).join()).toMatch(problem);
  });

  it.each([
    ['none that is watched', [query('failed', 'Failed')], /one query with return_data true/],
    [
      'two periods',
      [query('failed', 'F'), query('all', 'A', { period: 60 }), rate],
      /all of the same period/,
    ],
    ['an unknown id', [query('failed', 'Failed'), rate], /"all" is not known here/],
    [
      'an expression on another',
      [query('failed', 'F'), query('all', 'A'), { id: 'sum', expression: 'failed + all' }, rate],
      /none may stand on another/,
    ],
  ])('is refused for queries with %s', (_, metric_query, problem) => {
    expect(problemsOf(() => stackOf({ ...judged, metric_query })).join()).toMatch(problem);
  });
});
