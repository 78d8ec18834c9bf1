import { AwsError } from '../endpoint/service.ts';
import { ACCOUNT, arn, pass, QUEUE, REGION, rule, schedule, target, testBus } from './bus.fixture.ts';
import { Crashes } from '../journal/crash.fixture.ts';
import type { KeptProcess } from '../journal/crash.fixture.ts';

let crashes: Crashes;
beforeEach(() => {
  crashes = new Crashes();
});
afterEach(() => crashes.close());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
type Schedules = Parameters<typeof testBus>[3];

/** A bus with schedules, and the times at which they have fired. */
function busOf(
  schedules: Schedules,
  process: KeptProcess = crashes.first(),
  rules: Parameters<typeof testBus>[0] = [],
) {
  const it = testBus(rules, undefined, [], schedules, process);
  const startedAt = it.clock.now();
  it.bus.start();
  const events = () => it.calls.map(([, , body]) => JSON.parse(String(body)) as Record<string, unknown>);
  /** In whole minutes after the start. */
  const minutes = () =>
    events().map(({ time }) => Math.round((Date.parse(String(time)) - startedAt) / MINUTE));
  return { ...it, events, minutes, journal: process.journal };
}

describe('a schedule', () => {
  it('hands AWS’s scheduled event to the targets of its rule', async () => {
    const rules = [
      rule({
        busName: 'default',
        pattern: '{"version":["0"]}',
        targets: [target({ arn: arn('sqs', 'all') })],
      }),
    ];
    const targets = [
      target(),
      target({ id: 'fixed', arn: arn('lambda', 'function:sweep'), input: '{"a":1}' }),
    ];
    const { clock, calls, events } = busOf([schedule('rate(1 minute)', { targets })], undefined, rules);

    await pass(clock, MINUTE + 1_000);

    expect(calls.map(([method, to]) => [method, to])).toEqual([
      ['sendMessage', QUEUE],
      ['invokeAsync', arn('lambda', 'function:sweep')],
    ]);
    expect(events()).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: ACCOUNT,
        time: expect.stringMatching(/^\d{4}-.*:\d\dZ$/),
        region: REGION,
        resources: [arn('events', 'rule/sweep')],
        detail: {},
      },
      { a: 1 },
    ]);
  });

  it('fires as often as the clock passes its time, in order', async () => {
    const { clock, minutes } = busOf([schedule('rate(5 minutes)')]);

    for (let minute = 0; minute < 61; minute += 1) await pass(clock, MINUTE);

    expect(minutes()).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60]);
  });

  it('fires once, at the end, when the clock is moved beyond several of its times', async () => {
    const { clock, calls, minutes } = busOf([schedule('rate(5 minutes)')]);
    let onTheWay: number | undefined;
    clock.setTimeout(() => (onTheWay = calls.length), 31 * MINUTE);

    await pass(clock, 32 * MINUTE);
    expect([onTheWay, minutes()]).toEqual([0, [5]]);

    await pass(clock, 4 * MINUTE);
    expect(minutes()).toEqual([5, 35]);
  });

  it('of a cron expression fires by UTC', async () => {
    const { clock, events } = busOf([schedule('cron(0 10 * * ? *)')]);

    await pass(clock, 24 * HOUR);
    await pass(clock, 24 * HOUR);

    expect(events().map(({ time }) => String(time).slice(11))).toEqual(['10:00:00Z', '10:00:00Z']);
  });

  it('keeps nothing in flight while it waits', async () => {
    const { inFlight } = busOf([schedule('rate(1 minute)')]);

    expect(await inFlight.settled()).toBe(true);
  });

  it('fires while its rule is enabled, and then at its own times', async () => {
    const { clock, call, minutes } = busOf([schedule('rate(10 minutes)', { enabled: false })]);
    await pass(clock, 25 * MINUTE);
    await call('EnableRule', { Name: 'sweep' });
    await pass(clock, 10 * MINUTE);
    await call('DisableRule', { Name: 'sweep' });
    await pass(clock, 30 * MINUTE);

    expect(minutes()).toEqual([30]);
  });

  it('fires no more once the bus is stopped', async () => {
    const { clock, bus, calls } = busOf([schedule('rate(1 minute)')]);
    bus.stop();

    await pass(clock, HOUR);

    expect(calls).toEqual([]);
  });

  it('may have the default bus for a target, whose rules match its event', async () => {
    const toBus = [target({ arn: arn('events', 'event-bus/default') })];
    const rules = [rule({ busName: 'default', pattern: '{"source":["aws.events"]}' })];
    const { clock, calls } = busOf([schedule('rate(1 minute)', { targets: toBus })], undefined, rules);

    await pass(clock, MINUTE + 1_000);

    expect(calls.map(([, to]) => to)).toEqual([QUEUE]);
  });

  it('that is none stops the start', () => {
    expect(() => busOf([schedule('rate(5 minute)')])).toThrow(
      'Rule sweep: the schedule "rate(5 minute)" is not valid: write rate(1 minute)',
    );
  });
});

describe('a schedule, when the cloud was off,', () => {
  it('fires once for all that it has missed, and goes on at its own times', async () => {
    const schedules = [schedule('rate(5 minutes)')];
    const first = busOf(schedules);
    const startedAt = first.clock.now();
    await pass(first.clock, 12 * MINUTE);
    await first.journal.durable();

    const { clock, events, inFlight } = busOf(schedules, crashes.crash(60 * MINUTE));
    await inFlight.settled();
    const missed = events().length;
    await pass(clock, 5 * MINUTE);
    await pass(clock, 5 * MINUTE);

    expect(missed).toBe(1);
    const minutes = events().map(({ time }) => Math.round((Date.parse(String(time)) - startedAt) / MINUTE));
    expect(minutes).toEqual([15, 75, 80]);
  });

  it('fires at its next time where it has missed none', async () => {
    const schedules = [schedule('cron(0 10 * * ? *)')];
    const first = busOf(schedules);
    await pass(first.clock, 24 * HOUR);
    await first.journal.durable();

    const { clock, events } = busOf(schedules, crashes.crash());
    expect(events()).toEqual([]);
    await pass(clock, 24 * HOUR);

    expect(events()).toHaveLength(1);
  });

  it('does not fire for what it has missed while it was disabled', async () => {
    const schedules = [schedule('rate(5 minutes)')];
    const first = busOf(schedules);
    await first.call('DisableRule', { Name: 'sweep' });

    const { calls } = busOf(schedules, crashes.crash(HOUR));

    expect(calls).toEqual([]);
  });

  it('counts from now on when its expression is another', async () => {
    const first = busOf([schedule('rate(5 minutes)')]);
    await first.journal.durable();

    const { clock, minutes } = busOf([schedule('rate(20 minutes)')], crashes.crash(HOUR));
    await pass(clock, 21 * MINUTE);

    expect(minutes()).toEqual([20]);
  });

  it('has its event delivered again where that was on its way', async () => {
    const schedules = [schedule('rate(5 minutes)')];
    const process = crashes.first();
    const throttled = () => new AwsError('ThrottlingException', 'slow down');
    const { bus, clock } = testBus([], throttled, [], schedules, process);
    bus.start();
    await pass(clock, 6 * MINUTE);
    await process.journal.durable();

    const { calls, inFlight } = busOf(schedules, crashes.crash());
    await inFlight.settled();

    expect(calls.map(([, to]) => to)).toEqual([QUEUE]);
  });
});
