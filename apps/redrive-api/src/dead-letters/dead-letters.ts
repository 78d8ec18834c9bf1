import {
  Problem,
  readBody,
  readQuery,
  refuseWrong,
  staffMember,
  unknownParameters,
  type Answer,
  type ApiRequest,
  type WrongField,
} from '@orderstream/lambda-kit';
import { recordSchema, wrongCorrections } from './corrected-record.ts';
import type { Kind, Letter, Shelf, Waiting } from './letter.ts';
import { readLetterId } from './letter-id.ts';
import { DONE, fits, pass, shelvesFrom, type Deed } from './pass.ts';
import { markOf, NO_CURSOR, readPlace, writePlace, type Place } from './place.ts';
import type { QuarantineShelf } from './quarantine-shelf.ts';
import { listSchema, selectionSchema, wrongFilters, wrongSelection } from './selection.ts';

/** What the routes of dead letters work with. */
export interface DeadLetters {
  readonly shelves: readonly Shelf[];
  readonly quarantine: Pick<QuarantineShelf, 'read' | 'replace'>;
  /** All that dead letters can go back to. */
  readonly sources: readonly string[];
  /** Takes away the notices of what is gone, until it is late; those that are left go at the end of another pass. */
  readonly clearNotices: (isLate: () => boolean) => Promise<void>;
  /** Writes down who did what to which letters. */
  readonly note: (deed: NotedDeed) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What somebody of the staff did. */
export interface NotedDeed {
  readonly by: string;
  readonly deed: 'corrected' | 'redriven' | 'discarded';
  readonly ids: readonly string[];
}

/** Milliseconds after which notices wait for another pass: the API has 30 seconds, and one call may take five. */
const NOTICES_UNTIL_MS = 22_000;

const USUAL_LIMIT = 20;
/** Milliseconds after which a page is answered as far as it came. */
const PATIENCE_MS = 10_000;

/** GET /dead-letters?kind=&source=&cause=&limit=&cursor=: what waits, in the order in which it is redriven. */
export async function listDeadLetters(
  request: Pick<ApiRequest, 'query'>,
  { shelves, sources, now }: DeadLetters,
): Promise<Answer> {
  const query = readQuery(request, listSchema);
  const of = markOf(JSON.stringify([query.kind, query.source, query.cause]));
  const from = placeIn(query.cursor, 'query', of);
  refuseWrong('query', wrongFilters(query, sources));
  const limit = Number(query.limit ?? USUAL_LIMIT);
  const began = now();
  const deadLetters: Letter[] = [];
  const isLate = () => now() - began >= PATIENCE_MS;
  const incomplete: string[] = [];
  const cut = (source: string) => incomplete.push(source);
  for (const shelf of shelvesFrom(shelves, { kind: query.kind }, from)) {
    const after = from?.kind === shelf.kind ? from.after : undefined;
    for await (const group of shelf.walk({ after, source: query.source, isLate, cut })) {
      const nextAt = (position: string) => writePlace({ kind: shelf.kind, after: position, of });
      for (const { letter, position } of group.waiting) {
        if (!fits(letter, query)) continue;
        deadLetters.push(letter);
        if (deadLetters.length < limit) continue;
        return { status: 200, body: { deadLetters, next: nextAt(position), ...told(incomplete) } };
      }
      if (isLate())
        return { status: 200, body: { deadLetters, next: nextAt(group.position), ...told(incomplete) } };
    }
  }
  return { status: 200, body: { deadLetters, ...told(incomplete) } };
}

/** GET /dead-letters/{id}: a dead letter with all that it holds. */
export async function showDeadLetter(
  request: Pick<ApiRequest, 'path' | 'query'>,
  { shelves, now }: DeadLetters,
): Promise<Answer> {
  const id = idOf(request);
  refuseWrong('request', [...wrongId(id), ...unknownParameters(request.query)]);
  const began = now();
  const found = await find(id, shelves, () => now() - began >= PATIENCE_MS);
  if (found === undefined) throw noSuchLetter(id);
  return { status: 200, body: { ...found.letter, payload: found.payload } };
}

/** PUT /dead-letters/{id}: a quarantined record as it should have been. It waits for its redrive then. */
export async function editDeadLetter(
  request: Pick<ApiRequest, 'path' | 'json' | 'query' | 'customerId'>,
  { quarantine, note, now }: DeadLetters,
): Promise<Answer> {
  const by = staffMember(request);
  const id = idOf(request);
  const corrected = readBody(request, recordSchema, wrongId(id, 'quarantine'));
  const kept = await quarantine.read(id);
  if (kept === undefined) throw noSuchLetter(id);
  refuseWrong('request', wrongCorrections(kept.record, corrected));
  const correctedAt = new Date(now()).toISOString();
  const letter = await quarantine.replace(kept, { record: corrected, correctedBy: by, correctedAt });
  if (letter === undefined)
    throw new Problem(
      'changed-meanwhile',
      `Dead letter ${id} was changed or went meanwhile: look at it again.`,
    );
  note({ by, deed: 'corrected', ids: [id] });
  return { status: 200, body: letter };
}

/** POST /dead-letters/redrive and /dead-letters/discard: some of what is selected; the cursor leads to the rest. */
export async function endDeadLetters(
  deed: Deed,
  request: Pick<ApiRequest, 'json' | 'query' | 'customerId'>,
  { shelves, sources, clearNotices, note, now }: DeadLetters,
): Promise<Answer> {
  const by = staffMember(request);
  const { cursor, ...selection } = readBody(request, selectionSchema);
  const { ids, all, kind, source, cause, dryRun = false } = selection;
  const of = markOf(JSON.stringify([deed, ids, all, kind, source, cause, dryRun]));
  const from = placeIn(cursor, 'request', of);
  refuseWrong('request', wrongSelection(selection, sources));
  const began = now();
  const { results, next, incomplete = [] } = await pass(shelves, deed, selection, { from, now });
  const went = results.filter(({ outcome }) => outcome === DONE[deed]);
  if (went.length > 0) note({ by, deed: DONE[deed], ids: went.map(({ id }) => id) });
  if (next === undefined && !dryRun) await clearNotices(() => now() - began > NOTICES_UNTIL_MS);
  return { status: 200, body: { results, next: next && writePlace({ ...next, of }), ...told(incomplete) } };
}

/** What a list or a pass could not look through; nothing is said of what is complete. */
function told(incomplete: readonly string[]): { readonly incomplete?: string } {
  if (incomplete.length === 0) return {};
  const queues = incomplete.join(', ');
  return { incomplete: `More messages wait in the dead-letter queue of ${queues} than could be looked at.` };
}

async function find(
  id: string,
  shelves: readonly Shelf[],
  isLate: () => boolean,
): Promise<Waiting | undefined> {
  for (const shelf of shelvesFrom(shelves, { ids: [id] }, undefined)) {
    for await (const { waiting } of shelf.walk({ ids: [id], isLate }))
      if (waiting[0] !== undefined) return waiting[0];
  }
  return undefined;
}

function idOf({ path: { id = '' } }: Pick<ApiRequest, 'path'>): string {
  return id;
}

function wrongId(id: string, only?: Kind): WrongField[] {
  const kind = readLetterId(id)?.kind;
  if (kind === undefined)
    return [{ field: 'id', problem: 'is no id of a dead letter: take one from the list' }];
  if (only === undefined || kind === only) return [];
  return [
    { field: 'id', problem: `is of kind ${kind}: only ${only} can be corrected. Redrive or discard it` },
  ];
}

/** @param of mark of what is asked for. */
function placeIn(cursor: string | undefined, where: 'query' | 'request', of: string): Place | undefined {
  if (cursor === undefined) return undefined;
  const place = readPlace(cursor);
  if (place?.of !== of) refuseWrong(where, [NO_CURSOR]);
  return place;
}

function noSuchLetter(id: string): Problem {
  return new Problem(
    'not-found',
    `There is no dead letter ${id}: it was redriven or discarded, or somebody else looks at its queue just now.`,
  );
}
