import { MovableClock } from '../clock.ts';
import { NOTHING_KEPT } from '../journal/state.ts';
import type { Alarm } from '../stack/model.ts';
import { alarmWith } from './alarm.fixture.ts';
import { Alarms, type AlarmsParts } from './alarms.ts';
import { MINUTE_MS } from './metric-store.ts';
import type { Notification } from './notification.ts';
import type { QueueDepth } from './queue-levels.ts';
import { visibleMessagesOf } from './queue-levels.ts';

const QUEUE = { name: 'letters', arn: 'arn:letters', url: '', attributes: {} };

let clock: MovableClock;
let depth: QueueDepth;
let told: (readonly [topic: string, Notification])[];
let kept: Map<string, unknown>;
let alarms: Alarms;
let evaluations: number;

function open(...given: Alarm[]): void {
  alarms = new Alarms(partsFor(given));
  alarms.start();
}

function partsFor(given: readonly Alarm[]): AlarmsParts {
  return {
    alarms: given,
    queues: [QUEUE],
    region: 'eu-west-1',
    accountId: '000000000000',
    clock,
    state: {
      ...NOTHING_KEPT,
      put: (_kind, key, value) => void kept.set(key, value),
      entries: () => [...kept],
    },
    depthOf: () => {
      evaluations += 1;
      return depth;
    },
    tell: (_alarm, topic, notification) => told.push([topic, notification]),
  };
}

const failed = (value = 1) =>
  alarms.recorder.logged({
    metric: { namespace: 'Shop', name: 'OrdersFailed', dimensions: { service: 'shop' } },
    values: [value],
  });
const states = () => alarms.states().map(({ state }) => state);
const minutes = (count: number) => clock.advance(count * MINUTE_MS);

beforeEach(() => {
  clock = new MovableClock(1_000_000);
  depth = { visible: 0, size: 0 };
  told = [];
  kept = new Map();
  evaluations = 0;
});
afterEach(() => {
  alarms.stop();
  clock.stop();
});

describe('an alarm', () => {
  it('begins as all is, and tells nobody that all is well', () => {
    open(alarmWith(), alarmWith({ name: 'other', missingData: 'missing' }));

    expect(states()).toEqual(['OK', 'INSUFFICIENT_DATA']);
    expect(told).toEqual([]);
  });

  it('rings when the minute is over, and says why', async () => {
    open(alarmWith());
    failed(3);

    expect(states()).toEqual(['OK']);
    await minutes(1);

    expect(alarms.states()).toEqual([
      {
        name: 'orders-failed',
        state: 'ALARM',
        since: expect.stringMatching(/:00\.\d{3}Z$/),
        reason:
          'Threshold Crossed: 1 out of the last 1 datapoints [3.0] was greater than the threshold (0.0) (minimum 1 datapoint for OK -> ALARM transition).',
        description: 'Orders fail. Runbook: docs/failed.md',
      },
    ]);
  });

  it('tells its topics of each change once, in the form of CloudWatch', async () => {
    open(alarmWith());
    failed();
    await minutes(30);

    expect(told.map(([topic, { subject }]) => [topic, subject])).toEqual([
      ['topic', 'ALARM: "orders-failed" in eu-west-1'],
      ['topic', 'OK: "orders-failed" in eu-west-1'],
    ]);
    expect(JSON.parse(told[0]?.[1].message ?? '')).toMatchObject({
      AlarmName: 'orders-failed',
      NewStateValue: 'ALARM',
      OldStateValue: 'OK',
      StateChangeTime: expect.stringMatching(/^\d{4}-.*\+0000$/),
      Trigger: {
        MetricName: 'OrdersFailed',
        Namespace: 'Shop',
        Statistic: 'SUM',
        Dimensions: [{ name: 'service', value: 'shop' }],
        Period: 60,
        Threshold: 0,
        TreatMissingData: 'notBreaching',
      },
    });
    expect(told[0]?.[1].mail).toContain('Runbook: docs/failed.md');
  });

  it('goes on in its state after a restart', async () => {
    open(alarmWith({ missingData: 'ignore' }));
    failed();
    await minutes(1);
    alarms.stop();

    alarms = new Alarms(partsFor([alarmWith({ missingData: 'ignore' })]));
    alarms.start();

    expect(states()).toEqual(['ALARM']);
    expect(told).toHaveLength(1);
  });

  it('compares the result of its expression, in the periods that have one', async () => {
    const of = (id: string, name: string) =>
      ({
        id,
        metric: { namespace: 'AWS/Lambda', name, dimensions: { FunctionName: 'shop' } },
        statistic: 'Sum',
      }) as const;
    open(
      alarmWith({
        metrics: [of('failed', 'Errors'), of('all', 'Invocations')],
        expression: { id: 'rate', label: 'percent', text: '100 * failed / all' },
        threshold: 10,
      }),
    );

    for (let run = 0; run < 10; run += 1) alarms.recorder.ran('shop', run === 0 ? 'error' : 'ok');
    await minutes(1);
    expect(states()).toEqual(['OK']);
    alarms.recorder.ran('shop', 'error');
    alarms.recorder.ran('other', 'ok');
    await minutes(1);

    expect(states()).toEqual(['ALARM']);
  });
});

describe('an alarm that rings for silence', () => {
  const heartbeat = alarmWith({
    comparison: 'LessThanThreshold',
    threshold: 1,
    missingData: 'breaching',
    periodSeconds: 600,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
  });
  /** Minutes that it looks back, with what is looked at beyond its two periods. */
  const RANGE = 40;

  it('does not ring for the time before the cloud ran, but once it has heard nothing for as long as it looks back', async () => {
    open(heartbeat);

    for (let minute = 0; minute < RANGE; minute += 1) {
      expect(states()).toEqual(['INSUFFICIENT_DATA']);
      await minutes(1);
    }

    expect(states()).toEqual(['ALARM']);
  });

  it('rings when what it hears ends, and until it hears it again', async () => {
    open(heartbeat);
    for (let beat = 0; beat < 10; beat += 1) {
      failed();
      for (let minute = 0; minute < 10; minute += 1) await minutes(1);
      expect(states()).toEqual(['OK']);
    }
    for (let minute = 0; minute < RANGE; minute += 1) await minutes(1);
    expect(states()).toEqual(['ALARM']);
    failed();
    await minutes(1);

    expect(states()).toEqual(['OK']);
    expect(told.map(([, { subject }]) => subject.split(':')[0])).toEqual(['ALARM', 'OK']);
  });

  it('does not take hours that pass in a moment for silence: what is due then comes afterwards', async () => {
    open(heartbeat);
    failed();
    await minutes(1_000);
    expect(states()).toEqual(['OK']);
    for (let minute = 0; minute <= RANGE; minute += 1) await minutes(1);

    expect(states()).toEqual(['ALARM']);
  });

  it('is looked at once for each time that it hears something', async () => {
    open(
      heartbeat,
      alarmWith({ metrics: [{ id: 'm1', metric: visibleMessagesOf('letters'), statistic: 'Maximum' }] }),
    );
    for (let minute = 0; minute <= RANGE; minute += 1) await minutes(1);
    failed();
    await minutes(2);
    const before = evaluations;
    await minutes(20);

    expect(evaluations).toBe(before);
  });
});

describe('an alarm on a queue', () => {
  const onQueue = alarmWith({
    metrics: [{ id: 'm1', metric: visibleMessagesOf('letters'), statistic: 'Maximum' }],
  });
  const becomes = (visible: number) => {
    depth = { visible, size: visible };
    alarms.watcherOf('letters')?.();
  };

  it('rings while messages wait, and until none does', async () => {
    open(onQueue);
    becomes(1);
    await minutes(1);
    expect(states()).toEqual(['ALARM']);
    await minutes(2_000);
    expect(states()).toEqual(['ALARM']);
    becomes(0);
    await minutes(1);

    expect(states()).toEqual(['OK']);
  });

  it('knows of the minutes in which nothing happened that the messages waited', async () => {
    open({ ...onQueue, evaluationPeriods: 3, datapointsToAlarm: 3 });
    becomes(1);
    await minutes(2_000);
    becomes(2);
    await minutes(1);

    expect(states()).toEqual(['ALARM']);
    expect(told).toHaveLength(1);
  });

  it('is looked at only while something may change', async () => {
    open(onQueue);
    becomes(1);
    await minutes(10);
    const before = evaluations;
    await minutes(2_000);

    expect(evaluations).toBe(before);
  });

  it('asks to be told of no other queue', () => {
    open(onQueue);

    expect(alarms.watcherOf('others')).toBeUndefined();
  });
});

describe('the recorder', () => {
  const lambda = (name: string, statistic: 'Sum' | 'Maximum') =>
    alarmWith({
      name,
      metrics: [{ id: 'm1', metric: { namespace: 'AWS/Lambda', name, dimensions: {} }, statistic }],
    });

  it.each([
    ['Invocations', () => alarms.recorder.ran('shop', 'ok')],
    ['Errors', () => alarms.recorder.ran('shop', 'error')],
    ['Throttles', () => alarms.recorder.ran('shop', 'throttled')],
    ['IteratorAge', () => alarms.recorder.readStream('shop', 1)],
  ])('counts %s of all functions', async (name, happens) => {
    open(...['Invocations', 'Errors', 'Throttles', 'IteratorAge'].map((each) => lambda(each, 'Sum')));
    happens();
    await minutes(1);

    const ringing = alarms.states().filter(({ state }) => state === 'ALARM');
    const expected = name === 'Errors' ? ['Invocations', 'Errors'] : [name];
    expect(ringing.map((alarm) => alarm.name)).toEqual(expected);
  });

  it.each([
    [
      'AWS/States',
      'ExecutionsFailed',
      'StateMachineArn',
      () => alarms.recorder.executionEvent('a', 'ExecutionFailed'),
    ],
    [
      'AWS/States',
      'ExecutionsTimedOut',
      'StateMachineArn',
      () => alarms.recorder.executionEvent('a', 'ExecutionTimedOut'),
    ],
    ['AWS/ApiGateway', '5xx', 'ApiId', () => alarms.recorder.answered('a', 502)],
    ['AWS/ApiGateway', '4xx', 'ApiId', () => alarms.recorder.answered('a', 404)],
    ['AWS/ApiGateway', 'Count', 'ApiId', () => alarms.recorder.answered('a', 200)],
  ])('counts %s %s', async (namespace, name, dimension, happens) => {
    open(
      alarmWith({
        metrics: [
          { id: 'm1', metric: { namespace, name, dimensions: { [dimension]: 'a' } }, statistic: 'Sum' },
        ],
      }),
    );
    happens();
    await minutes(1);

    expect(states()).toEqual(['ALARM']);
  });
});
