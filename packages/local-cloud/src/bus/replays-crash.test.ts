import { setImmediate as turn } from 'node:timers/promises';
import { AwsError } from '../endpoint/service.ts';
import { archive, arn, entry, QUEUE, rule, target, testBus } from './bus.fixture.ts';
import type { Call } from './bus.fixture.ts';
import { Crashes } from '../journal/crash.fixture.ts';
import type { KeptProcess } from '../journal/crash.fixture.ts';

let crashes: Crashes;
beforeEach(() => {
  crashes = new Crashes();
});
afterEach(() => crashes.close());

const NOON = Date.parse('2026-11-23T12:00:00Z') / 1000;
const OTHER = arn('sqs', 'audit');
const [mail, audit] = [rule(), rule({ name: 'audit', targets: [target({ arn: OTHER })] })];

function busOf(process: KeptProcess, failing: (call: Call) => Error | undefined = () => undefined) {
  const it = testBus([mail, audit], failing, [archive()], [], process);
  it.bus.start();
  const describeReplay = () => it.call('DescribeReplay', { ReplayName: 'again' });
  return { ...it, describeReplay, journal: process.journal };
}

function replay(settings: object = {}) {
  return {
    ReplayName: 'again',
    EventSourceArn: archive().arn,
    EventStartTime: NOON,
    EventEndTime: NOON + 3600,
    Destination: { Arn: arn('events', 'event-bus/shop'), FilterArns: [mail.arn] },
    ...settings,
  };
}

/** What of a replay has reached a queue, by the number in the detail. */
const replayed = (calls: readonly Call[], queue: string) =>
  calls
    .filter(([, to, body]) => to === queue && String(body).includes('replay-name'))
    .map(([, , body]) => Number(/"n":(\d+)/.exec(String(body))?.[1]));

async function putMany(put: (...entries: object[]) => Promise<unknown>, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await put(entry({ Time: NOON + Math.floor(n / 7), Detail: `{"n":${n}}` }));
}

describe('a replay that a crash interrupted', () => {
  it('goes on after the last event that it has replayed, to its end', async () => {
    const first = busOf(crashes.first());
    await putMany(first.put, 120);
    await first.inFlight.settled();
    const started = first.call('StartReplay', replay());
    while (replayed(first.calls, QUEUE).length === 0) await turn();
    first.journal.flush();

    const again = busOf(crashes.crash());
    const before = replayed(first.calls, QUEUE);
    await Promise.all([started, again.inFlight.settled()]);

    const after = replayed(again.calls, QUEUE);
    expect(before.length).toBeLessThan(120);
    expect([...before, ...after]).toEqual(Array.from({ length: 120 }, (_, n) => n));
    expect(replayed(again.calls, OTHER)).toEqual([]);
    expect(await again.describeReplay()).toMatchObject({
      State: 'COMPLETED',
      EventLastReplayedTime: NOON + 17,
      ReplayEndTime: expect.any(Number),
    });
  });

  it('starts, where it was accepted and no more', async () => {
    const first = busOf(crashes.first());
    await putMany(first.put, 3);
    await first.inFlight.settled();
    const answered = first.call('StartReplay', replay());
    first.journal.flush();

    const again = busOf(crashes.crash());
    await again.inFlight.settled();
    await answered;

    expect(replayed(again.calls, QUEUE)).toEqual([0, 1, 2]);
  });

  it('stays cancelled', async () => {
    const first = busOf(crashes.first());
    await putMany(first.put, 3);
    await first.inFlight.settled();
    const started = first.call('StartReplay', replay());
    const cancelled = first.call('CancelReplay', { ReplayName: 'again' });
    first.journal.flush();

    const again = busOf(crashes.crash());
    await again.inFlight.settled();
    await Promise.all([started, cancelled]);

    expect(replayed(again.calls, QUEUE)).toEqual([]);
    expect(await again.describeReplay()).toMatchObject({ State: 'CANCELLED' });
  });

  it('is known when it has ended, and does not run again', async () => {
    const first = busOf(crashes.first());
    await putMany(first.put, 3);
    await first.call('StartReplay', replay());
    await first.inFlight.settled();
    const ended = await first.describeReplay();

    const again = busOf(crashes.crash(60_000));
    await again.inFlight.settled();

    expect(again.calls).toEqual([]);
    expect(ended).toMatchObject({ State: 'COMPLETED' });
    expect(await again.describeReplay()).toEqual(ended);
    await expect(again.call('StartReplay', replay())).rejects.toThrow('Replay again already exists.');
  });
});

it('an event of a replay that was on its way goes to the rules of its replay only, beside the event itself', async () => {
  const isReplayed = (call: Call) => String(call[2]).includes('replay-name');
  const first = busOf(crashes.first(), (call) =>
    isReplayed(call) ? new AwsError('ThrottlingException', 'slow down') : undefined,
  );
  await first.put(entry({ Time: NOON, Detail: '{"n":0}' }));
  await first.inFlight.settled();
  await first.call('StartReplay', replay());
  while ((await first.describeReplay())['State'] !== 'COMPLETED') await turn();

  const { calls, inFlight } = busOf(crashes.crash());
  await inFlight.settled();

  expect(calls.map(([, to]) => to)).toEqual([QUEUE]);
  expect(replayed(calls, QUEUE)).toEqual([0]);
});
