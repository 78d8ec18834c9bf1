import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

type Json = ReturnType<typeof JSON.parse>;
interface Index {
  readonly body: Json;
  readonly aliases: Set<string>;
  readonly documents: Map<string, { version: number; source: Json }>;
}

/** The calls of OpenSearch that the index is written with, on a loopback port; any other fails. */
export class FakeOpenSearch {
  readonly indexes = new Map<string, Index>();
  /** Method and path of every call. */
  readonly calls: string[] = [];
  /** Answers a call in place of the index, where it answers anything. */
  intercept: (call: string, body: string) => { status: number; body?: Json } | undefined = () => undefined;
  /** Is waited for before a call is carried out. */
  before: (call: string) => Promise<void> = async () => undefined;
  readonly #server: Server = createServer(async (request, response) => {
    const call = `${request.method} ${request.url}`;
    const body = await text(request);
    this.calls.push(call);
    await this.before(call);
    const answer = this.intercept(call, body) ?? this.#answer(call, body);
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body ?? {}));
  });

  /** @returns its URL. */
  async start(): Promise<string> {
    Object.assign(process.env, {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIATEST',
      AWS_SECRET_ACCESS_KEY: 'hush',
    });
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    // A test that is given up may leave it running.
    this.#server.unref();
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Names of the indexes behind an alias. */
  behind(alias: string): string[] {
    return [...this.indexes].flatMap(([name, { aliases }]) => (aliases.has(alias) ? [name] : []));
  }

  /** What a search for everything would find. */
  found(): Json[] {
    return this.behind('products')
      .flatMap((name) => [...(this.indexes.get(name)?.documents.values() ?? [])])
      .map(({ source }) => source)
      .filter(({ removed }) => removed === false);
  }

  #answer(call: string, body: string): { status: number; body?: Json } {
    const [, method, name = ''] = /^(\w+) \/(?:_alias\/)?([\w-]+)/.exec(call) ?? [];
    if (call === 'POST /_bulk') return { status: 200, body: this.#bulk(body) };
    if (call === 'POST /_aliases') return this.#aliases(JSON.parse(body).actions);
    if (call.endsWith('/_refresh')) return { status: this.indexes.has(name.replace(/\/.*/, '')) ? 200 : 404 };
    if (call.startsWith('GET /_alias/')) {
      const found = this.behind(name);
      if (found.length === 0) return { status: 404, body: { error: `alias [${name}] missing`, status: 404 } };
      return { status: 200, body: Object.fromEntries(found.map((index) => [index, { aliases: {} }])) };
    }
    if (method === 'PUT' && call === `PUT /${name}`) return this.#create(name, JSON.parse(body));
    return { status: 400, body: { error: { type: 'no_handler', reason: call } } };
  }

  #create(name: string, body: Json) {
    if (this.indexes.has(name)) {
      return { status: 400, body: { error: { type: 'resource_already_exists_exception', reason: name } } };
    }
    this.indexes.set(name, { body, aliases: new Set(Object.keys(body.aliases)), documents: new Map() });
    return { status: 200 };
  }

  #aliases(actions: Json[]) {
    const named = actions.map((action) => (action.add ?? action.remove_index).index);
    if (named.some((name) => !this.indexes.has(name))) {
      return { status: 404, body: { error: { type: 'index_not_found_exception', reason: String(named) } } };
    }
    for (const { add, remove_index: remove } of actions) {
      if (add) this.indexes.get(add.index)?.aliases.add(add.alias);
      else this.indexes.delete(remove.index);
    }
    return { status: 200 };
  }

  #bulk(body: string) {
    const lines = body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const items = [];
    for (let n = 0; n < lines.length; n += 2) items.push({ index: this.#put(lines[n].index, lines[n + 1]) });
    return { items };
  }

  #put({ _index, _id, version, version_type: type, require_alias: required }: Json, source: Json) {
    expect([type, required, Number.isSafeInteger(version)]).toEqual(['external', true, true]);
    const index = this.indexes.get(this.behind(_index)[0] ?? '');
    if (!index) return { _id, status: 404, error: { type: 'index_not_found_exception', reason: _index } };
    if ((index.documents.get(_id)?.version ?? -1) >= version) {
      return { _id, status: 409, error: { type: 'version_conflict_engine_exception', reason: 'newer' } };
    }
    index.documents.set(_id, { version, source });
    return { _id, status: 201 };
  }
}
