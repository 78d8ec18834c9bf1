import { deadLettersOf } from '../check/read-letters.ts';
import type { MortalCloud } from './cloud.ts';
import { driveTime } from './time.ts';

/** Passes after which what comes back each time is taken for dead. */
const MOST_PASSES = 8;

/** What became of the dead letters. */
export interface Redriven {
  readonly redriven: number;
  /** Of those, how many of each kind. */
  readonly kinds: Readonly<Record<string, number>>;
  /** How many stay in the end, by kind and why. */
  readonly stays: Readonly<Record<string, number>>;
}

/** Two rounds as one: what stays is what stays after the second. */
export function together(first: Redriven, second: Redriven): Redriven {
  const kinds = { ...first.kinds };
  for (const [kind, count] of Object.entries(second.kinds)) kinds[kind] = (kinds[kind] ?? 0) + count;
  return { redriven: first.redriven + second.redriven, kinds, stays: second.stays };
}

/** Redrives all that is dead, again and again until nothing is left that could be. */
export async function redriveAll(
  cloud: MortalCloud,
  { signal, say }: { readonly signal: AbortSignal; readonly say: (line: string) => void },
): Promise<Redriven> {
  const letters = deadLettersOf(cloud.session);
  let redriven = 0;
  const kinds: Record<string, number> = {};
  for (let pass = 1; ; pass += 1) {
    const stays: Record<string, number> = {};
    let moved = 0;
    for await (const results of letters.act('redrive', { all: true }, false, signal)) {
      for (const { outcome, kind, why = 'no reason told' } of results) {
        if (outcome === 'redriven') {
          moved += 1;
          kinds[kind] = (kinds[kind] ?? 0) + 1;
        } else {
          const reason = `${kind}: ${withoutIds(why)}`;
          stays[reason] = (stays[reason] ?? 0) + 1;
        }
      }
    }
    redriven += moved;
    const left = Object.values(stays).reduce((sum, count) => sum + count, 0);
    say(`redrive ${pass}: ${moved} redriven, ${left} stay`);
    if (moved === 0 || pass === MOST_PASSES) return { redriven, kinds, stays };
    await driveTime(cloud.client, signal);
  }
}

/** The reason of one letter as that of all that stay for the same one. */
function withoutIds(why: string): string {
  return why.replace(/\b[0-9a-f]{32}\b/g, '…');
}
