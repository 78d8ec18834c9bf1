import { ACTIVITY_DAYS } from '@orderstream/domain';
import { MOST_ADDITIONS, type Addition, type SummaryKey } from '@orderstream/lambda-kit';
import type { WindowEvent } from './window-event.ts';
import type { WindowState } from './window-state.ts';

/** Additions that are counted once together. */
export interface CountedChunk {
  readonly marker: SummaryKey & { readonly expiresAt: number };
  readonly additions: readonly Addition[];
}

const DAY = 24 * 60 * 60;
/** Days that a marker is kept: streams hold records for one. */
const MARKER_DAYS = 7;

/**
 * All that a window's state adds to the summaries, in chunks of one transaction. The same state makes the same chunks,
 * so that a window which is counted for the second time meets its markers.
 */
export function countedChunks(
  { window, shardId }: Pick<WindowEvent, 'window' | 'shardId'>,
  state: WindowState,
): CountedChunk[] {
  const additions = additionsOf(state);
  const expiresAt = Math.floor(Date.parse(window.start) / 1000) + MARKER_DAYS * DAY;
  return Array.from({ length: Math.ceil(additions.length / MOST_ADDITIONS) }, (_, chunk) => ({
    marker: {
      metric: `activity-window#${shardId}`,
      bucket: `${window.start}#${state.first}#${chunk}`,
      expiresAt,
    },
    additions: additions.slice(chunk * MOST_ADDITIONS, (chunk + 1) * MOST_ADDITIONS),
  }));
}

/** One addition a row, in the order of their keys, which no engine or reader changes. */
function additionsOf({ minutes, views, nothingFound }: WindowState): Addition[] {
  const numbers = new Map<string, Record<string, number>>();
  for (const [key, count] of sorted(minutes)) {
    const [minute, name] = [key.slice(0, MINUTE), key.slice(MINUTE + 1)];
    numbers.set(minute, { ...numbers.get(minute), [name]: count });
  }
  return [
    ...[...numbers].map(([minute, add]) => addition('minute', minute, '', add)),
    ...sorted(views).map(([key, count]) =>
      addition('product', key.slice(0, MINUTE), `#${key.slice(MINUTE + 1)}`, { views: count }),
    ),
    ...sorted(nothingFound).map(([key, count]) =>
      addition('nothing-found', key.slice(0, MINUTE), `#${key.slice(MINUTE + 1)}`, { searches: count }),
    ),
  ];
}

/** Characters of a minute such as `2026-11-23T09:15`. */
const MINUTE = 16;

/** Every window gives a row the same end of its time: after the last minute of its day. */
function addition(kind: string, minute: string, rest: string, add: Record<string, number>): Addition {
  const [day = '', time = ''] = minute.split('T');
  return {
    metric: `activity#${day}`,
    bucket: `${kind}#${time}${rest}`,
    add,
    expiresAt: Date.parse(day) / 1000 + (1 + ACTIVITY_DAYS) * DAY,
  };
}

function sorted(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
}
