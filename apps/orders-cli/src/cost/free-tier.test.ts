import { billOf } from './bill.ts';
import { PRICES } from './prices.ts';
import { readRecording } from './recording.ts';
import { textMessagesUsd } from './text.ts';
import { DAYS, usageOf } from './usage.ts';

const recording = readRecording('free-tier');
const monthAt = (perDay: number) => billOf(usageOf(recording, perDay), perDay * DAYS);

it('costs nothing while there are no orders', () => {
  expect(monthAt(100).idleUsd).toBe(0);
});

it('stays within every amount that is always free at 100 orders a day, but for the transitions of the workflow', () => {
  const billed = monthAt(100).lines.filter((line) => line.usd > 0 && PRICES[line.name].free > 0);

  expect(billed.map(({ name }) => name)).toEqual(['states.transitions']);
});

it('pays at 100 orders a day for little else than text messages and what AWS never gives away', () => {
  const bill = monthAt(100);

  const services = bill.lines.filter(({ usd }) => usd > 0).map(({ price }) => price.service);
  expect(new Set(services)).toEqual(
    new Set(['SNS SMS', 'SES', 'Step Functions', 'S3', 'EventBridge', 'API Gateway']),
  );
  expect(bill.usd - textMessagesUsd(bill)).toBeLessThan(1.25);
});

it('pays for no transition at 15 orders a day', () => {
  expect(monthAt(15).lines.find(({ name }) => name === 'states.transitions')?.usd).toBe(0);
});

it('has at most ten metrics under alarms and ten custom metrics', () => {
  expect(recording.stack.alarms).toBeLessThanOrEqual(10);
  expect(recording.reading.metrics.length).toBeLessThanOrEqual(10);
});
