import type { Clock } from '../clock.ts';
import type { State } from '../journal/state.ts';
import { afterActions, noConcreteIndex, type AliasAction, type Aliases } from './aliases.ts';
import { illegalArgument, noSuchIndex, SearchError } from './errors.ts';
import { isObject, objectIn, refuseOthers, type Json } from './json.ts';
import {
  documentKeeper,
  forgetIndex,
  keepAliases,
  keepIndex,
  readKeptAliases,
  readKeptIndexes,
} from './kept-indexes.ts';
import { readMapping } from './mapping.ts';
import { newUuid, SearchIndex } from './search-index.ts';
import { readSettings } from './settings.ts';

/** The indexes of a domain with their aliases. */
export class Indexes {
  readonly #clock: Clock;
  readonly #state: State;
  readonly #indexes = new Map<string, SearchIndex>();
  #aliases: Aliases;

  /** @throws Error with the remedy for kept indexes that can't be read. */
  constructor(clock: Clock, state: State) {
    this.#clock = clock;
    this.#state = state;
    for (const { documents, ...kept } of readKeptIndexes(state)) {
      const index = new SearchIndex({ ...kept, clock, keeper: documentKeeper(state, kept.uuid) });
      for (const [id, document] of documents) index.putBack(id, document);
      this.#indexes.set(kept.name, index);
    }
    this.#aliases = readKeptAliases(state);
  }

  /** @throws resource_already_exists_exception, and what is wrong with the name, the settings or the mappings. */
  create(name: string, body: unknown): SearchIndex {
    refuseName(name);
    if (this.#aliases.has(name)) throw invalidName(name, 'already exists as alias');
    const existing = this.#indexes.get(name);
    if (existing)
      throw new SearchError(
        'resource_already_exists_exception',
        `index [${name}/${existing.uuid}] already exists`,
        400,
        { index: name, index_uuid: existing.uuid },
      );
    const request = objectIn(body ?? {}, 'create_index');
    refuseOthers(
      request,
      ['settings', 'mappings', 'aliases'],
      (key) => `unknown key [${key}] for create index`,
    );
    const uuid = newUuid();
    const index = new SearchIndex({
      name,
      uuid,
      createdAt: this.#clock.now(),
      keeper: documentKeeper(this.#state, uuid),
      mapping: readMapping(request['mappings']),
      settings: readSettings(request['settings']),
      clock: this.#clock,
    });
    const aliases = objectIn(request['aliases'] ?? {}, 'aliases');
    const actions = Object.entries(aliases).map(([alias, options]): AliasAction => {
      const flag = isObject(options) ? options['is_write_index'] : undefined;
      refuseOthers(
        objectIn(options, alias),
        ['is_write_index'],
        (key) => `[${alias}] unknown field [${key}]`,
      );
      return {
        kind: 'add',
        index: name,
        alias,
        isWriteIndex: flag === undefined ? undefined : flag === true,
      };
    });
    const after = afterActions(new Set([...this.#indexes.keys(), name]), this.#aliases, actions);
    this.#indexes.set(name, index);
    keepIndex(this.#state, index);
    this.#replaceAliases(after.aliases);
    return index;
  }

  /** Removes indexes, all or none; they leave their aliases. @throws index_not_found_exception. */
  delete(names: readonly string[]): void {
    this.change(names.map((index) => ({ kind: 'remove_index', index })));
  }

  /** Does all the actions, or none. */
  change(actions: readonly AliasAction[]): void {
    const { removed, aliases } = afterActions(new Set(this.#indexes.keys()), this.#aliases, actions);
    for (const name of removed) {
      forgetIndex(this.#state, this.concrete(name));
      this.#indexes.delete(name);
    }
    this.#replaceAliases(aliases);
  }

  /** The index of this name, and no alias. @throws index_not_found_exception, illegal_argument_exception. */
  concrete(name: string): SearchIndex {
    const index = this.#indexes.get(name);
    if (!index) throw noConcreteIndex(name, this.#aliases);
    return index;
  }

  has(name: string): boolean {
    return this.#indexes.has(name) || this.#aliases.has(name);
  }

  /** Every index behind a name, which is an index's or an alias's. @throws index_not_found_exception. */
  read(name: string): readonly SearchIndex[] {
    const index = this.#indexes.get(name);
    if (index) return [index];
    const members = this.#aliases.get(name);
    if (!members) throw noSuchIndex(name);
    return [...members.keys()].flatMap((member) => this.#indexes.get(member) ?? []);
  }

  /** The index from which one document is read. @throws illegal_argument_exception for an alias of several. */
  readOne(name: string): SearchIndex {
    const found = this.read(name);
    const [only] = found;
    if (only && found.length === 1) return only;
    const names = found.map((index) => index.name).join(', ');
    throw illegalArgument(
      `alias [${name}] has more than one index associated with it [${names}], can't execute a single index op`,
    );
  }

  /** The index that a write to a name goes to. @throws illegal_argument_exception when an alias does not decide it. */
  writable(name: string): SearchIndex {
    const members = this.#aliases.get(name);
    if (!members) return this.concrete(name);
    const [first, ...others] = members;
    const chosen = [...members].find(([, flag]) => flag === true)?.[0];
    const only = first && others.length === 0 && first[1] !== false ? first[0] : undefined;
    const index = this.#indexes.get(chosen ?? only ?? '');
    if (index) return index;
    throw illegalArgument(
      `no write index is defined for alias [${name}]. The write index may be explicitly disabled using ` +
        'is_write_index=false or the alias points to multiple indices without one being designated as a write index',
    );
  }

  /** The aliases of an index, as they are answered. @param only those of this name. */
  aliasesOf(index: string, only?: string): Json {
    const found = [...this.#aliases].flatMap(([alias, members]) => {
      if (!members.has(index) || (only !== undefined && alias !== only)) return [];
      const flag = members.get(index);
      return [[alias, flag === undefined ? {} : { is_write_index: flag }]];
    });
    return Object.fromEntries(found);
  }

  isAlias(name: string): boolean {
    return this.#aliases.has(name);
  }

  #replaceAliases(aliases: Aliases): void {
    keepAliases(this.#state, this.#aliases, aliases);
    this.#aliases = aliases;
  }
}

/** @see https://docs.opensearch.org/latest/api-reference/index-apis/create-index/#index-naming-restrictions */
function refuseName(name: string): void {
  if (name !== name.toLowerCase()) throw invalidName(name, 'must be lowercase');
  if (/^[_+-]/.test(name)) throw invalidName(name, "must not start with '_', '-', or '+'");
  if (/[\s"*\\<|,>/?#:]/.test(name))
    throw invalidName(
      name,
      'must not contain the following characters [ , ", *, \\, <, |, ,, >, /, ?, #, :]',
    );
  if (name === '.' || name === '..') throw invalidName(name, "must not be '.' or '..'");
  if (Buffer.byteLength(name) > 255) throw invalidName(name, 'index name is too long, (over 255)');
}

function invalidName(name: string, why: string): SearchError {
  return new SearchError('invalid_index_name_exception', `Invalid index name [${name}], ${why}`, 400, {
    index: name,
    index_uuid: '_na_',
  });
}
