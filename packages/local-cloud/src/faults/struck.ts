import { BrokenConnection } from '../endpoint/broken-connection.ts';
import type { Clock } from '../clock.ts';
import { AwsError } from '../endpoint/service.ts';
import type { InFlight } from '../in-flight.ts';
import type { FaultKind, FaultOf } from './fault.ts';
import type { Overtaking } from './overtaking.ts';
import type { Series, Strike } from './series.ts';
import { type Refusal, SERVICES } from './services.ts';
import type { Site } from './site.ts';

/** Kinds that are done around a call; the others are done inside a function's thread. */
export type OuterKind = Exclude<FaultKind, 'crash'>;

/** A call that faults stand around. */
export interface Call<T> {
  readonly site: Site;
  readonly run: () => Promise<T>;
  /** The same call with the things it carries in another order; absent where their order has a meaning. */
  readonly runShuffled?: (strike: Strike) => Promise<T>;
  /** Answers with an error of the service: throws it, or makes an answer of it. */
  readonly refuse: (refusal: Refusal) => T;
  /** What a caller meets that gets no answer. */
  readonly lost: (message: string) => Error;
  /** Whether a second delivery may come after others that were due later. */
  readonly mayFollow: boolean;
}

export interface StruckParts {
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly overtaking: Overtaking;
  readonly kill: () => void;
}

/** Longest that a client waits for an answer which never comes, unless the fault says otherwise, in milliseconds. */
const NO_ANSWER_MS = 60_000;
/** Longest that a delivery waits to be overtaken, unless the fault says otherwise, in milliseconds. */
const HELD_BACK_MS = 1_000;

/** Does a call with faults around it, the first of them outermost. */
export async function withFaults<T>(
  call: Call<T>,
  [series, ...others]: readonly Series<FaultOf<OuterKind>>[],
  parts: StruckParts,
): Promise<T> {
  if (!series) return call.run();
  const strike = series.consider(call.site);
  const rest = () => withFaults(call, others, parts);
  if (!strike) return series.fault.kind === 'reorder' ? overtake(call, rest, parts) : rest();
  return struck(call, series.fault, strike, others, parts);
}

async function struck<T>(
  call: Call<T>,
  fault: FaultOf<OuterKind>,
  strike: Strike,
  others: readonly Series<FaultOf<OuterKind>>[],
  parts: StruckParts,
): Promise<T> {
  const { site } = call;
  const { clock, kill } = parts;
  const { internal, throttle } = SERVICES[site.service];
  const rest = () => withFaults(call, others, parts);
  switch (fault.kind) {
    case 'error': {
      const { code = internal.code, status = internal.status, message = internal.message } = fault;
      return call.refuse({ code, status, message });
    }
    case 'throttle':
      return call.refuse(throttle);
    case 'latency':
      await clock.sleep(strike.delay(fault.ms));
      return rest();
    case 'timeout':
      await clock.sleep(strike.delay(fault.ms ?? NO_ANSWER_MS));
      throw call.lost('It was not answered in time, as a fault wants it.');
    case 'lostAnswer':
      await ended(rest());
      if (fault.answer === 'error') return call.refuse(internal);
      throw call.lost('Its answer was lost, as a fault wants it.');
    case 'duplicate':
      return twice(call, fault, strike, rest, parts);
    case 'reorder':
      await parts.overtaking.hold(site.lane ?? '', strike.delay(fault.ms ?? HELD_BACK_MS));
      return withFaults(shuffledCall(call, strike), others, parts);
    case 'kill':
      if (fault.at !== 'before') await ended(rest());
      kill();
      throw call.lost('The process was killed, as a fault wants it.');
  }
}

/** What AWS refuses is an answer, too: it may be lost as any other. */
async function ended(running: Promise<unknown>): Promise<void> {
  try {
    await running;
  } catch (error) {
    if (!(error instanceof AwsError) && !(error instanceof BrokenConnection)) throw error;
  }
}

/** A second time after the first; where others may come in between, the first one's answer is not held up by it. */
async function twice<T>(
  call: Call<T>,
  { ms }: FaultOf<'duplicate'>,
  strike: Strike,
  rest: () => Promise<T>,
  { clock, inFlight }: StruckParts,
): Promise<T> {
  const answer = await rest();
  if (ms === undefined) return rest();
  const again = async () => {
    await clock.sleep(strike.delay(ms));
    return rest();
  };
  if (!call.mayFollow) return again();
  const leave = inFlight.enter('duplicate');
  void again()
    .catch(() => undefined)
    .finally(leave);
  return answer;
}

async function overtake<T>(
  { site }: Call<T>,
  rest: () => Promise<T>,
  { overtaking }: StruckParts,
): Promise<T> {
  try {
    return await rest();
  } finally {
    if (site.lane !== undefined) overtaking.passed(site.lane);
  }
}

function shuffledCall<T>(call: Call<T>, strike: Strike): Call<T> {
  const { runShuffled } = call;
  return runShuffled ? { ...call, run: () => runShuffled(strike) } : call;
}
