import { decide, type Execution, type Limits } from './decide.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse('2026-01-15T12:00:00.000Z');
const LIMITS: Limits = { still: 90 * MINUTE, running: 6 * HOUR, mayStart: true };

const ago = (ms: number) => new Date(NOW - ms).toISOString();
const anOrder = (change: object = {}) => ({
  status: 'PLACED' as const,
  updatedAt: ago(2 * HOUR),
  ...change,
});
function anExecution(change: Partial<Execution> = {}): Execution {
  return {
    status: 'FAILED',
    startedAt: NOW - 2 * HOUR,
    redrivenAt: undefined,
    endedAt: NOW - 10 * MINUTE,
    redrives: 0,
    redrivable: true,
    error: 'Lambda.Unknown',
    ...change,
  };
}
const closing = { as: 'FAILED', cause: 'x', message: 'y', at: ago(2 * HOUR) } as const;
const chargeIntent = { key: 'charge#1', at: ago(2 * HOUR) };
const charge = { chargeId: 'ch_1', amount: '1', at: ago(2 * HOUR) };
const running = { status: 'RUNNING', endedAt: undefined, redrivable: false } as const;
const tooOld = { redrivable: false, endedAt: NOW - 15 * 24 * HOUR };

it.each([
  ['that changed lately', anOrder({ updatedAt: ago(89 * MINUTE) })],
  ['that has ended', anOrder({ status: 'SHIPPED' })],
])('an order %s is left alone, whatever its execution', (_, order) => {
  for (const execution of [undefined, anExecution(), anExecution(tooOld)])
    expect(decide(order, execution, NOW, LIMITS)).toEqual({ remedy: 'leave' });
});

it.each(['2099-01-01T00:00:00.000Z', 'yesterday'])(
  'an order last changed at %s stands still',
  (updatedAt) => {
    const order = anOrder({ updatedAt });

    expect(decide(order, undefined, NOW, LIMITS)).toEqual({ remedy: 'start' });
    expect(decide(order, anExecution({ ...running, startedAt: NOW - 9 * HOUR }), NOW, LIMITS)).toEqual({
      remedy: 'leave',
      concern: 'RunningTooLong',
    });
  },
);

it.each([
  ['runs', anExecution(running), 'leave'],
  ['failed', anExecution(), 'redrive'],
  ['timed out', anExecution({ status: 'TIMED_OUT' }), 'redrive'],
  ['was aborted', anExecution({ status: 'ABORTED' }), 'redrive'],
  ['failed too long ago', anExecution(tooOld), 'restart'],
  ['failed in its Fail state', anExecution({ error: 'OrderFailed' }), 'restart'],
  ['succeeded', anExecution({ status: 'SUCCEEDED', redrivable: false }), 'restart'],
  ['is none', undefined, 'start'],
])('an order that stands still and whose execution %s', (_, execution, remedy) => {
  expect(decide(anOrder(), execution, NOW, LIMITS)).toEqual({ remedy });
});

it.each<[string, object, Execution | undefined, string, string | undefined]>([
  ['is none', {}, undefined, 'hold', undefined],
  ['can’t go on', {}, anExecution(tooOld), 'hold', undefined],
  ['is none and that may be charged', { chargeIntent }, undefined, 'hold', 'ChargeWithoutProgress'],
  ['failed', {}, anExecution(), 'redrive', undefined],
  ['runs', {}, anExecution(running), 'leave', undefined],
])('while nothing may be started, an order whose execution %s', (_, change, execution, remedy, concern) => {
  expect(decide(anOrder(change), execution, NOW, { ...LIMITS, mayStart: false })).toEqual({
    remedy,
    ...(concern === undefined ? {} : { concern }),
  });
});

it.each([
  [1, 29, 'leave'],
  [1, 30, 'redrive'],
  [2, 59, 'leave'],
  [2, 60, 'redrive'],
  [9, 24 * 60 - 1, 'leave'],
  [9, 24 * 60, 'redrive'],
])('after %i redrives and %i minutes', (redrives, minutes, remedy) => {
  const execution = anExecution({ redrives, endedAt: NOW - minutes * MINUTE });

  expect(decide(anOrder(), execution, NOW, LIMITS).remedy).toBe(remedy);
});

it.each([
  [1, 29, 'leave'],
  [1, 30, 'restart'],
  [9, 24 * 60 - 1, 'leave'],
  [9, 24 * 60, 'restart'],
])('after %i restarts and %i minutes', (restarts, minutes, remedy) => {
  const execution = anExecution({ error: 'OrderFailed', endedAt: NOW - minutes * MINUTE });

  expect(decide(anOrder({ restarts }), execution, NOW, LIMITS).remedy).toBe(remedy);
});

it.each<[string, object, string, string | undefined]>([
  ['was just placed', {}, 'start', undefined],
  ['was restarted before it was charged', { status: 'VALIDATED', restarts: 1 }, 'start', undefined],
  ['was being charged', { status: 'VALIDATED', chargeIntent }, 'start', 'ChargeWithoutProgress'],
  ['was charged', { status: 'PAID', charge, chargeIntent }, 'start', 'ChargeWithoutProgress'],
  ['is being closed', { status: 'PAID', closing }, 'start', 'CompensationUnfinished'],
  ['was written as VALIDATED', { status: 'VALIDATED' }, 'leave', 'BegunElsewhere'],
  ['was written as PAID', { status: 'PAID' }, 'leave', 'BegunElsewhere'],
  ['was written as ALLOCATED', { status: 'ALLOCATED', chargeIntent }, 'leave', 'BegunElsewhere'],
])('an order without an execution that %s', (_, change, remedy, concern) => {
  expect(decide(anOrder(change), undefined, NOW, LIMITS)).toEqual({
    remedy,
    ...(concern === undefined ? {} : { concern }),
  });
});

it.each<[string, object, Execution | undefined, string | undefined]>([
  ['compensation failed', { closing }, anExecution(), 'CompensationUnfinished'],
  [
    'compensation waits for its next redrive',
    { closing },
    anExecution({ redrives: 9 }),
    'CompensationUnfinished',
  ],
  ['compensation is under way', { closing }, anExecution(running), undefined],
  ['a charge was begun', { chargeIntent }, undefined, 'ChargeWithoutProgress'],
  ['a charge is under way', { chargeIntent }, anExecution(running), undefined],
  ['charge is being taken back', { chargeIntent, closing }, anExecution(), 'CompensationUnfinished'],
  ['workflow was redriven three times', {}, anExecution({ redrives: 3 }), 'TriedInVain'],
  ['workflow was restarted and redriven', { restarts: 2 }, anExecution({ redrives: 1 }), 'TriedInVain'],
  ['workflow was restarted twice', { restarts: 2 }, anExecution(), undefined],
])('a person hears of an order whose %s: or not', (_, change, execution, concern) => {
  expect(decide(anOrder(change), execution, NOW, LIMITS).concern).toBe(concern);
});

it.each([
  ['since it began', { startedAt: NOW - 6 * HOUR }, 'RunningTooLong'],
  ['since it was redriven', { startedAt: NOW - 9 * HOUR, redrivenAt: NOW - 6 * HOUR }, 'RunningTooLong'],
  ['and was redriven lately', { startedAt: NOW - 9 * HOUR, redrivenAt: NOW - 5 * HOUR }, undefined],
])('a person hears of an execution that has run for six hours %s: or not', (_, change, concern) => {
  const order = anOrder({ updatedAt: ago(10 * HOUR) });

  expect(decide(order, anExecution({ ...running, ...change }), NOW, LIMITS)).toEqual({
    remedy: 'leave',
    ...(concern === undefined ? {} : { concern }),
  });
});
