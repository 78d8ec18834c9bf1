import type { IndexWrite } from '@orderstream/domain';
import { at, listAt, PRODUCTS_ALIAS, SearchRefused, type SearchService } from '@orderstream/lambda-kit';
import { INDEX_BODY } from './index-body.ts';

/** Alias of all indexes that are written to: the one that is searched and, during a rebuild, the next one. */
const WRITE_ALIAS = 'products-write';

/** Numbers that are tried for a new index when one is taken. */
const TRIES = 20;

/** The search index's generations: which one is searched, and which are written to. */
interface Generations {
  readonly serving: readonly number[];
  readonly written: readonly number[];
}

/** What became of documents that the index did not take: OpenSearch's own words, by SKU. */
export type NotTaken = ReadonlyMap<string, Error>;

/** The search index, as it is written and rebuilt. */
export class ProductIndex {
  readonly #service: Pick<SearchService, 'call'>;

  constructor(service: Pick<SearchService, 'call'>) {
    this.#service = service;
  }

  /** The generations that are written to; the first index is made when there is none. */
  async written(): Promise<readonly number[]> {
    const found = await this.#behind(WRITE_ALIAS);
    if (found.length > 0) return found;
    const none = await this.#look();
    await this.#create(none, [PRODUCTS_ALIAS, WRITE_ALIAS], ({ written }) => written.length > 0);
    return this.#behind(WRITE_ALIAS);
  }

  /**
   * Writes documents to each generation. One that holds the same or a newer version there is right already.
   *
   * @returns what some generation did not take. @throws SearchUnavailable
   */
  async write(generations: readonly number[], writes: readonly IndexWrite[]): Promise<NotTaken> {
    const failed = new Map<string, Error>();
    if (writes.length === 0) return failed;
    for (const generation of generations) {
      const target = {
        _index: ownAlias(generation),
        // Otherwise a write that comes when the index was deleted would make a new one of its name.
        require_alias: true,
        version_type: 'external',
      };
      const body = writes.flatMap(({ version, document }) => [
        { index: { ...target, _id: document.sku, version } },
        document,
      ]);
      const answer = await this.#service.call({ method: 'POST', path: '/_bulk', body });
      const items = listAt(answer, 'items').map((item) => at(item, 'index'));
      for (const [index, { document }] of writes.entries()) {
        const problem = problemOf(items[index]);
        if (problem !== undefined) failed.set(document.sku, new IndexRefused(document.sku, problem));
      }
    }
    return failed;
  }

  /**
   * Makes the next generation, which from then on is written to beside the one that is searched. One that an earlier,
   * unfinished rebuild made is taken on: it has had every change since.
   */
  async begin(): Promise<{ readonly generation: number; readonly resumed: boolean }> {
    await this.written();
    const before = await this.#look();
    const unfinished = building(before);
    if (unfinished !== undefined) return { generation: unfinished, resumed: true };
    await this.#create(before, [WRITE_ALIAS], (now) => building(now) !== undefined);
    const generation = building(await this.#look());
    if (generation === undefined) throw new Error('Another rebuild ended meanwhile. Begin again.');
    return { generation, resumed: false };
  }

  /** @throws Error unless the generation is being built. */
  async ensureBuilding(generation: number): Promise<void> {
    const now = await this.#look();
    if (now.written.includes(generation) && !now.serving.includes(generation)) return;
    throw new Error(
      `Generation ${generation} is not being built; ${building(now) ?? 'none'} is. Begin a rebuild and take its number.`,
    );
  }

  /**
   * Searches find this generation from now on, and all others are gone, in one step. Doing it again changes nothing, and
   * takes nothing from a rebuild that began since.
   *
   * @see https://docs.opensearch.org/latest/api-reference/alias/aliases/ (`remove_index`)
   */
  async finish(generation: number): Promise<{ readonly removed: readonly number[] }> {
    const { serving, written } = await this.#look();
    const serves = serving.includes(generation);
    const removed = [...new Set([...serving, ...written])].filter((each) =>
      serves ? each < generation : each !== generation,
    );
    if (serves && removed.length === 0) return { removed };
    if (!serves) await this.ensureBuilding(generation);
    // What was written last has to be found by the first search.
    await this.#service.call({ method: 'POST', path: `/${indexName(generation)}/_refresh` });
    const actions = [
      { add: { index: indexName(generation), alias: PRODUCTS_ALIAS } },
      ...removed.map((each) => ({ remove_index: { index: indexName(each) } })),
    ];
    await this.#service.call({ method: 'POST', path: '/_aliases', body: { actions } });
    return { removed };
  }

  async #look(): Promise<Generations> {
    const [serving, written] = await Promise.all([this.#behind(PRODUCTS_ALIAS), this.#behind(WRITE_ALIAS)]);
    return { serving, written };
  }

  async #behind(alias: string): Promise<number[]> {
    try {
      const answer = await this.#service.call({ method: 'GET', path: `/_alias/${alias}` });
      return Object.keys(Object(answer)).flatMap(generationOf);
    } catch (error) {
      if (error instanceof SearchRefused && error.status === 404) return [];
      throw error;
    }
  }

  /**
   * Makes an index with its aliases, in one step. Of several that find the same and make one at the same time, all take
   * the same name, and one wins.
   *
   * @param found what made it seem needed. @param enough whether what another one made meanwhile will do.
   */
  async #create(
    found: Generations,
    aliases: readonly string[],
    enough: (now: Generations) => boolean,
  ): Promise<void> {
    let generation = Math.max(0, ...found.serving, ...found.written) + 1;
    for (let tries = TRIES; tries > 0; tries -= 1, generation += 1) {
      try {
        const all = [...aliases, ownAlias(generation)];
        const body = { ...INDEX_BODY, aliases: Object.fromEntries(all.map((alias) => [alias, {}])) };
        await this.#service.call({ method: 'PUT', path: `/${indexName(generation)}`, body });
        return;
      } catch (error) {
        const taken = error instanceof SearchRefused && error.type === 'resource_already_exists_exception';
        if (!taken) throw error;
      }
      if (enough(await this.#look())) return;
    }
    throw new Error(`No index from ${indexName(generation - TRIES)} on could be made: all names are taken.`);
  }
}

/** A document that the index does not take. */
class IndexRefused extends Error {
  constructor(sku: string, problem: string) {
    super(
      `The index did not take ${JSON.stringify(sku)}: ${problem}. Correct the product, or rebuild the index.`,
    );
    this.name = 'IndexRefused';
  }
}

function indexName(generation: number): string {
  return `products-${generation}`;
}

/** The alias that stands for one index alone, and goes with it. */
function ownAlias(generation: number): string {
  return `${indexName(generation)}-write`;
}

function generationOf(name: string): number[] {
  const [, number] = /^products-([1-9]\d{0,8})$/.exec(name) ?? [];
  return number === undefined ? [] : [Number(number)];
}

function building({ serving, written }: Generations): number | undefined {
  return written.find((generation) => !serving.includes(generation));
}

/** Why one of a bulk's writes failed; a conflict means that a newer version is there, or this one. */
function problemOf(item: unknown): string | undefined {
  const status = at(item, 'status');
  if (status === 200 || status === 201 || status === 409) return undefined;
  const type = String(at(item, 'error', 'type') ?? 'no answer');
  return `${type} (${String(status)}) ${String(at(item, 'error', 'reason') ?? '')}`.trim();
}
