import { KINDS, type Kind, type Letter, type Shelf, type Waiting, type Wanted } from './letter.ts';
import { HeldItems } from './held-items.ts';
import { readLetterId } from './letter-id.ts';
import { markOf, type Place } from './place.ts';
import type { Filters, Selection } from './selection.ts';

/** What is done to dead letters. */
export type Deed = 'redrive' | 'discard';

/** What a part of a pass came to. */
export interface Passed {
  readonly results: Result[];
  /** Where the pass goes on; undefined at its end. */
  readonly next: Place | undefined;
  /** Sources that hold more than could be looked at in this pass. */
  readonly incomplete?: readonly string[];
}

/** What became of one letter. */
export interface Result {
  readonly id: string;
  readonly kind: Kind;
  readonly source: string;
  readonly outcome: 'redriven' | 'discarded' | 'would be redriven' | 'would be discarded' | 'stays';
  /** Why it stays. */
  readonly why?: string;
}

/** Letters of queues that are told apart in one pass: more marks would not fit into a cursor. */
const MOST_MET = 20_000;

/** Letters in one call, and milliseconds after which none is begun any more; one that is begun may take 15 seconds. */
const MOST_LETTERS = 100;
const PATIENCE_MS = 10_000;

/** What a letter is after that. */
export const DONE = { redrive: 'redriven', discard: 'discarded' } as const;

const GONE =
  'There is no dead letter with this id now: it was redriven or discarded, or somebody else looks at its queue. List them again.';

/**
 * Goes through the selected letters and redrives or discards them: kind after kind, changes of an item in the order in
 * which they happened. A letter that stays is not tried again before the pass ends, and holds back the later changes of
 * its items.
 *
 * A letter goes only after it was handled: what breaks off in between is handled twice, which does no harm.
 *
 * @param from where an earlier part of the pass ended. @returns what became of the letters, and where to go on, and which
 * sources could not be looked through.
 */
export async function pass(
  shelves: readonly Shelf[],
  deed: Deed,
  selection: Omit<Selection, 'cursor'>,
  { from, now }: { readonly from: Place | undefined; readonly now: () => number },
): Promise<Passed> {
  const { ids, dryRun = false } = selection;
  const began = now();
  const results: Result[] = [];
  const isLate = () => now() - began > PATIENCE_MS;
  const isFull = () => results.length >= MOST_LETTERS || isLate();
  const met = new Set(from?.met);
  const incomplete = new Set<string>();
  const part = (next: Place | undefined): Passed => ({
    ...{ results, next },
    ...(incomplete.size > 0 && { incomplete: [...incomplete] }),
  });

  for (const shelf of shelvesFrom(shelves, selection, from)) {
    const start = from?.kind === shelf.kind ? from : undefined;
    const held = new HeldItems(start);
    let after = start?.after;
    const next = (): Place => ({ kind: shelf.kind, after, ...held.place, met: [...met] });
    const handle = async (some: readonly Waiting[]) => {
      const ended = some.map((waiting) => end(waiting, deed, dryRun, held));
      for (const result of await Promise.all(ended)) results.push(result);
      for (const [index, waiting] of some.entries()) {
        if (results.at(index - some.length)?.outcome === 'stays') held.add(waiting);
      }
    };

    const cut = new Set<string>();
    const wanted: Wanted = {
      ...{ after: shelf.keepsPlaces ? after : undefined, ids: idsOf(shelf, ids), source: selection.source },
      ...{ isLate, cut: (source) => cut.add(source) },
    };
    try {
      for await (const { waiting, position } of shelf.walk(wanted)) {
        const isNew = ({ letter }: Waiting) => shelf.keepsPlaces || !met.has(markOf(letter.id));
        const some = waiting.filter((one) => fits(one.letter, selection) && isNew(one));
        await handle(some);
        for (const { id, outcome } of results.slice(results.length - some.length)) {
          const comesAgain = !shelf.keepsPlaces && (dryRun || outcome === 'stays');
          if (ids !== undefined || comesAgain) met.add(markOf(id));
        }
        after = position;
        // A part of the pass ends only where it came further than the one before.
        if ((some.length > 0 || shelf.keepsPlaces) && isFull()) return part(next());
      }
    } catch (error) {
      // What was done is told; what is wrong shows again in the next part.
      if (results.length === 0) throw error;
      return part(next());
    }
    // What comes next in a queue shows where something went, or was met for the first time.
    if (cut.size > 0 && results.length > 0 && met.size < MOST_MET) return part(next());
    for (const source of cut) incomplete.add(source);
  }

  for (const id of ids ?? []) {
    const kind = readLetterId(id)?.kind ?? 'change';
    if (!met.has(markOf(id))) results.push({ id, kind, source: '', outcome: 'stays', why: GONE });
  }
  return part(undefined);
}

/** The shelves on which a selection may be, from that place on. */
export function shelvesFrom(
  shelves: readonly Shelf[],
  { kind, ids }: Pick<Selection, 'kind' | 'ids'>,
  from: Pick<Place, 'kind'> | undefined,
): Shelf[] {
  return KINDS.slice(from === undefined ? 0 : KINDS.indexOf(from.kind))
    .flatMap((one) => shelves.filter((shelf) => shelf.kind === one))
    .filter((shelf) => kind === undefined || shelf.kind === kind)
    .filter((shelf) => ids === undefined || idsOf(shelf, ids)?.length !== 0);
}

/** Whether a letter is as asked for. */
export function fits({ kind, source, cause }: Letter, asked: Filters): boolean {
  return (
    (asked.kind ?? kind) === kind && (asked.source ?? source) === source && (asked.cause ?? cause) === cause
  );
}

function idsOf({ kind }: Shelf, ids: readonly string[] | undefined): string[] | undefined {
  return ids && [...new Set(ids)].filter((id) => readLetterId(id)?.kind === kind);
}

async function end(waiting: Waiting, deed: Deed, dryRun: boolean, held: HeldItems): Promise<Result> {
  const { id, kind, source, redrivable } = waiting.letter;
  const why = deed === 'redrive' ? (redrivable === true ? held.holds(waiting) : redrivable) : undefined;
  if (why !== undefined) return { id, kind, source, outcome: 'stays', why };
  if (dryRun) return { id, kind, source, outcome: `would be ${DONE[deed]}` };
  const stays = await waiting[deed]().catch(failure);
  if (stays === undefined) return { id, kind, source, outcome: DONE[deed] };
  return { id, kind, source, outcome: 'stays', why: stays };
}

function failure(error: unknown): string {
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `Nobody knows how far it came (${said}). It is safe to do it again.`;
}
