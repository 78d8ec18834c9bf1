import {
  Problem,
  readBody,
  readQuery,
  refuseWrong,
  unknownParameters,
  type Answer,
  type ApiRequest,
  type WrongField,
} from '@orderstream/lambda-kit';
import { recordSchema, wrongCorrections } from './corrected-record.ts';
import type { Kind, Letter, Shelf, Waiting } from './letter.ts';
import { readLetterId } from './letter-id.ts';
import { fits, pass, shelvesFrom, type Deed } from './pass.ts';
import { readPlace, writePlace, type Place } from './place.ts';
import type { QuarantineShelf } from './quarantine-shelf.ts';
import { listSchema, selectionSchema, wrongFilters, wrongSelection } from './selection.ts';

/** What the routes of dead letters work with. */
export interface DeadLetters {
  readonly shelves: readonly Shelf[];
  readonly quarantine: Pick<QuarantineShelf, 'read' | 'replace'>;
  /** All that dead letters can go back to. */
  readonly sources: readonly string[];
  /** Takes away the notices of what is gone. */
  readonly clearNotices: () => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const USUAL_LIMIT = 20;
/** Milliseconds after which a page is answered as far as it came. */
const PATIENCE_MS = 10_000;

/** GET /dead-letters?kind=&source=&cause=&limit=&cursor=: what waits, in the order in which it is redriven. */
export async function listDeadLetters(
  request: Pick<ApiRequest, 'query'>,
  { shelves, sources, now }: DeadLetters,
): Promise<Answer> {
  const query = readQuery(request, listSchema);
  const from = placeIn(query.cursor, 'query');
  refuseWrong('query', wrongFilters(query, sources));
  const limit = Number(query.limit ?? USUAL_LIMIT);
  const began = now();
  const deadLetters: Letter[] = [];
  for (const shelf of shelvesFrom(shelves, { kind: query.kind }, from)) {
    const after = from?.kind === shelf.kind ? from.after : undefined;
    for await (const group of shelf.walk({ after, source: query.source })) {
      for (const { letter, position } of group) {
        if (fits(letter, query)) deadLetters.push(letter);
        if (deadLetters.length < limit && now() - began < PATIENCE_MS) continue;
        const next = writePlace({ kind: shelf.kind, after: position });
        return { status: 200, body: { deadLetters, next } };
      }
    }
  }
  return { status: 200, body: { deadLetters } };
}

/** GET /dead-letters/{id}: a dead letter with all that it holds. */
export async function showDeadLetter(
  request: Pick<ApiRequest, 'path' | 'query'>,
  { shelves }: DeadLetters,
): Promise<Answer> {
  const id = idOf(request);
  refuseWrong('request', [...wrongId(id), ...unknownParameters(request.query)]);
  const found = await find(id, shelves);
  if (found === undefined) throw noSuchLetter(id);
  return { status: 200, body: { ...found.letter, payload: found.payload } };
}

/** PUT /dead-letters/{id}: a quarantined record as it should have been. It waits for its redrive then. */
export async function editDeadLetter(
  request: Pick<ApiRequest, 'path' | 'json' | 'query'>,
  { quarantine }: DeadLetters,
): Promise<Answer> {
  const id = idOf(request);
  const corrected = readBody(request, recordSchema, wrongId(id, 'quarantine'));
  const kept = await quarantine.read(id);
  if (kept === undefined) throw noSuchLetter(id);
  refuseWrong('request', wrongCorrections(kept.record, corrected));
  return { status: 200, body: await quarantine.replace(kept, corrected) };
}

/** POST /dead-letters/redrive and /dead-letters/discard: some of what is selected; the cursor leads to the rest. */
export async function endDeadLetters(
  deed: Deed,
  request: Pick<ApiRequest, 'json' | 'query'>,
  { shelves, sources, clearNotices, now }: DeadLetters,
): Promise<Answer> {
  const { cursor, ...selection } = readBody(request, selectionSchema);
  const from = placeIn(cursor, 'request');
  refuseWrong('request', wrongSelection(selection, sources));
  const { results, next } = await pass(shelves, deed, selection, { from, now });
  const went = results.some(({ kind, outcome }) => IN_THE_BUCKET.has(kind) && !outcome.startsWith('would'));
  if (went) await clearNotices();
  return { status: 200, body: { results, next: next && writePlace(next) } };
}

/** Kinds whose letters are announced in the queue of notices. */
const IN_THE_BUCKET: ReadonlySet<string> = new Set(['change', 'quarantine']);

async function find(id: string, shelves: readonly Shelf[]): Promise<Waiting | undefined> {
  for (const shelf of shelvesFrom(shelves, { ids: [id] }, undefined)) {
    for await (const [waiting] of shelf.walk({ ids: [id] })) return waiting;
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

function placeIn(cursor: string | undefined, where: 'query' | 'request'): Place | undefined {
  const place = cursor === undefined ? undefined : readPlace(cursor);
  if (cursor !== undefined && place === undefined)
    refuseWrong(where, [{ field: 'cursor', problem: 'must be the cursor (next) of an earlier answer' }]);
  return place;
}

function noSuchLetter(id: string): Problem {
  return new Problem(
    'not-found',
    `There is no dead letter ${id}: it was redriven or discarded, or somebody else looks at its queue just now.`,
  );
}
