import type { SmokeReport } from './run.ts';
import { smokeText } from './text.ts';

const ARN = 'arn:aws:states:eu-west-1:123456789012:execution:orderstream-dev-order-workflow:smoke-1';
const REPORT: SmokeReport = {
  orders: 20,
  shipped: 20,
  writeToStart: { p50: 12, p99: 80 },
  writeToShipped: { p50: 900, p99: 2_100 },
  late: [],
  unsent: [],
  kept: [],
  keptOfEarlier: [],
};
const late = (status: string, cause?: string) => ({
  ...REPORT,
  late: [{ orderId: 'smoke-1', status: 'PAID', cause, execution: { arn: ARN, status } }],
});

describe('what a smoke run says', () => {
  it('is the figures alone where all went well', () => {
    expect(smokeText(REPORT, 'aws')).toBe(
      [
        '  shipped          20 of 20',
        '  write → start    p50 12 ms, p99 80 ms',
        '  write → shipped  p50 900 ms, p99 2100 ms',
      ].join('\n'),
    );
  });

  it.each<[string, SmokeReport, 'local' | 'aws', string]>([
    [
      'an order whose workflow was not started',
      late('none'),
      'aws',
      'smoke-1 is PAID, its execution none: nobody has started it. Is dispatching paused (orders resume)? See what waits: orders dlq list',
    ],
    [
      'an order that failed here',
      late('SUCCEEDED', 'PaymentDeclined'),
      'local',
      'smoke-1 is PAID (PaymentDeclined), its execution SUCCEEDED. Look at it: orders trace smoke-1',
    ],
    [
      'an order that stands still on AWS',
      late('RUNNING'),
      'aws',
      `smoke-1 is PAID, its execution RUNNING. Look at it: https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/${ARN}`,
    ],
    [
      'an order that nobody counted',
      { ...REPORT, kept: [{ orderId: 'smoke-2', why: 'track-sales has not counted it', kind: 'unheard' }] },
      'aws',
      'smoke-2 shipped, but could not be removed: track-sales has not counted it. See what waits: orders dlq list',
    ],
    [
      'an order that has to wait for something else than a dead letter',
      {
        ...REPORT,
        kept: [{ orderId: 'smoke-2', why: 'the sales figures are being rebuilt', kind: 'wait' }],
      },
      'aws',
      'smoke-2 shipped, but could not be removed: the sales figures are being rebuilt. A later run looks again.',
    ],
    [
      'an order of an earlier run',
      { ...REPORT, keptOfEarlier: [{ orderId: 'smoke-0', why: 'it stands at PAID', kind: 'wait' }] },
      'aws',
      'smoke-0 of an earlier run stays: it stands at PAID. A later run looks again.',
    ],
    [
      'an order whose mail did not go out',
      { ...REPORT, unsent: [{ orderId: 'smoke-3', mail: 'failed' }] },
      'aws',
      'smoke-3 shipped and is removed, but no mail said so: it is failed. Read the log of notify-customer.',
    ],
  ])('names %s, and the next step', (_, report, where, line) => {
    expect(smokeText(report, where).split('\n').at(-1)).toBe(line);
  });
});
