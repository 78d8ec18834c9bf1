import { describedExecution, failedExecution } from './failed-execution.ts';

const NOW = Date.parse('2026-02-01T00:00:00Z');
const DAY = 24 * 60 * 60;
const answer = {
  executionArn: 'arn:aws:states:eu-west-1:1:execution:shop-order-workflow:o-1.r2',
  name: 'o-1.r2',
  status: 'FAILED',
  startDate: NOW / 1_000 - 100,
  stopDate: NOW / 1_000 - DAY,
  error: 'PaymentGatewayUnavailable',
  cause: '{"errorMessage":"…"}',
  input: '{"orderId":"o-1"}',
  redriveStatus: 'REDRIVABLE',
};
const letterOf = (more: object, status?: string) =>
  failedExecution(describedExecution({ ...answer, ...more }), status, NOW);

it('a failed execution of an open order is a letter', () => {
  expect(letterOf({}, 'PAID')).toEqual({
    id: 'execution.o-1_2er2',
    kind: 'execution',
    source: 'order-workflow',
    cause: 'PaymentGatewayUnavailable',
    message: 'Execution o-1.r2 ended FAILED with PaymentGatewayUnavailable; its order stands at PAID.',
    at: '2026-01-31T00:00:00.000Z',
    records: 1,
    subjects: ['order o-1'],
    redrivable: true,
  });
});

it('an execution without an input is for the order that it is named after', () => {
  expect(letterOf({ input: undefined }, 'PAID')?.subjects).toEqual(['order o-1']);
});

it.each([
  ['ABORTED, without an error', { status: 'ABORTED', error: undefined }, 'PAID', true],
  [
    'that Step Functions refuses',
    { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: 'Execution history event limit exceeded.' },
    'PAID',
    'Execution history event limit exceeded.',
  ],
  ['older than 14 days', { stopDate: NOW / 1_000 - 15 * DAY }, 'PAID', 'It ended more than 14 days ago'],
  ['of an order that failed', {}, 'FAILED', 'Its order is closed as FAILED'],
])('one %s says whether it can be redriven', (_, more, status, redrivable) => {
  const found = letterOf(more, status)?.redrivable;

  if (redrivable === true) expect(found).toBe(true);
  else expect(found).toContain(redrivable);
});

it.each([
  ['SHIPPED', 0],
  ['REJECTED', 0],
  ['CANCELLED', 0],
  ['FAILED', 15],
])('nothing waits for an order that is %s, %i days later', (status, days) => {
  expect(letterOf({ stopDate: NOW / 1_000 - days * DAY }, status)).toBeUndefined();
});
