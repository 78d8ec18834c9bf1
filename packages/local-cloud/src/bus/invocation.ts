import * as z from 'zod';
import type { FunctionConfig } from '../stack/model.ts';

/** How an invocation may end. */
const CONDITIONS = ['Success', 'RetriesExhausted', 'EventAgeExceeded', 'ZeroReservedConcurrency'] as const;
export type Condition = (typeof CONDITIONS)[number];

const MINUTE_MS = 60_000;
const DEFAULT_RETRIES = 2;
const DEFAULT_AGE_SECONDS = 6 * 3600;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 5 * MINUTE_MS;

/** An accepted invocation, as far as it has come: all that it needs to go on after a crash. Times are epoch milliseconds. */
export const invocationSchema = z.object({
  functionName: z.string(),
  /** The alias or version that was called. */
  qualifier: z.string().optional(),
  /** JSON text. */
  payload: z.string(),
  cause: z.object({
    kind: z.string(),
    name: z.string(),
    trace: z.string().optional(),
    requestId: z.string(),
  }),
  acceptedAt: z.number(),
  /** How often the function ran. */
  invokeCount: z.int(),
  /** How often it could not be run. */
  throttles: z.int(),
  nextTryAt: z.number(),
  /** What the last run answered. */
  result: z
    .object({
      payload: z.string(),
      functionError: z.literal('Unhandled').optional(),
      executedVersion: z.string().optional(),
    })
    .optional(),
  /** Why it could not be run, the last time that happened. */
  refusal: z.object({ message: z.string(), status: z.int() }).optional(),
  /** Set once nothing but telling of its end is left. */
  ended: z.object({ condition: z.enum(CONDITIONS), at: z.number() }).optional(),
});
export type Invocation = z.output<typeof invocationSchema>;

/** One try: what the function answered, or why it could not be run. */
export type Tried = Required<Pick<Invocation, 'result'>> | Required<Pick<Invocation, 'refusal'>>;

/** What a function says of its asynchronous invocations. */
export type InvocationSettings = Pick<
  FunctionConfig,
  'maximumRetryAttempts' | 'maximumEventAgeSeconds' | 'reservedConcurrency'
>;

/**
 * How it goes on after a try: it has ended, or is tried again. A try that did not run the function counts as none;
 * where no run at all is allowed, it is the last.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function afterTry(
  before: Invocation,
  tried: Tried,
  settings: InvocationSettings,
  now: number,
): Invocation {
  if ('refusal' in tried) {
    if (settings.reservedConcurrency === 0)
      return endedWith('ZeroReservedConcurrency', { ...before, ...tried }, now);
    const throttles = before.throttles + 1;
    const backoff = Math.min(FIRST_BACKOFF_MS * 2 ** before.throttles, LONGEST_BACKOFF_MS);
    return triedAgain({ ...before, ...tried, throttles }, now + backoff, settings, now);
  }
  const invokeCount = before.invokeCount + 1;
  const invocation = { ...before, ...tried, invokeCount };
  if (!tried.result?.functionError) return endedWith('Success', invocation, now);
  if (invokeCount > (settings.maximumRetryAttempts ?? DEFAULT_RETRIES))
    return endedWith('RetriesExhausted', invocation, now);
  return triedAgain(invocation, now + invokeCount * MINUTE_MS, settings, now);
}

/** The invocation as it is tried next at `nextTryAt`, or given up where it is too old then. */
export function triedAgain(
  invocation: Invocation,
  nextTryAt: number,
  { maximumEventAgeSeconds = DEFAULT_AGE_SECONDS }: InvocationSettings,
  now: number,
): Invocation {
  const isTooOld = nextTryAt - invocation.acceptedAt >= maximumEventAgeSeconds * 1000;
  return isTooOld ? endedWith('EventAgeExceeded', invocation, now) : { ...invocation, nextTryAt };
}

function endedWith(condition: Condition, invocation: Invocation, at: number): Invocation {
  return { ...invocation, ended: { condition, at } };
}
