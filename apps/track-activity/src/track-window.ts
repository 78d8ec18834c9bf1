import type { SummariesTable } from '@orderstream/lambda-kit';
import type { WindowEvent } from './window-event.ts';
import { countedChunks } from './window-rows.ts';
import { fold, windowState, type Folded, type WindowState } from './window-state.ts';

export interface Tracked extends Omit<Folded, 'state'> {
  /** What Lambda keeps for the window's next batch. */
  readonly state: WindowState | Record<string, never>;
  /** Chunks that were written, and those that had been before; none before the window's end. */
  readonly chunks: { readonly written: number; readonly before: number };
}

/**
 * Adds a batch to its window's state, and at the window's end the state to the summaries. An end that fails midway
 * comes again with the same state: what is written by then is not counted twice.
 */
export async function trackWindow(
  summaries: Pick<SummariesTable, 'countOnce'>,
  event: WindowEvent,
): Promise<Tracked> {
  const { state, ...folded } = fold(windowState(event.state), event.Records);
  const ends = event.isFinalInvokeForWindow || event.isWindowTerminatedEarly;
  if (state === undefined || !ends)
    return { ...folded, state: state ?? {}, chunks: { written: 0, before: 0 } };
  let [written, before] = [0, 0];
  for (const { marker, additions } of countedChunks(event, state)) {
    if (await summaries.countOnce(marker, additions)) written += 1;
    else before += 1;
  }
  return { ...folded, state: {}, chunks: { written, before } };
}
