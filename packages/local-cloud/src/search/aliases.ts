import { illegalArgument, noSuchIndex, parsingError, SearchError } from './errors.ts';
import { flagIn, listIn, objectIn, onlyMember, refuseOthers, textIn, type Json } from './json.ts';

/** One change of aliases; all of a request happen at once or none does. */
export type AliasAction =
  | {
      readonly kind: 'add';
      readonly index: string;
      readonly alias: string;
      readonly isWriteIndex: boolean | undefined;
    }
  | {
      readonly kind: 'remove';
      readonly index: string;
      readonly alias: string;
      readonly mustExist: boolean | undefined;
    }
  | { readonly kind: 'remove_index'; readonly index: string };

/** By alias, its indexes, and whether each was said to be the one that is written to. */
export type Aliases = ReadonlyMap<string, ReadonlyMap<string, boolean | undefined>>;

/**
 * Reads the body of `POST /_aliases`.
 *
 * @throws parsing_exception naming the action or member that is not run here.
 */
export function parseAliasActions(body: unknown): AliasAction[] {
  const request = objectIn(body, 'aliases');
  refuseOthers(request, ['actions'], (name) => `[aliases] unknown field [${name}]`);
  const actions = listIn(request['actions']);
  if (actions.length === 0) throw illegalArgument('No action specified');
  return actions.flatMap((action) => {
    const [kind, content] = onlyMember(action, 'alias_action');
    const members = objectIn(content, kind);
    if (kind === 'add') return addIn(members);
    if (kind === 'remove') return removeIn(members);
    if (kind !== 'remove_index') throw parsingError(`[alias_action] unknown field [${kind}]`);
    return namesIn(members, kind, 'index', 'indices', []).map((index) => ({ kind, index }));
  });
}

function addIn(members: Json): AliasAction[] {
  const flag = members['is_write_index'];
  const isWriteIndex = flag === undefined ? undefined : flagIn(flag, 'add.is_write_index');
  return pairs(members, 'add', ['is_write_index']).map((pair) => ({ kind: 'add', ...pair, isWriteIndex }));
}

function removeIn(members: Json): AliasAction[] {
  const flag = members['must_exist'];
  const mustExist = flag === undefined ? undefined : flagIn(flag, 'remove.must_exist');
  return pairs(members, 'remove', ['must_exist']).map((pair) => ({ kind: 'remove', ...pair, mustExist }));
}

function pairs(members: Json, kind: string, more: readonly string[]): { index: string; alias: string }[] {
  const aliases = namesIn(members, kind, 'alias', 'aliases', ['index', 'indices', ...more]);
  const indexes = namesIn(members, kind, 'index', 'indices', ['alias', 'aliases', ...more]);
  return indexes.flatMap((index) => aliases.map((alias) => ({ index, alias })));
}

function namesIn(
  members: Json,
  kind: string,
  one: string,
  several: string,
  others: readonly string[],
): string[] {
  refuseOthers(members, [one, several, ...others], (name) => `[${kind}] unknown field [${name}]`);
  const names = listIn(members[one] ?? members[several]).map((name) => textIn(name, `${kind}.${one}`));
  if (names.length === 0 || names.includes(''))
    throw illegalArgument(`One of [${one}] or [${several}] is required`);
  return names;
}

/**
 * The indexes and aliases after some actions. Indexes are removed first, so that an alias may take the place of one.
 *
 * @param indexes names of all indexes. @throws what is wrong with the first action that can't be done; none is then.
 */
export function afterActions(
  indexes: ReadonlySet<string>,
  aliases: Aliases,
  actions: readonly AliasAction[],
): { removed: ReadonlySet<string>; aliases: Map<string, Map<string, boolean | undefined>> } {
  const removed = new Set(
    actions.flatMap((action) => (action.kind === 'remove_index' ? [action.index] : [])),
  );
  for (const name of removed) if (!indexes.has(name)) throw noConcreteIndex(name, aliases);
  const after = new Map([...aliases].map(([alias, members]) => [alias, new Map(members)]));
  for (const members of after.values()) for (const name of removed) members.delete(name);
  for (const action of actions) {
    if (action.kind === 'remove_index') continue;
    const { index, alias } = action;
    if (!indexes.has(index) || removed.has(index)) throw noConcreteIndex(index, aliases);
    if (action.kind === 'add') add(after, indexes, removed, action);
    else if (after.get(alias)?.delete(index) !== true && action.mustExist !== false)
      throw new SearchError('aliases_not_found_exception', `aliases [${alias}] missing`, 404);
  }
  for (const [alias, members] of after) {
    if (members.size === 0) after.delete(alias);
    const writable = [...members].filter(([, flag]) => flag === true).map(([name]) => name);
    if (writable.length > 1)
      throw new SearchError(
        'illegal_state_exception',
        `alias [${alias}] has more than one write index [${writable.join(',')}]`,
        500,
      );
  }
  return { removed, aliases: after };
}

function add(
  after: Map<string, Map<string, boolean | undefined>>,
  indexes: ReadonlySet<string>,
  removed: ReadonlySet<string>,
  { alias, index, isWriteIndex }: Extract<AliasAction, { readonly kind: 'add' }>,
): void {
  if (indexes.has(alias) && !removed.has(alias))
    throw new SearchError(
      'invalid_alias_name_exception',
      `Invalid alias name [${alias}]: an index or data stream exists with the same name as the alias`,
    );
  const members = after.get(alias) ?? new Map<string, boolean | undefined>();
  after.set(alias, members.set(index, isWriteIndex));
}

/** What is no index: nothing at all, or an alias where only an index may stand. */
export function noConcreteIndex(name: string, aliases: Aliases): SearchError {
  if (!aliases.has(name)) return noSuchIndex(name);
  return illegalArgument(
    `The provided expression [${name}] matches an alias, specify the corresponding concrete indices instead.`,
  );
}
