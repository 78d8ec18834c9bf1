import type { Recording } from './usage.ts';

/** Ten orders of two lines through one function, on a stack without anything that costs money while it is idle. */
export function aRecording(more: Partial<Recording> = {}): Recording {
  return {
    command: 'npm run orders -- cost --record standard',
    recordedOn: '2026-01-01',
    preset: 'standard',
    orders: 10,
    linesPerOrder: 2,
    stack: {
      alarms: 0,
      archives: 0,
      polledQueues: 0,
      scheduledRuns: 0,
      scheduledGb: 0.5,
      cacheNodes: 0,
      searchNodes: 0,
      searchGb: 0,
      provisioned: null,
    },
    reading: {
      total: {
        'lambda.requests': 20,
        'lambda.gbSeconds': 5,
        'dynamodb.writeUnits': 100,
        'events.publishedBytes': 1_000,
      },
      by: { 'orderstream-local-ship-order': { 'lambda.requests': 20, 'lambda.gbSeconds': 5 } },
      tables: {
        'orderstream-local-stock': { 'dynamodb.writeUnits': 40 },
        'orderstream-local-orders': { 'dynamodb.writeUnits': 60 },
      },
      loads: { 'orderstream-local-ship-order': { memoryMb: 512, gbSeconds: 0.25 } },
      metrics: [],
    },
    ...more,
  };
}
