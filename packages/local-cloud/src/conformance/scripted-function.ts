import * as z from 'zod';
import { AwsError } from '../endpoint/service.ts';
import type { InvokeResult, Invoker } from '../functions/invoker.ts';
import { recordOf, sequenceNumberOf } from './memory-stream.ts';

const step = z.union([
  z.enum(['ok', 'throw', 'throttle']),
  z.strictObject({ report: z.array(z.int()) }),
  z.strictObject({ resp: z.unknown() }),
]);

/**
 * What a case says of its function: a list of outcomes, one an attempt, of which the last repeats; or the records that
 * make it throw whenever they are in the batch. `throttle` is no invocation: the function did not run.
 */
export const functionScript = z.union([z.array(step).min(1), z.strictObject({ poison: z.array(z.int()) })]);

export type FunctionScript = z.output<typeof functionScript>;

const ERROR = '{"errorType":"Error","errorMessage":"The case says throw.","trace":[]}';

const batch = z.object({
  Records: z.array(z.object({ dynamodb: z.object({ SequenceNumber: z.string() }) })),
});

/** A function that does what a case says, and keeps the records of each invocation. */
export class ScriptedFunction implements Invoker {
  readonly invocations: number[][] = [];
  /** Invocations and throttles. */
  attempts = 0;
  readonly #script: FunctionScript;

  constructor(script: FunctionScript) {
    this.#script = script;
  }

  async invoke(_name: string, payload: string): Promise<InvokeResult> {
    const records = batch
      .parse(JSON.parse(payload))
      .Records.map(({ dynamodb }) => recordOf(dynamodb.SequenceNumber));
    const outcome = this.#outcome(records);
    this.attempts++;
    if (outcome === 'throttle') throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
    this.invocations.push(records);
    const requestId = `invocation-${this.invocations.length}`;
    if (outcome === 'throw') return { requestId, payload: ERROR, functionError: 'Unhandled' };
    return { requestId, payload: JSON.stringify(answerOf(outcome)), functionError: undefined };
  }

  #outcome(records: readonly number[]): z.output<typeof step> {
    const script = this.#script;
    if (Array.isArray(script)) return script[Math.min(this.attempts, script.length - 1)] ?? 'ok';
    return script.poison.some((record) => records.includes(record)) ? 'throw' : 'ok';
  }
}

function answerOf(outcome: Exclude<z.output<typeof step>, 'throw' | 'throttle'>): unknown {
  if (outcome === 'ok') return null;
  if ('resp' in outcome) return outcome.resp ?? null;
  return {
    batchItemFailures: outcome.report.map((record) => ({ itemIdentifier: sequenceNumberOf(record) })),
  };
}
