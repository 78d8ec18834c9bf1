import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { Construct } from 'constructs';
import type { Metric } from './metrics.ts';

/** The pages under docs/operating that tell what to do, one for each kind of alarm. */
export const RUNBOOKS = [
  'api-errors',
  'budget',
  'dead-letters',
  'dispatch-paused',
  'failed-executions',
  'function-errors',
  'iterator-age',
  'orders-stuck',
  'payment-failures',
  'sweeps-missing',
  'throttles',
] as const;
export type Runbook = (typeof RUNBOOKS)[number];

/** A number over time: of one metric, of several together, or the share of one in another, in percent. */
export type Measured =
  Metric | { readonly sum: readonly Metric[] } | { readonly share: Metric; readonly of: Metric };

export interface AlarmProps {
  /** Ends its name, and is its id in the stack. */
  readonly name: string;
  /** What has happened and what it means, in full sentences, to whoever it rings for. */
  readonly what: string;
  readonly runbook: Runbook;
  readonly measured: Measured;
  /** It rings above this; at `silence`, where nothing was counted of what must go on happening. */
  readonly above: number | 'silence';
  /** measured over so many seconds, */
  readonly seconds: number;
  /** in so many of the last so many such periods; `[1, 1]` unless it is given. */
  readonly periods?: readonly [breaching: number, of: number];
}

/** What all alarms of a stack have in common. */
export interface Ringing {
  readonly prefix: string;
  readonly topicArn: string;
  readonly runbookUrl: (runbook: Runbook) => string;
}

/**
 * An alarm: tells the topic when it rings and when it ends, and its description ends with its runbook. While nothing is
 * measured it does not ring, unless that is what it watches for: most metrics are only there when something happens.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
 */
export class Alarm extends Construct {
  readonly arn: string;

  constructor(scope: Construct, props: AlarmProps, { prefix, topicArn, runbookUrl }: Ringing) {
    super(scope, props.name);
    const [breaching, of] = props.periods ?? [1, 1];
    const alarm = new CloudwatchMetricAlarm(this, 'alarm', {
      alarmName: `${prefix}-${props.name}`,
      alarmDescription: `${props.what} Runbook: ${runbookUrl(props.runbook)}`,
      ...measuring(props.measured, props.seconds),
      ...ringing(props.above),
      evaluationPeriods: of,
      datapointsToAlarm: breaching,
      alarmActions: [topicArn],
      okActions: [topicArn],
    });
    this.arn = alarm.arn;
  }
}

function ringing(above: AlarmProps['above']) {
  return above === 'silence'
    ? { comparisonOperator: 'LessThanThreshold', threshold: 1, treatMissingData: 'breaching' }
    : { comparisonOperator: 'GreaterThanThreshold', threshold: above, treatMissingData: 'notBreaching' };
}

function measuring(measured: Measured, period: number) {
  const query = (id: string, { namespace, name, dimensions, statistic }: Metric) => ({
    id,
    metric: { namespace, metricName: name, dimensions, stat: statistic, period },
  });
  if ('sum' in measured) {
    const parts = measured.sum.map((metric) => query(metric.name.toLowerCase(), metric));
    // A sum of a list leaves out what is missing, which + would not.
    const expression = `SUM([${parts.map(({ id }) => id).join(', ')}])`;
    return { metricQuery: [...parts, { id: 'all', expression, label: 'All', returnData: true }] };
  }
  if ('share' in measured) {
    const share = { id: 'share', expression: '100 * failed / all', label: 'Percent', returnData: true };
    return { metricQuery: [query('failed', measured.share), query('all', measured.of), share] };
  }
  const { namespace, name: metricName, dimensions, statistic } = measured;
  const isOfAll = Object.keys(dimensions).length === 0;
  return { namespace, metricName, ...(isOfAll ? {} : { dimensions }), statistic, period };
}
