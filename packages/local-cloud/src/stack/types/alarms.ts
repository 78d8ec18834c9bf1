import * as z from 'zod';
import { compileMath } from '../../alarms/metric-math.ts';
import { metricProblem, unproduced } from '../../alarms/produced-metrics.ts';
import { args, block, blocks, flag, inert, refused, text, whole } from '../arguments.ts';
import { arn } from '../arns.ts';
import type { Draft } from '../draft.ts';
import type { Alarm, AlarmMetric } from '../model.ts';
import { requireArn } from '../require.ts';
import { resourceType } from '../resource-type.ts';

/** A number, or its digits. */
const number = z.preprocess(
  (value) => (typeof value === 'string' && value !== '' ? Number(value) : value),
  z.number(),
);
/** AWS has shorter ones and takes more for them. */
const period = whole(60, 86_400).refine((seconds) => seconds % 60 === 0, {
  error: 'must be whole minutes in seconds here',
});
const statistic = z.enum(['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount']);
const dimensions = z.record(z.string(), text).default({});
const topics = z.array(text).default([]);
const id = text.refine((value) => /^[a-z]\w*$/.test(value), { error: 'must begin with a small letter' });

const NOT_PERCENTILES = refused('Percentiles are not kept here: choose a statistic');
const NOT_BANDS = refused('There is no anomaly detection here: give a threshold');

const base = args({
  alarm_name: text,
  alarm_description: text.default(''),
  comparison_operator: z.enum(
    [
      'GreaterThanThreshold',
      'GreaterThanOrEqualToThreshold',
      'LessThanThreshold',
      'LessThanOrEqualToThreshold',
    ],
    { error: 'must compare with a threshold: there is no anomaly detection here' },
  ),
  threshold: number,
  evaluation_periods: whole(1, 1_440),
  datapoints_to_alarm: whole(1, 1_440).optional(),
  treat_missing_data: z.enum(['missing', 'ignore', 'breaching', 'notBreaching']).default('missing'),
  actions_enabled: flag.default(true),
  alarm_actions: topics,
  ok_actions: topics,
  insufficient_data_actions: topics,
  namespace: text.optional(),
  metric_name: text.optional(),
  dimensions,
  statistic: statistic.optional(),
  period: period.optional(),
  unit: inert('metrics have no unit here'),
  metric_query: blocks({
    id,
    expression: text.optional(),
    label: text.default(''),
    return_data: flag.default(false),
    account_id: refused('Remove it: there is one account here'),
    period: refused('Give it with the metric'),
    metric: block({
      namespace: text,
      metric_name: text,
      dimensions,
      stat: statistic,
      period,
      unit: inert('metrics have no unit here'),
    }),
  }),
  extended_statistic: NOT_PERCENTILES,
  evaluate_low_sample_count_percentiles: NOT_PERCENTILES,
  threshold_metric_id: NOT_BANDS,
});

type Given = z.output<typeof base>;
type Watched = Pick<Alarm, 'metrics' | 'expression' | 'periodSeconds'>;

const schema = base.superRefine((given, context) => {
  const watched = watchedBy(given);
  const problem = typeof watched === 'string' ? watched : problemOf(watched, given);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem, path: ['metric_query'] });
});

const alarm = resourceType({
  type: 'aws_cloudwatch_metric_alarm',
  schema,
  inert(given) {
    const watched = watchedBy(given);
    return typeof watched === 'string' ? watched : reasonNotToRun(watched);
  },
  attributes({ alarm_name }, place) {
    return { id: alarm_name, arn: arn('cloudwatch', `alarm:${alarm_name}`, place) };
  },
  contribute({ address, args: given, attributes }, draft) {
    const watched = watchedBy(given);
    if (typeof watched === 'string' || reasonNotToRun(watched) !== undefined) return;
    const told = (topics: readonly string[]) => (given.actions_enabled ? topics : []);
    draft.alarms.push({
      address,
      name: given.alarm_name,
      arn: attributes.arn,
      description: given.alarm_description,
      actions: {
        ALARM: told(given.alarm_actions),
        OK: told(given.ok_actions),
        INSUFFICIENT_DATA: told(given.insufficient_data_actions),
      },
      comparison: given.comparison_operator,
      threshold: given.threshold,
      evaluationPeriods: given.evaluation_periods,
      datapointsToAlarm: given.datapoints_to_alarm ?? given.evaluation_periods,
      missingData: given.treat_missing_data,
      ...watched,
    });
  },
});

export const alarmTypes = [alarm];

/** What an alarm watches, or why that can't be told. */
function watchedBy(given: Given): Watched | string {
  if (given.metric_query.length > 0) return watchedByQueries(given.metric_query);
  const { namespace, metric_name: name, statistic: chosen, period: periodSeconds, dimensions } = given;
  if (!namespace || !name || !chosen || periodSeconds === undefined)
    return 'must be given, or else namespace, metric_name, statistic and period';
  return {
    metrics: [{ id: 'm1', metric: { namespace, name, dimensions }, statistic: chosen }],
    periodSeconds,
  };
}

function watchedByQueries(queries: Given['metric_query']): Watched | string {
  const returned = queries.filter(({ return_data }) => return_data);
  const [watched] = returned;
  if (!watched || returned.length > 1) return 'must have one query with return_data true, which is watched';
  const metrics = queries.flatMap(({ id, metric }): AlarmMetric[] => {
    if (!metric) return [];
    const { namespace, metric_name: name, dimensions } = metric;
    return [{ id, metric: { namespace, name, dimensions }, statistic: metric.stat }];
  });
  const [periodSeconds, ...others] = new Set(queries.flatMap(({ metric }) => metric?.period ?? []));
  if (periodSeconds === undefined || others.length > 0) return 'must have metrics, all of the same period';
  const expressions = queries.filter(({ expression }) => expression !== undefined);
  if (watched.expression === undefined)
    return { metrics: metrics.filter(({ id }) => id === watched.id), periodSeconds };
  if (expressions.length > 1) return 'must have one expression: none may stand on another here';
  const { id, label, expression } = watched;
  return { metrics, expression: { id, label: label || id, text: expression }, periodSeconds };
}

function problemOf({ metrics, expression }: Watched, given: Given): string | undefined {
  const { evaluation_periods: of, datapoints_to_alarm: least = of } = given;
  if (least > of) return `evaluates ${of} periods, so that datapoints_to_alarm can't be ${least}`;
  for (const { metric } of metrics) {
    const problem = metricProblem(metric.namespace, metric.name, Object.keys(metric.dimensions));
    if (problem !== undefined) return problem;
  }
  if (!expression) return undefined;
  const compiled = compileMath(expression.text, new Set(metrics.map(({ id }) => id)));
  return typeof compiled === 'string' ? `expression ${expression.text}: ${compiled}` : undefined;
}

function reasonNotToRun({ metrics }: Watched): string | undefined {
  return metrics.map(({ metric }) => unproduced(metric.namespace)).find((reason) => reason !== undefined);
}

/** What a dimension names is in the stack: an alarm on what is not there would stay silent. */
const NAMED: Readonly<Record<string, (draft: Draft, value: string) => boolean>> = {
  'AWS/Lambda FunctionName': ({ functions }, value) => functions.some(({ name }) => name === value),
  'AWS/SQS QueueName': ({ queues }, value) => queues.some(({ name }) => name === value),
  'AWS/States StateMachineArn': ({ stateMachines }, value) => stateMachines.some((m) => m.arn === value),
  'AWS/ApiGateway ApiId': ({ apis }, value) => apis.some((api) => api.id === value),
};

export function linkAlarms(draft: Draft, problems: string[]): readonly Alarm[] {
  return draft.alarms.map(({ address, ...linked }) => {
    for (const topicArn of Object.values(linked.actions).flat())
      requireArn(draft, ['topics'], { address, argument: 'alarm_actions', arn: topicArn }, problems);
    for (const { metric } of linked.metrics)
      for (const [dimension, value] of Object.entries(metric.dimensions))
        if (NAMED[`${metric.namespace} ${dimension}`]?.(draft, value) === false)
          problems.push(`${address}: dimension ${dimension} is "${value}", which is not in this stack`);
    return linked;
  });
}
