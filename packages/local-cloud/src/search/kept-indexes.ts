import * as z from 'zod';
import { readKept } from '../journal/read-kept.ts';
import type { State } from '../journal/state.ts';
import type { Aliases } from './aliases.ts';
import type { Json } from './json.ts';
import { readMapping } from './mapping.ts';
import type { SearchIndex } from './search-index.ts';

const json = z.record(z.string(), z.unknown());
const keptIndex = z.object({ uuid: z.string(), createdAt: z.number(), mappings: json, settings: json });
const keptAlias = z.array(z.tuple([z.string(), z.boolean().nullable()]));
const keptDocument = z.union([
  z.object({ version: z.int(), seqNo: z.int(), source: json }),
  z.object({ version: z.int(), seqNo: z.int(), removedAt: z.number() }),
]);

/** A document as it was written last, or when it was removed, in epoch milliseconds. */
export type KeptDocument =
  | { readonly version: number; readonly seqNo: number; readonly source: Json }
  | { readonly version: number; readonly seqNo: number; readonly removedAt: number };

/** What was an index, in the order in which its documents were written. */
export interface KeptIndex {
  readonly name: string;
  readonly uuid: string;
  readonly createdAt: number;
  readonly mapping: ReturnType<typeof readMapping>;
  readonly settings: Json;
  readonly documents: readonly (readonly [id: string, document: KeptDocument])[];
}

/** Keeps the documents of an index, beyond the process. */
export interface DocumentKeeper {
  put(id: string, document: KeptDocument): void;
  forget(id: string): void;
}

/** Of an index and none that comes after it under the same name. */
export function documentKeeper(state: State, uuid: string): DocumentKeeper | undefined {
  if (!state.isKept) return undefined;
  return {
    put: (id, document) => state.put('document', `${uuid}/${id}`, document),
    forget: (id) => state.remove('document', `${uuid}/${id}`),
  };
}

export function keepIndex(state: State, index: SearchIndex): void {
  const { name, uuid, createdAt, mapping, settings } = index;
  state.put('index', name, { uuid, createdAt, mappings: mapping.given, settings });
}

export function forgetIndex(state: State, index: SearchIndex): void {
  state.remove('index', index.name);
  index.forget();
}

/** Keeps aliases as they are now in the place of what they were. */
export function keepAliases(state: State, before: Aliases, now: Aliases): void {
  if (!state.isKept) return;
  for (const alias of before.keys()) if (!now.has(alias)) state.remove('alias', alias);
  for (const [alias, members] of now) state.put('alias', alias, [...members]);
}

/** @throws Error with the remedy for what can't be read. */
export function readKeptIndexes(state: State): KeptIndex[] {
  const documents = new Map<string, [id: string, document: KeptDocument][]>();
  for (const [key, value] of state.entries('document')) {
    const end = key.indexOf('/');
    const uuid = key.slice(0, end);
    const entry: [string, KeptDocument] = [
      key.slice(end + 1),
      readKept('document', key, () => keptDocument.parse(value)),
    ];
    const others = documents.get(uuid);
    if (others) others.push(entry);
    else documents.set(uuid, [entry]);
  }
  return state.entries('index').map(([name, value]) =>
    readKept('index', name, () => {
      const { uuid, createdAt, mappings, settings } = keptIndex.parse(value);
      const inOrder = (documents.get(uuid) ?? []).sort(([, a], [, b]) => a.seqNo - b.seqNo);
      return { name, uuid, createdAt, mapping: readMapping(mappings), settings, documents: inOrder };
    }),
  );
}

/** @throws Error with the remedy for what can't be read. */
export function readKeptAliases(state: State): Aliases {
  return new Map(
    state.entries('alias').map(([alias, value]) => {
      const members = readKept('alias', alias, () => keptAlias.parse(value));
      return [alias, new Map(members.map(([index, flag]) => [index, flag ?? undefined]))];
    }),
  );
}
