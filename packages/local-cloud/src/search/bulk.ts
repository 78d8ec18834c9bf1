import { randomUUID } from 'node:crypto';
import { illegalArgument, SearchError } from './errors.ts';
import type { Indexes } from './indexes.ts';
import { isObject, type Json } from './json.ts';
import type { SearchIndex, Written } from './search-index.ts';
import { sourceIn } from './values.ts';
import { versioningIn } from './versions.ts';

const ACTIONS = ['create', 'delete', 'index'] as const;
type Action = (typeof ACTIONS)[number];

/** What may stand in the line before a document. */
const PARAMETERS = ['_index', '_id', 'version', 'version_type', 'require_alias'];

/**
 * Runs a bulk request: each item by itself, and each answers for itself.
 *
 * @param target the index for items that name none.
 * @throws illegal_argument_exception for a body of the wrong form; nothing of it is done then.
 * @see https://docs.opensearch.org/latest/api-reference/document-apis/bulk/
 */
export function bulk(indexes: Indexes, body: string, target: string | undefined, now: () => number): Json {
  const began = now();
  const items = parseBulk(body, target).map((item) => run(indexes, item));
  const errors = items.some((item) => Object.values(item).some((answer) => 'error' in answer));
  return { took: Math.round(now() - began), errors, items };
}

interface Item {
  readonly action: Action;
  readonly index: string;
  readonly id: string | undefined;
  readonly parameters: Json;
  /** The document's line as it came. */
  readonly source: string;
}

function parseBulk(body: string, target: string | undefined): Item[] {
  if (!body.endsWith('\n')) throw illegalArgument('The bulk request must be terminated by a newline [\\n]');
  const lines = body.slice(0, -1).split('\n');
  const items: Item[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line.trim() === '') continue;
    const item = actionIn(line, at + 1, target);
    if (item.action === 'delete') {
      items.push({ ...item, source: '' });
      continue;
    }
    at += 1;
    const source = lines[at];
    if (source === undefined)
      throw illegalArgument(`Malformed bulk request: line [${at}] has no document after it`);
    items.push({ ...item, source });
  }
  if (items.length === 0) throw illegalArgument('Validation Failed: 1: no requests added;');
  return items;
}

function actionIn(line: string, number: number, target: string | undefined): Omit<Item, 'source'> {
  const malformed = (found: string) =>
    illegalArgument(
      `Malformed action/metadata line [${number}], expected field [create], [delete] or [index] but found [${found}]`,
    );
  const parsed = parsedLine(line);
  const [first, ...others] = isObject(parsed) ? Object.entries(parsed) : [];
  if (first === undefined || others.length > 0) throw malformed(line.slice(0, 100));
  const action = ACTIONS.find((known) => known === first[0]);
  if (action === undefined) throw malformed(first[0]);
  const parameters = first[1];
  if (!isObject(parameters)) throw malformed(line.slice(0, 100));
  for (const name of Object.keys(parameters))
    if (!PARAMETERS.includes(name))
      throw illegalArgument(`Action/metadata line [${number}] contains an unknown parameter [${name}]`);
  const { _index: index = target, _id: id } = parameters;
  if (typeof index !== 'string' || index === '')
    throw illegalArgument('Validation Failed: 1: index is missing;');
  if (id === undefined && action === 'delete') throw illegalArgument('Validation Failed: 1: id is missing;');
  if (id !== undefined && typeof id !== 'string' && typeof id !== 'number')
    throw illegalArgument(`Action/metadata line [${number}] has an [_id] that is no string`);
  return { action, index, id: id === undefined ? undefined : String(id), parameters };
}

function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function run(indexes: Indexes, item: Item): Record<Action, Json> | Record<string, Json> {
  const { action, index: name, parameters } = item;
  const id = item.id ?? randomUUID();
  try {
    const index = indexes.writable(name);
    if (parameters['require_alias'] === true && !indexes.isAlias(name))
      throw new SearchError(
        'index_not_found_exception',
        `no such index [${name}] and [require_alias] request flag is [true] and [${name}] is not an alias`,
        404,
      );
    const written = write(index, id, item);
    return { [action]: { ...writtenAnswer(index, id, written), status: statusOf(written) } };
  } catch (error) {
    if (!(error instanceof SearchError)) throw error;
    return { [action]: { _index: name, _id: id, status: error.status, error: error.document } };
  }
}

function write(index: SearchIndex, id: string, { action, parameters, source }: Item): Written {
  refuseId(id);
  const { version, version_type: type } = parameters;
  if (action === 'create') {
    if (version !== undefined || (type !== undefined && type !== 'internal'))
      throw new SearchError(
        'action_request_validation_exception',
        'Validation Failed: 1: create operations only support internal versioning. use index instead;',
      );
    return index.create(id, sourceIn(parsedLine(source)));
  }
  const versioning = versioningIn(version, type);
  return action === 'delete'
    ? index.delete(id, versioning)
    : index.put(id, sourceIn(parsedLine(source)), versioning);
}

/** @throws illegal_argument_exception for an id that OpenSearch does not take. */
export function refuseId(id: string): void {
  if (id === '') throw illegalArgument('if _id is specified it must not be empty');
  const bytes = Buffer.byteLength(id);
  if (bytes > 512)
    throw illegalArgument(`id [${id}] is too long, must be no longer than 512 bytes but was: ${bytes}`);
}

/** What is answered to a write. */
export function writtenAnswer(index: SearchIndex, id: string, { result, version, seqNo }: Written): Json {
  return {
    _index: index.name,
    _id: id,
    _version: version,
    result,
    _shards: { total: 1, successful: 1, failed: 0 },
    _seq_no: seqNo,
    _primary_term: 1,
  };
}

export function statusOf({ result }: Written): number {
  if (result === 'created') return 201;
  return result === 'not_found' ? 404 : 200;
}
