import type { Alarm, AlarmState, Stack } from '../stack/model.ts';

/** A change of an alarm's state. */
export interface AlarmChange {
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface Notification {
  readonly subject: string;
  /** JSON text. */
  readonly message: string;
  /** What a person reads who gets it by mail. */
  readonly mail: string;
}

/**
 * What CloudWatch tells a topic of an alarm. Where AWS writes a region's name for people, here is its code.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function notificationOf(
  alarm: Alarm,
  { from, to, reason, at }: AlarmChange,
  { region, accountId }: Pick<Stack, 'region' | 'accountId'>,
): Notification {
  const document = {
    AlarmName: alarm.name,
    AlarmDescription: alarm.description,
    AWSAccountId: accountId,
    NewStateValue: to,
    NewStateReason: reason,
    StateChangeTime: new Date(at).toISOString().replace('Z', '+0000'),
    Region: region,
    AlarmArn: alarm.arn,
    OldStateValue: from,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    Trigger: triggerOf(alarm),
  };
  return {
    subject: `${to}: "${alarm.name}" in ${region}`,
    message: JSON.stringify(document),
    mail: [
      `The alarm "${alarm.name}" in ${region} is in the state ${to} since ${new Date(at).toISOString()}.`,
      alarm.description,
      `Change: ${from} -> ${to}`,
      `Reason: ${reason}`,
      `Alarm: ${alarm.arn}`,
    ].join('\n\n'),
  };
}

function triggerOf(alarm: Alarm): object {
  const { metrics, expression, periodSeconds, evaluationPeriods, datapointsToAlarm } = alarm;
  const [only] = metrics;
  const judged = {
    Period: periodSeconds,
    EvaluationPeriods: evaluationPeriods,
    DatapointsToAlarm: datapointsToAlarm,
    ComparisonOperator: alarm.comparison,
    Threshold: alarm.threshold,
    TreatMissingData: alarm.missingData,
    EvaluateLowSampleCountPercentile: '',
  };
  if (!expression && only) {
    const { statistic } = only;
    const stat = { StatisticType: 'Statistic', Statistic: statistic.toUpperCase(), Unit: null };
    return { ...named(only), ...stat, ...judged };
  }
  const { id, label, text } = expression ?? { id: '', label: '', text: '' };
  return {
    ...judged,
    Metrics: [
      { Expression: text, Id: id, Label: label, ReturnData: true },
      ...metrics.map((metric) => ({
        Id: metric.id,
        MetricStat: { Metric: named(metric), Period: periodSeconds, Stat: metric.statistic },
        ReturnData: false,
      })),
    ],
  };
}

function named({ metric }: Alarm['metrics'][number]): object {
  const { namespace, name, dimensions } = metric;
  return {
    MetricName: name,
    Namespace: namespace,
    Dimensions: Object.entries(dimensions).map(([dimension, value]) => ({ value, name: dimension })),
  };
}
