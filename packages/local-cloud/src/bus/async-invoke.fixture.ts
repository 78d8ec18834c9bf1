import { MovableClock } from '../clock.ts';
import { AwsError } from '../endpoint/service.ts';
import type { InvokeCause } from '../functions/invoker.ts';
import { InFlight } from '../in-flight.ts';
import { NOTHING_KEPT } from '../journal/state.ts';
import type { FunctionConfig } from '../stack/model.ts';
import { AsyncInvoker } from './async-invoke.ts';
import { arn } from './bus.fixture.ts';

export const FUNCTION = arn('lambda', 'function:notify');
export const CAUSE: InvokeCause = { kind: 'rule', name: 'tell-customer' };
export const FAILURES = arn('sqs', 'failures');
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

type Answer = 'ok' | 'error' | 'throttled';

export const LIVE: Partial<FunctionConfig> = { version: '1', aliases: [{ name: 'live', version: '1' }] };

/** An invoker that gives `answers` in turn, the last for ever, and outlets that note what they are handed. */
export function testInvoker(
  answers: readonly Answer[],
  settings: Partial<FunctionConfig> = {},
  refusing: string | undefined = undefined,
) {
  const clock = new MovableClock();
  const inFlight = new InFlight();
  const runs: { function: string; payload: string; requestId: string | undefined }[] = [];
  const sent: unknown[][] = [];
  const note =
    (name: string) =>
    async (...parameters: unknown[]) => {
      if (parameters[0] === refusing) throw new AwsError('QueueDoesNotExist', 'gone');
      sent.push([name, ...parameters]);
    };
  const config = (name: string): FunctionConfig => ({
    name,
    arn: arn('lambda', `function:${name}`),
    roleArn: arn('iam', 'role/notify'),
    handler: 'index.handler',
    package: '/notify.zip',
    runtime: 'nodejs24.x',
    timeoutSeconds: 3,
    memoryMb: 128,
    environment: {},
    logGroup: '/aws/lambda/notify',
  });
  const asyncInvoker = new AsyncInvoker({
    functions: [{ ...config('notify'), ...settings }, config('tidy')],
    invoker: {
      async invoke(name, payload, { requestId = '' }) {
        const answer = answers[Math.min(runs.length, answers.length - 1)];
        runs.push({ function: name, payload, requestId });
        const executedVersion = name.endsWith(':live') ? '1' : '$LATEST';
        if (answer === 'throttled') throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
        return answer === 'ok'
          ? { requestId, payload: '{"done":true}', functionError: undefined, executedVersion }
          : {
              requestId,
              payload: '{"errorType":"Error","errorMessage":"broken","trace":[]}',
              functionError: 'Unhandled',
              executedVersion,
            };
      },
    },
    outlets: { sendMessage: note('sendMessage'), publish: note('publish'), putObject: note('putObject') },
    putEvent: note('putEvent'),
    clock,
    inFlight,
    journal: NOTHING_KEPT,
  });
  const body = () => JSON.parse(String(sent[0]?.[2])) as unknown;
  return { asyncInvoker, clock, inFlight, runs, sent, body };
}
