import { alarmRows, faultRows, heldRows, refusalRows } from './status.ts';

const HELD = {
  processMb: 612.4,
  heapMb: 101.2,
  functions: { instances: 15, mb: 230.8 },
  tablesMb: 25.3,
  journal: {
    usedBytes: 40_000_000,
    fileBytes: 45_400_000,
    rows: { changes: 120, events: 0, executions: 3 },
    trimmed: {},
  },
  messages: 2,
  objects: { count: 4, bytes: 1_200_000 },
};

it('status says how much is held: memory, journal, queues and buckets', () => {
  expect(heldRows(HELD)).toEqual([
    ['memory', '612 MB, own heap 101 MB, 15 function instances 231 MB, beside it the tables 25 MB'],
    ['journal', '45 MB: 120 changes, 3 executions'],
    ['queues', '2 messages'],
    ['buckets', '4 objects, 1 MB'],
  ]);
});

it('status says what was trimmed, and up to when', () => {
  const journal = { ...HELD.journal, trimmed: { deliveries: { until: Date.UTC(2026, 0, 2), rows: 9 } } };

  expect(heldRows({ ...HELD, tablesMb: null, journal })).toContainEqual([
    'trimmed',
    'deliveries up to 2026-01-02T00:00:00.000Z',
  ]);
});

it('status says how often each fault struck, and nothing of faults where there are none', () => {
  const throttle = { name: 'throttle dynamodb', kind: 'throttle', considered: 120, struck: 6 };

  expect(faultRows({ seed: 7, faults: [throttle] })).toEqual([
    ['fault', 'throttle dynamodb: struck 6 of 120'],
  ]);
  expect(faultRows({ seed: null, faults: [] })).toEqual([]);
});

it('status says what the policies refused, each kind once, and what would allow it', () => {
  const missing = {
    caller: 'function api',
    action: 'sqs:SendMessage',
    resource: 'arn:aws:sqs:::a',
    policy: 'role api',
    statement: { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:::a' },
  };
  const denied = { ...missing, policy: 'role api, statement 2 (NoQueues)', statement: null };

  expect(refusalRows({ iam: 'enforce', count: 3, refusals: [missing, missing, denied] })).toEqual([
    ['policies', 'enforced, 3 calls refused'],
    [
      'refused',
      'function api: sqs:SendMessage on arn:aws:sqs:::a; role api lacks {"Effect":"Allow","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:::a"}',
    ],
    [
      'refused',
      'function api: sqs:SendMessage on arn:aws:sqs:::a; denied by role api, statement 2 (NoQueues)',
    ],
  ]);
  expect(refusalRows({ iam: 'enforce', count: 0, refusals: [] })).toEqual([
    ['policies', 'enforced, 0 calls refused'],
  ]);
  expect(refusalRows({ iam: 'off', count: 0, refusals: [] })).toEqual([
    ['policies', 'not enforced (npm start without --iam off)'],
  ]);
});

it('status says which alarms ring, and what to do then', () => {
  const calm = {
    name: 'throttles',
    state: 'OK',
    since: '2026-01-01T00:00:00.000Z',
    reason: '',
    description: '',
  };
  const ringing = { ...calm, name: 'dead-letters', state: 'ALARM', description: 'Redrive it. Runbook: a.md' };

  expect(alarmRows({ alarms: [ringing, calm] })).toEqual([
    ['alarms', '1 of 2 rings'],
    ['rings', 'dead-letters since 2026-01-01T00:00:00.000Z: Redrive it. Runbook: a.md'],
  ]);
  expect(alarmRows({ alarms: [calm] })).toEqual([['alarms', 'none of 1 ring']]);
  expect(alarmRows({ alarms: [] })).toEqual([]);
});
