import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { answerAs } from './ask-api.ts';
import { UsageError } from './errors.ts';
import type { StaffApi } from './staff-api.ts';

const dispatchingSchema = z.object({
  paused: z.boolean(),
  mappings: z.array(z.object({ table: z.string(), state: z.string() })),
});

/** Whether changes are dispatched, and how the mapping of each table stands. */
export type Dispatching = z.infer<typeof dispatchingSchema>;

const PATH = '/dispatching';
/** Lambda switches a mapping within a minute or so. */
const MOST_LOOKS = 90;
const PAUSE_MS = 1_000;

/**
 * Stops or starts the dispatcher's mappings and waits until all of them have come to it: while one is still stopping, a
 * batch may be under way.
 *
 * @throws UsageError when one does not come to it.
 */
export async function switchDispatching(
  api: Pick<StaffApi, 'ask'>,
  paused: boolean,
  signal: AbortSignal,
  wait: () => Promise<unknown> = () => sleep(PAUSE_MS, undefined, { signal }),
): Promise<Dispatching> {
  const wanted = paused ? 'Disabled' : 'Enabled';
  let answer = await api.ask({ path: PATH, method: 'PUT', body: { paused }, signal });
  for (let looks = 1; ; looks += 1) {
    const dispatching = answerAs(dispatchingSchema, answer, PATH);
    const others = dispatching.mappings.filter(({ state }) => state !== wanted);
    if (others.length === 0) return dispatching;
    if (looks >= MOST_LOOKS) throw new UsageError(stuckText(others, wanted), 1);
    await wait();
    answer = await api.ask({ path: PATH, signal });
  }
}

function stuckText(others: Dispatching['mappings'], wanted: string): string {
  const states = others.map(({ table, state }) => `${table} is ${state}`).join(', ');
  return `Not every mapping became ${wanted}: ${states}. It is safe to run this again.`;
}
