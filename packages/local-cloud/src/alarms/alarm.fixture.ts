import type { Alarm } from '../stack/model.ts';

/** An alarm that rings at more than 0 in one minute, with what a test changes. */
export function alarmWith(changed: Partial<Alarm> = {}): Alarm {
  return {
    name: 'orders-failed',
    arn: 'arn:aws:cloudwatch:eu-west-1:000000000000:alarm:orders-failed',
    description: 'Orders fail. Runbook: docs/failed.md',
    actions: { ALARM: ['topic'], OK: ['topic'], INSUFFICIENT_DATA: [] },
    comparison: 'GreaterThanThreshold',
    threshold: 0,
    periodSeconds: 60,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    missingData: 'notBreaching',
    metrics: [
      {
        id: 'm1',
        metric: { namespace: 'Shop', name: 'OrdersFailed', dimensions: { service: 'shop' } },
        statistic: 'Sum',
      },
    ],
    ...changed,
  };
}
