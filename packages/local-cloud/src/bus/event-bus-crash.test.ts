import { AwsError } from '../endpoint/service.ts';
import { archive, arn, DEAD_LETTERS, entry, pass, QUEUE, rule, target, testBus } from './bus.fixture.ts';
import type { Call } from './bus.fixture.ts';
import { Crashes } from '../journal/crash.fixture.ts';
import type { KeptProcess } from '../journal/crash.fixture.ts';
import { OnTheirWay } from './on-their-way.ts';

let crashes: Crashes;
beforeEach(() => {
  crashes = new Crashes();
});
afterEach(() => crashes.close());

const OTHER = arn('sqs', 'audit');
const HOUR = 3_600_000;
const throttled = () => new AwsError('ThrottlingException', 'slow down', 400);
const fromTo = (name: string, settings: Parameters<typeof rule>[0], to: string) =>
  rule({ name, ...settings, targets: [target({ arn: to })] });

/** A bus of one process. */
function busOf(
  process: KeptProcess,
  rules: Parameters<typeof testBus>[0],
  failing: (call: Call) => Error | undefined = () => undefined,
) {
  const it = testBus(rules, failing, [archive()], [], process);
  it.bus.start();
  return { ...it, journal: process.journal };
}
const reached = (calls: readonly Call[]) => calls.map(([, to]) => to);

describe('an event that was accepted', () => {
  it('is delivered after a crash that came right after the answer', async () => {
    const first = busOf(crashes.first(), [rule()], throttled);
    const answer = await first.put(entry({ TraceHeader: 'Root=1-a' }));

    const { calls, inFlight, bus } = testBus([rule()], undefined, [], [], crashes.crash());
    expect(calls).toEqual([]);
    bus.start();
    await inFlight.settled();

    expect(answer).toMatchObject({ FailedEntryCount: 0 });
    expect(calls).toEqual([['sendMessage', QUEUE, first.calls[0]![2]]]);
  });

  it('goes only to those targets again that did not have it', async () => {
    const rules = [fromTo('mail', {}, QUEUE), fromTo('audit', {}, OTHER)];
    const first = busOf(crashes.first(), rules, ([, to]) => (to === OTHER ? throttled() : undefined));
    await first.put(entry());
    await pass(first.clock, 1);
    await first.put(entry({ DetailType: 'OrderPaid' }));

    const again = busOf(crashes.crash(), rules);
    await again.inFlight.settled();
    expect(reached(again.calls)).toEqual([OTHER, OTHER]);

    await again.journal.durable();
    const { calls, inFlight } = busOf(crashes.crash(), rules);
    await inFlight.settled();
    expect(calls).toEqual([]);
  });

  it('carries its trace on', async () => {
    const to = [fromTo('notify', {}, arn('lambda', 'function:notify'))];
    await busOf(crashes.first(), to, throttled).put(entry({ TraceHeader: 'Root=1-a' }));

    const { calls } = busOf(crashes.crash(), to);

    expect(calls[0]?.[3]).toEqual({ kind: 'rule', name: 'notify', trace: 'Root=1-a' });
  });

  it('on two buses is on its way on each of them', async () => {
    const rules = [
      fromTo('hand-on', {}, arn('events', 'event-bus/archive')),
      fromTo('keep', { busName: 'archive' }, OTHER),
    ];
    await busOf(crashes.first(), rules, throttled).put(entry());

    const { calls, inFlight } = busOf(crashes.crash(), rules);
    await inFlight.settled();

    expect(reached(calls)).toEqual([OTHER]);
  });

  it('and forwarded goes to no third bus after a crash', async () => {
    const forwarding = (name: string, busName: string, to: string) =>
      fromTo(name, { busName }, arn('events', `event-bus/${to}`));
    const rules = [
      forwarding('on', 'shop', 'archive'),
      forwarding('further', 'archive', 'default'),
      fromTo('tell', { busName: 'archive' }, OTHER),
      fromTo('keep', { busName: 'default' }, QUEUE),
    ];
    await busOf(crashes.first(), rules, throttled).put(entry());

    const { calls, inFlight } = busOf(crashes.crash(), rules);
    await inFlight.settled();

    expect(reached(calls)).toEqual([OTHER]);
  });

  it('is found behind an older one that was forwarded only after a crash', async () => {
    const stuck = ([, , body]: Call) => (String(body).includes('OrderPaid') ? throttled() : undefined);
    const mail = fromTo('mail', {}, QUEUE);
    const first = busOf(crashes.first(), [mail], throttled);
    await first.put(entry());
    await pass(first.clock, 1);
    await first.put(entry({ DetailType: 'OrderPaid' }));
    const placed = { pattern: '{"detail-type":["OrderPlaced"]}' };
    const forwarding = fromTo('hand-on', placed, arn('events', 'event-bus/archive'));
    const again = busOf(crashes.crash(), [mail, forwarding], stuck);
    await pass(again.clock, 2_000);
    await again.put(entry());
    await pass(again.clock, 1);

    const { calls } = busOf(crashes.crash(), [mail, forwarding]);
    await pass(again.clock, 1);

    expect(calls.map(([, , body]) => String(body))).toEqual([expect.stringContaining('OrderPaid')]);
  });

  it('is as old as it is, and given up when that is too old', async () => {
    const rules = [rule({ targets: [target({ maximumEventAgeSeconds: 60, deadLetterArn: DEAD_LETTERS })] })];
    const failing = ([, to]: Call) => (to === QUEUE ? throttled() : undefined);
    await busOf(crashes.first(), rules, failing).put(entry());

    const { calls, inFlight } = busOf(crashes.crash(59_500), rules, failing);
    await inFlight.settled();

    expect(reached(calls)).toEqual([QUEUE, DEAD_LETTERS]);
    expect(calls[1]?.[3]).toMatchObject({ EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds' });
  });

  it('is past the longest retry after a day', async () => {
    await busOf(crashes.first(), [rule()], throttled).put(entry());

    const { calls } = busOf(crashes.crash(24 * HOUR + 1), [rule()]);

    expect(calls).toEqual([]);
  });

  it('is matched against the rules that there are now', async () => {
    await busOf(crashes.first(), [rule()], throttled).put(entry());

    const { calls } = busOf(crashes.crash(), [fromTo('new', {}, OTHER)]);

    expect(reached(calls)).toEqual([OTHER]);
  });

  it('fails for no target that is gone because the cloud ends', async () => {
    const first = busOf(crashes.first(), [rule()], () => new AwsError('QueueDoesNotExist', 'gone'));
    const answered = first.put(entry());
    first.bus.stop();
    await answered;
    await first.inFlight.settled();

    const { calls } = busOf(crashes.crash(), [rule()]);

    expect(reached(calls)).toEqual([QUEUE]);
  });
});

describe('what is on its way', () => {
  it('is looked for from the time on until which all was delivered', async () => {
    const failing = ([, , body]: Call) => (String(body).includes('Third') ? throttled() : undefined);
    const first = busOf(crashes.first(), [rule()], failing);
    await first.put(entry({ DetailType: 'First' }));
    await pass(first.clock, 2_000);
    await first.put(entry({ DetailType: 'Second' }));
    await pass(first.clock, 2_000);
    await first.put(entry({ DetailType: 'Third' }));

    const { journal, clock } = crashes.crash();
    const found = [...new OnTheirWay(journal, clock).earlier()];

    const types = found.map(({ event }) => event.detailType);
    expect(types).toContain('Third');
    expect(types).not.toContain('First');
  });

  it('is looked for from the oldest event on that a target does not take', async () => {
    const failing = ([, , body]: Call) => (String(body).includes('Stuck') ? throttled() : undefined);
    const first = busOf(crashes.first(), [rule()], failing);
    await first.put(entry({ DetailType: 'Stuck' }));
    await pass(first.clock, 5_000);
    await first.put(entry());
    await pass(first.clock, 5_000);
    await first.put(entry());

    const { journal, clock } = crashes.crash();
    const found = [...new OnTheirWay(journal, clock).earlier()];

    expect(found.map(({ event }) => event.detailType)).toContain('Stuck');
  });

  it('does not hold what this process has accepted itself', async () => {
    const { put, bus, calls } = testBus([rule()], throttled, [], [], crashes.first());
    await put(entry());

    bus.start();

    expect(calls).toHaveLength(1);
  });
});

describe('a rule that was switched off', () => {
  it('is off after a crash, too', async () => {
    await busOf(crashes.first(), [rule()]).call('DisableRule', {
      Name: 'tell-customer',
      EventBusName: 'shop',
    });

    const { put, calls } = busOf(crashes.crash(), [rule()]);
    await put(entry());

    expect(calls).toEqual([]);
  });
});
