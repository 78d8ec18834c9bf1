import { AwsError } from '../endpoint/service.ts';
import type { InvokeResult } from '../functions/invoker.ts';
import { InFlight } from '../in-flight.ts';
import type { FunctionConfig } from '../stack/model.ts';
import { AsyncInvoker } from './async-invoke.ts';
import { arn, pass } from './bus.fixture.ts';
import { Crashes } from '../journal/crash.fixture.ts';
import type { KeptProcess } from '../journal/crash.fixture.ts';

const FAILURES = arn('sqs', 'failures');
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const CAUSE = { kind: 'rule', name: 'tell-customer', trace: 'Root=1-a' };

let crashes: Crashes;
beforeEach(() => {
  crashes = new Crashes();
});
afterEach(() => crashes.close());

/** `never`: the run, or the sending, has not ended when the process dies. */
type Answer = 'ok' | 'error' | 'throttled' | 'never';

/** An invoker of one process; it gives `answers` in turn, the last for ever. */
function invokerOf(
  { clock, journal }: KeptProcess,
  answers: readonly Answer[],
  { settings = {}, sending = 'ok' }: { settings?: Partial<FunctionConfig>; sending?: Answer } = {},
) {
  const inFlight = new InFlight();
  const runs: unknown[][] = [];
  const sent: { to: string; body: Record<string, unknown>; attributes: unknown }[] = [];
  const lambda: FunctionConfig = {
    ...{ name: 'notify', arn: arn('lambda', 'function:notify'), roleArn: '', handler: 'index.handler' },
    ...{
      package: '',
      runtime: 'nodejs24.x',
      timeoutSeconds: 3,
      memoryMb: 128,
      environment: {},
      logGroup: '',
    },
    ...{ onFailureDestination: FAILURES, ...settings },
  };
  const asyncInvoker = new AsyncInvoker({
    functions: settings.name === 'gone' ? [] : [lambda],
    invoker: {
      async invoke(name, payload, cause): Promise<InvokeResult> {
        const answer = answers[Math.min(runs.length, answers.length - 1)];
        runs.push([name, payload, cause]);
        if (answer === 'never') return new Promise(() => undefined);
        if (answer === 'throttled') throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
        const requestId = cause.requestId ?? '';
        return answer === 'ok'
          ? { requestId, payload: '{"done":true}', functionError: undefined }
          : { requestId, payload: '{"errorType":"E","errorMessage":"broken"}', functionError: 'Unhandled' };
      },
    },
    outlets: {
      sendMessage: async (to, body, attributes) => {
        sent.push({ to, body: JSON.parse(body) as Record<string, unknown>, attributes });
        return sending === 'never' ? new Promise(() => undefined) : undefined;
      },
      publish: () => Promise.resolve(),
      putObject: () => Promise.resolve(),
    },
    putEvent: () => undefined,
    clock,
    inFlight,
    journal,
  });
  return { asyncInvoker, clock, inFlight, runs, sent, journal };
}

/** Resumed by the process after a crash. */
function resumed(process: KeptProcess, answers: readonly Answer[], more?: Parameters<typeof invokerOf>[2]) {
  const it = invokerOf(process, answers, more);
  it.asyncInvoker.resume();
  return it;
}

const context = (body: Record<string, unknown> | undefined) => body?.['requestContext'];

describe('an asynchronous invocation that was accepted', () => {
  it('runs again after a crash, the same as before, when its run was interrupted', async () => {
    const first = invokerOf(crashes.first(), ['never']);
    const requestId = await first.asyncInvoker.invokeAsync('notify', '{"n":1.10}', CAUSE);

    const { runs, inFlight, journal } = resumed(crashes.crash(), ['ok']);
    expect(inFlight.counts()).toEqual({ asyncInvocation: 1 });
    await inFlight.settled();
    await journal.durable();

    expect(runs).toEqual([['notify', '{"n":1.10}', { ...CAUSE, requestId }]]);
    expect(resumed(crashes.crash(), ['ok']).inFlight.counts()).toEqual({});
  });

  it('does not run again once it has ended', async () => {
    const { asyncInvoker, inFlight, journal } = invokerOf(crashes.first(), ['ok']);
    await asyncInvoker.invokeAsync('notify', '{}', CAUSE);
    await inFlight.settled();
    await journal.durable();

    expect(resumed(crashes.crash(), ['ok']).runs).toEqual([]);
  });

  it('has only the retries left that it had, and waits for the next as long', async () => {
    const first = invokerOf(crashes.first(), ['error']);
    await first.asyncInvoker.invokeAsync('notify', '{}', CAUSE);
    await pass(first.clock, MINUTE + SECOND);
    expect(first.runs).toHaveLength(2);
    await first.journal.durable();

    const { runs, sent, clock, inFlight } = resumed(crashes.crash(MINUTE), ['error']);
    await pass(clock, 50 * SECOND);
    expect(runs).toEqual([]);
    await pass(clock, 10 * SECOND);
    await inFlight.settled();

    expect(runs).toHaveLength(1);
    expect(context(sent[0]?.body)).toMatchObject({
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    });
  });

  it('counts a run that the crash interrupted as none', async () => {
    const first = invokerOf(crashes.first(), ['error', 'error', 'never']);
    await first.asyncInvoker.invokeAsync('notify', '{}', CAUSE);
    await pass(first.clock, MINUTE + SECOND);
    await pass(first.clock, 2 * MINUTE + SECOND);
    expect(first.runs).toHaveLength(3);
    await first.journal.durable();

    const { sent, inFlight } = resumed(crashes.crash(), ['error']);
    await inFlight.settled();

    expect(context(sent[0]?.body)).toMatchObject({ approximateInvokeCount: 3 });
  });

  it('backs off from throttles as far as it had', async () => {
    const first = invokerOf(crashes.first(), ['throttled']);
    await first.asyncInvoker.invokeAsync('notify', '{}', CAUSE);
    for (const seconds of [1, 2, 4]) await pass(first.clock, seconds * SECOND + 10);
    expect(first.runs).toHaveLength(4);
    await first.journal.durable();

    const { runs, clock } = resumed(crashes.crash(), ['throttled']);
    await pass(clock, 7 * SECOND);
    expect(runs).toHaveLength(0);
    await pass(clock, 1.1 * SECOND);
    await pass(clock, 15 * SECOND);

    expect(runs).toHaveLength(1);
  });

  it('that became too old meanwhile is given up, with what its last run had answered', async () => {
    const settings = { maximumEventAgeSeconds: 120 };
    const first = invokerOf(crashes.first(), ['error'], { settings });
    await first.asyncInvoker.invokeAsync('notify', '{}', CAUSE);
    await pass(first.clock, 1);
    await first.journal.durable();

    const { runs, sent, inFlight } = resumed(crashes.crash(2 * MINUTE), ['ok'], { settings });
    await inFlight.settled();

    expect(runs).toEqual([]);
    expect(context(sent[0]?.body)).toMatchObject({
      condition: 'EventAgeExceeded',
      approximateInvokeCount: 1,
    });
    expect(sent[0]?.body).toMatchObject({ responsePayload: { errorMessage: 'broken' } });
  });

  it('that had ended tells its destination again when the crash came before that had it', async () => {
    const settings = { maximumRetryAttempts: 0 };
    const first = invokerOf(crashes.first(), ['error'], { settings, sending: 'never' });
    await first.asyncInvoker.invokeAsync('notify', '{}', CAUSE);
    await pass(first.clock, 1);
    expect(first.sent).toHaveLength(1);
    await first.journal.durable();

    const { runs, sent, inFlight } = resumed(crashes.crash(MINUTE), ['ok'], { settings });
    await inFlight.settled();

    expect(runs).toEqual([]);
    expect(sent).toEqual(first.sent);
  });

  it('is left as it stands when the cloud ends', async () => {
    const first = invokerOf(crashes.first(), ['error'], { settings: { maximumRetryAttempts: 0 } });
    const accepted = first.asyncInvoker.invokeAsync('notify', '{}', CAUSE);
    first.asyncInvoker.stop();
    await accepted;
    await first.inFlight.settled();
    await first.journal.durable();

    const { runs } = resumed(crashes.crash(), ['ok']);

    expect(first.sent).toEqual([]);
    expect(runs).toHaveLength(1);
  });

  it('runs once where it was accepted by this process', async () => {
    const { asyncInvoker, runs } = invokerOf(crashes.first(), ['never']);
    await asyncInvoker.invokeAsync('notify', '{}', CAUSE);

    asyncInvoker.resume();

    expect(runs).toHaveLength(1);
  });

  it('is dropped where its function is gone from the stack', async () => {
    await invokerOf(crashes.first(), ['never']).asyncInvoker.invokeAsync('notify', '{}', CAUSE);

    const { inFlight, journal } = resumed(crashes.crash(), ['ok'], { settings: { name: 'gone' } });
    await journal.durable();

    expect(inFlight.counts()).toEqual({});
    expect(journal.entries('invocation')).toEqual([]);
  });
});
