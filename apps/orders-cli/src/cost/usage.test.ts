import { aRecording } from './a-recording.fixture.ts';
import { usageOf, type Recording } from './usage.ts';

function stackWith(more: Partial<Recording['stack']>): Recording {
  const recording = aRecording();
  return { ...recording, stack: { ...recording.stack, ...more } };
}

it('shares what was counted among the orders that ended', () => {
  expect(usageOf(aRecording(), 1_000).get('dynamodb.writeUnits')).toEqual({ perOrder: 10, perMonth: 0 });
});

it.each([
  ['with every invocation when orders are rare', 100, 0.5 + 2 * 0.25],
  ['with one in a hundred when they are not', 1_000, 0.5 + 0.01 * 2 * 0.25],
])('bills the loading of instances %s', (_, perDay, expected) => {
  expect(usageOf(aRecording(), perDay).get('lambda.gbSeconds')?.perOrder).toBeCloseTo(expected, 9);
});

it.each([
  ['polls of idle queues', { polledQueues: 1 }, 'sqs.requests', (5 * 730 * 3600) / 20],
  ['alarms', { alarms: 8 }, 'alarms', 8],
  ['scheduled runs', { scheduledRuns: 2_920 }, 'lambda.requests', 2_920],
  ['hours of a cache', { cacheNodes: 2 }, 'cache.hours', 1_460],
  ['hours of a search domain', { searchNodes: 1 }, 'search.hours', 730],
] as const)('adds what a month without orders takes: %s', (_, stack, name, expected) => {
  expect(usageOf(stackWith(stack), 100).get(name)?.perMonth).toBe(expected);
});

it('takes an archive in only where the stack has one', () => {
  expect(usageOf(stackWith({}), 100).has('events.archivedBytes')).toBe(false);
  expect(usageOf(stackWith({ archives: 1 }), 100).get('events.archivedBytes')?.perOrder).toBe(100);
});

it('bills provisioned tables by the hour, and no request to them', () => {
  const usage = usageOf(stackWith({ provisioned: { read: 20, write: 23 } }), 100);

  expect(usage.has('dynamodb.writeUnits')).toBe(false);
  expect(usage.get('dynamodb.writeCapacity')).toEqual({ perOrder: 0, perMonth: 23 * 730 });
});
