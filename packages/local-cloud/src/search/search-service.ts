import type { Clock } from '../clock.ts';
import type { ServiceHandler, ServiceRequest, ServiceResponse } from '../endpoint/service.ts';
import { NOTHING_KEPT, type State } from '../journal/state.ts';
import { parseAliasActions } from './aliases.ts';
import { bulk, refuseId, statusOf, writtenAnswer } from './bulk.ts';
import { errorResponse, illegalArgument, jsonAnswer, SearchError } from './errors.ts';
import { Indexes } from './indexes.ts';
import type { Json } from './json.ts';
import { count, search } from './search-request.ts';
import { sourceIn } from './values.ts';
import { versioningIn } from './versions.ts';

/** A call with its path taken apart. */
interface Call {
  readonly request: ServiceRequest;
  /** The parts of the path in the place of `{…}`. */
  readonly names: readonly string[];
  readonly query: URLSearchParams;
}

interface Operation {
  /** `/{index}/_doc/{id}`. */
  readonly path: string;
  readonly methods: readonly string[];
  /** Parameters of the URL; every other one is refused by name. */
  readonly parameters: readonly string[];
  /** Whether it changes something, which has to outlive the process before it is answered. */
  readonly writes?: true;
  readonly run: (call: Call) => ServiceResponse;
}

/** Taken and without effect: what is written is found at once, by every search. */
const REFRESH = ['refresh', 'timeout', 'wait_for_active_shards', 'cluster_manager_timeout', 'master_timeout'];
const VERSION = ['version', 'version_type'];

/**
 * The part of OpenSearch's REST API that is run here: indexes, aliases, documents with external versions, bulk writes and
 * searches. Everything else is refused in OpenSearch's own words. There is no refresh to wait for: what is written is
 * found at once.
 *
 * @see https://docs.opensearch.org/latest/api-reference/
 */
export class SearchService {
  readonly #state: State;
  readonly #indexes: Indexes;
  readonly #operations: readonly Operation[];

  /**
   * @param state where indexes, aliases and documents are kept: those of before are there again.
   * @throws Error with the remedy when they can't be read.
   */
  constructor(clock: Clock, state: State = NOTHING_KEPT) {
    this.#state = state;
    this.#indexes = new Indexes(clock, state);
    const indexes = this.#indexes;
    this.#operations = [
      {
        path: '/_aliases',
        methods: ['POST'],
        parameters: REFRESH,
        writes: true,
        run: (call) => this.#changeAliases(call),
      },
      { path: '/_alias/{name}', methods: ['GET', 'HEAD'], parameters: [], run: (call) => this.#alias(call) },
      {
        path: '/_bulk',
        methods: ['POST', 'PUT'],
        parameters: REFRESH,
        writes: true,
        run: (call) => this.#bulk(call),
      },
      {
        path: '/{index}',
        methods: ['PUT'],
        parameters: REFRESH,
        writes: true,
        run: (call) => this.#create(call),
      },
      {
        path: '/{index}',
        methods: ['DELETE'],
        parameters: REFRESH,
        writes: true,
        run: (call) => this.#delete(call),
      },
      { path: '/{index}', methods: ['GET'], parameters: [], run: (call) => this.#describe(call) },
      {
        path: '/{index}',
        methods: ['HEAD'],
        parameters: [],
        run: ({ names }) => exists(indexes.has(names[0] ?? '')),
      },
      {
        path: '/{index}/_bulk',
        methods: ['POST', 'PUT'],
        parameters: REFRESH,
        writes: true,
        run: (call) => this.#bulk(call),
      },
      {
        path: '/{index}/_search',
        methods: ['GET', 'POST'],
        parameters: [],
        run: (call) => this.#search(call),
      },
      { path: '/{index}/_count', methods: ['GET', 'POST'], parameters: [], run: (call) => this.#count(call) },
      {
        path: '/{index}/_refresh',
        methods: ['GET', 'POST'],
        parameters: [],
        run: (call) => this.#refresh(call),
      },
      {
        path: '/{index}/_doc/{id}',
        methods: ['PUT', 'POST'],
        parameters: [...REFRESH, ...VERSION],
        writes: true,
        run: (call) => this.#put(call),
      },
      {
        path: '/{index}/_doc/{id}',
        methods: ['DELETE'],
        parameters: [...REFRESH, ...VERSION],
        writes: true,
        run: (call) => this.#remove(call),
      },
      {
        path: '/{index}/_doc/{id}',
        methods: ['GET', 'HEAD'],
        parameters: [],
        run: (call) => this.#get(call),
      },
    ];
  }

  /** Answers a request; what is wrong with it is answered too, and never thrown. */
  readonly handler: ServiceHandler = async (request) => {
    try {
      return await this.#answer(request);
    } catch (error) {
      if (error instanceof SearchError) return errorResponse(error);
      throw error;
    }
  };

  async #answer(request: ServiceRequest): Promise<ServiceResponse> {
    const [path = '', query = ''] = request.url.split('?', 2);
    const matching = this.#operations.flatMap((operation) => {
      const names = namesIn(operation.path, path);
      return names === undefined ? [] : [{ operation, names }];
    });
    const found = matching.find(({ operation }) => operation.methods.includes(request.method));
    if (!found)
      return refusal(
        request,
        path,
        matching.flatMap(({ operation }) => operation.methods),
      );
    const parameters = new URLSearchParams(query);
    for (const name of parameters.keys())
      if (!found.operation.parameters.includes(name))
        throw illegalArgument(`request [${path}] contains unrecognized parameter: [${name}]`);
    if (
      request.body.length > 0 &&
      !/^application\/(?:x-nd)?json\b/.test(request.headers['content-type'] ?? '')
    )
      return jsonAnswer(
        {
          error: `Content-Type header [${request.headers['content-type'] ?? ''}] is not supported`,
          status: 406,
        },
        406,
      );
    const answer = found.operation.run({ request, names: found.names, query: parameters });
    if (found.operation.writes && this.#state.isKept) await this.#state.durable();
    return answer;
  }

  #create({ request, names: [name = ''] }: Call): ServiceResponse {
    this.#indexes.create(name, bodyOf(request));
    return jsonAnswer({ acknowledged: true, shards_acknowledged: true, index: name });
  }

  #delete({ names: [name = ''] }: Call): ServiceResponse {
    this.#indexes.delete(name.split(','));
    return jsonAnswer({ acknowledged: true });
  }

  #describe({ names: [name = ''] }: Call): ServiceResponse {
    const described = this.#indexes.read(name).map((index) => [
      index.name,
      {
        aliases: this.#indexes.aliasesOf(index.name),
        mappings: index.mapping.given,
        settings: {
          index: {
            number_of_shards: '1',
            number_of_replicas: '1',
            ...index.settings,
            creation_date: String(index.createdAt),
            uuid: index.uuid,
            provided_name: index.name,
          },
        },
      },
    ]);
    return jsonAnswer(Object.fromEntries(described));
  }

  #changeAliases({ request }: Call): ServiceResponse {
    this.#indexes.change(parseAliasActions(bodyOf(request)));
    return jsonAnswer({ acknowledged: true });
  }

  #alias({ names: [name = ''] }: Call): ServiceResponse {
    if (!this.#indexes.isAlias(name))
      return jsonAnswer({ error: `alias [${name}] missing`, status: 404 }, 404);
    const found = this.#indexes
      .read(name)
      .map((index) => [index.name, { aliases: this.#indexes.aliasesOf(index.name, name) }]);
    return jsonAnswer(Object.fromEntries(found));
  }

  #put({ request, names: [name = '', id = ''], query }: Call): ServiceResponse {
    refuseId(id);
    const versioning = versioningOf(query);
    const index = this.#indexes.writable(name);
    const written = index.put(id, sourceIn(bodyOf(request)), versioning);
    return jsonAnswer(writtenAnswer(index, id, written), statusOf(written));
  }

  #remove({ names: [name = '', id = ''], query }: Call): ServiceResponse {
    refuseId(id);
    const versioning = versioningOf(query);
    const index = this.#indexes.writable(name);
    const written = index.delete(id, versioning);
    return jsonAnswer(writtenAnswer(index, id, written), statusOf(written));
  }

  #get({ names: [name = '', id = ''] }: Call): ServiceResponse {
    const index = this.#indexes.readOne(name);
    const document = index.get(id);
    if (!document) return jsonAnswer({ _index: index.name, _id: id, found: false }, 404);
    const { version, seqNo, source } = document;
    const about = { _index: index.name, _id: id, _version: version, _seq_no: seqNo, _primary_term: 1 };
    return jsonAnswer({ ...about, found: true, _source: source });
  }

  #bulk({ request, names: [target] }: Call): ServiceResponse {
    return jsonAnswer(bulk(this.#indexes, request.body.toString(), target, monotonic));
  }

  #search({ request, names: [name = ''] }: Call): ServiceResponse {
    return jsonAnswer(search(this.#indexes.read(name), bodyOf(request), monotonic));
  }

  #count({ request, names: [name = ''] }: Call): ServiceResponse {
    const indexes = this.#indexes.read(name);
    return jsonAnswer({ count: count(indexes, bodyOf(request)), _shards: shards(indexes.length) });
  }

  #refresh({ names: [name = ''] }: Call): ServiceResponse {
    return jsonAnswer({ _shards: shards(this.#indexes.read(name).length) });
  }
}

function shards(total: number): Json {
  return { total, successful: total, skipped: 0, failed: 0 };
}

function monotonic(): number {
  return performance.now();
}

function exists(it: boolean): ServiceResponse {
  return { status: it ? 200 : 404, headers: { 'content-type': 'application/json; charset=UTF-8' }, body: '' };
}

function versioningOf(query: URLSearchParams) {
  return versioningIn(query.get('version') ?? undefined, query.get('version_type') ?? undefined);
}

/** What stands in a path in the place of the names of a pattern; undefined when it does not fit. */
function namesIn(pattern: string, path: string): string[] | undefined {
  const expected = pattern.split('/');
  const given = path.split('/');
  if (given.length !== expected.length) return undefined;
  const names: string[] = [];
  for (const [position, part] of expected.entries()) {
    const piece = given[position] ?? '';
    if (!part.startsWith('{')) {
      if (piece !== part) return undefined;
      continue;
    }
    // What starts with _ is a call of its own and never an index.
    if (piece === '' || (part === '{index}' && piece.startsWith('_'))) return undefined;
    names.push(decoded(piece));
  }
  return names;
}

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    throw illegalArgument(`unable to decode [${piece}] in the path`);
  }
}

function refusal({ method, url }: ServiceRequest, path: string, allowed: readonly string[]): ServiceResponse {
  if (allowed.length === 0)
    return jsonAnswer({ error: `no handler found for uri [${url}] and method [${method}]` }, 400);
  const error = `Incorrect HTTP method for uri [${path}] and method [${method}], allowed: [${allowed.join(', ')}]`;
  return jsonAnswer({ error, status: 405 }, 405);
}

/** The JSON of a body; undefined when there is none. */
function bodyOf({ body }: ServiceRequest): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    throw new SearchError('json_parse_exception', `The body is not JSON: ${String(error)}`);
  }
}
