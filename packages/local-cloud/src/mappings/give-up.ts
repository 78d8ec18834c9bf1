import type { Change } from '../tables/change.ts';
import { failureMessage } from './failure-message.ts';
import type { LaneParts } from './lane-parts.ts';
import { retryDelay } from './retry-delay.ts';
import type { Discard } from './stream-batching.ts';

/** Attempts to reach an on-failure destination; AWS gives up on one that refuses, too. */
const DESTINATION_ATTEMPTS = 5;

/** Changes that a mapping gives up. */
export interface GivenUp {
  readonly batch: readonly Change[];
  readonly discard: Discard;
  /** Of their newest invocation, where it is what they are given up for. */
  readonly requestId: string | undefined;
  /** The version that it ran. */
  readonly executedVersion?: string | undefined;
  /** The event that the function was given. */
  readonly payload: string;
}

/**
 * Tells the mapping's on-failure destination of changes that are given up, if there is one. Resolves when it knows, or
 * could not be reached.
 *
 * @param onProblem called with each failed attempt.
 */
export async function giveUp(
  {
    mapping,
    stream,
    clock,
    deliverFailure,
  }: Pick<LaneParts, 'mapping' | 'stream' | 'clock' | 'deliverFailure'>,
  { batch, discard, requestId, executedVersion, payload }: GivenUp,
  onProblem: (problem: string) => void,
): Promise<void> {
  if (mapping.onFailureDestination === undefined) return;
  const message = failureMessage({
    mappingId: mapping.id,
    functionName: mapping.functionName,
    qualifier: mapping.qualifier,
    executedVersion,
    requestId,
    discard,
    records: batch.map(({ record }) => record),
    payload,
    stream,
    now: clock.now(),
  });
  for (let attempt = 1; attempt <= DESTINATION_ATTEMPTS; attempt++) {
    try {
      await deliverFailure(mapping.onFailureDestination, message, mapping.functionName);
      return;
    } catch (error) {
      onProblem(`On-failure destination: ${String(error)}`);
      if (attempt < DESTINATION_ATTEMPTS) await clock.sleep(retryDelay(attempt));
    }
  }
}
