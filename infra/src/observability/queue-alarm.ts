import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { Construct } from 'constructs';

export interface QueueAlarmProps {
  readonly name: string;
  /** Says to whom it rings what has happened and what to do. */
  readonly description: string;
  readonly queueName: string;
}

/** An alarm that rings as soon as a message waits in a queue, and until none does. */
export function alarmAtFirstMessage(scope: Construct, props: QueueAlarmProps): void {
  new CloudwatchMetricAlarm(scope, 'alarm', {
    alarmName: props.name,
    alarmDescription: props.description,
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: props.queueName },
    statistic: 'Maximum',
    period: 60,
    evaluationPeriods: 1,
    comparisonOperator: 'GreaterThanThreshold',
    threshold: 0,
    treatMissingData: 'notBreaching',
  });
}
