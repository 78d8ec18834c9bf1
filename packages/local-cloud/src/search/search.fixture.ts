import { MovableClock } from '../clock.ts';
import { NOTHING_KEPT, type State } from '../journal/state.ts';
import type { Json } from './json.ts';
import { SearchService } from './search-service.ts';

export interface Answered {
  readonly status: number;
  /** Tests look into answers of every form. */
  readonly body: ReturnType<typeof JSON.parse>;
}

/** A search of its own, as a client sees it. */
export class TestSearch {
  readonly clock: MovableClock;
  readonly #service: SearchService;

  /** @param clock that of the search before, for one that goes on. */
  constructor(state: State = NOTHING_KEPT, clock = new MovableClock()) {
    this.clock = clock;
    this.#service = new SearchService(clock, state);
  }

  /** @param body an object is sent as JSON, a text as it is. */
  async call(
    method: string,
    url: string,
    body?: unknown,
    contentType = 'application/json',
  ): Promise<Answered> {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await this.#service.handler({
      service: 'es',
      operation: method,
      method,
      url,
      headers: text === '' ? {} : { 'content-type': contentType },
      body: Buffer.from(text),
      caller: { kind: 'operator', name: 'test', roleArn: undefined },
    });
    const written = answer.body.toString();
    return { status: answer.status, body: written === '' ? undefined : JSON.parse(written) };
  }

  /** Sends lines of a bulk request. */
  bulk(lines: readonly unknown[], target = ''): Promise<Answered> {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    return this.call('POST', `${target}/_bulk`, text, 'application/x-ndjson');
  }

  /** An index with documents, by id. */
  async index(
    name: string,
    properties: object,
    documents: Readonly<Record<string, object>> = {},
  ): Promise<void> {
    await this.call('PUT', `/${name}`, { mappings: { properties } });
    const lines = Object.entries(documents).flatMap(([id, document]) => [{ index: { _id: id } }, document]);
    if (lines.length > 0) await this.bulk(lines, `/${name}`);
  }

  /** Ids of the documents that a query finds, the best first. */
  async find(target: string, query: Json, more: object = {}): Promise<string[]> {
    const { status, body } = await this.call('POST', `/${target}/_search`, { query, ...more });
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body.hits.hits.map(({ _id }: { readonly _id: string }) => _id);
  }
}
