import {
  BatchGetCommand,
  ScanCommand,
  type BatchGetCommandInput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { cachedOrderSchema, cachedProductSchema, cacheKey, type CachedKind } from '@orderstream/domain';
import {
  documentClient,
  pauseFor,
  requiredEnvironment,
  untilNoneLeft,
  type Pause,
} from '@orderstream/lambda-kit';

/** An item that is cached, by kind and id. */
export interface ItemId {
  readonly kind: CachedKind;
  readonly id: string;
}

type Item = Readonly<Record<string, unknown>>;
type RequestItems = NonNullable<BatchGetCommandInput['RequestItems']>;

/** Key attribute of each table, and what of its items can be cached: nothing else is read. */
const TABLES = {
  order: { key: 'orderId', fields: Object.keys(cachedOrderSchema.shape) },
  product: { key: 'sku', fields: Object.keys(cachedProductSchema.shape) },
} as const satisfies Record<CachedKind, object>;

/** Items that DynamoDB reads in a call, and keys of a page. */
const CHUNK = 100;

/** Tries before what is unread is given up. */
const TRIES = 6;

/** The tables whose items are cached. */
export class ItemTables {
  readonly #client: DynamoDBDocumentClient;
  readonly #tables: Readonly<Record<CachedKind, string>>;
  readonly #pause: Pause;

  constructor(
    client = documentClient(),
    tables: Readonly<Record<CachedKind, string>> = {
      order: requiredEnvironment('ORDERS_TABLE'),
      product: requiredEnvironment('PRODUCTS_TABLE'),
    },
    pause = pauseFor,
  ) {
    this.#client = client;
    this.#tables = tables;
    this.#pause = pause;
  }

  /**
   * The items, read consistently, by their cache key: `undefined` for one that is not there. One that DynamoDB goes on
   * leaving unread has no entry.
   *
   * @param ids each once.
   */
  async read(ids: readonly ItemId[]): Promise<Map<string, Item | undefined>> {
    const found = new Map<string, Item | undefined>();
    for (let start = 0; start < ids.length; start += CHUNK) {
      const chunk = ids.slice(start, start + CHUNK);
      const unread = await this.#readChunk(chunk, found);
      for (const { kind, id } of chunk) {
        const key = cacheKey(kind, id);
        if (!found.has(key) && !unread.has(key)) found.set(key, undefined);
      }
    }
    return found;
  }

  /** Ids of a page of a table, and where the next page begins. */
  async page(
    kind: CachedKind,
    after: string | undefined,
  ): Promise<{ readonly ids: readonly string[]; readonly next?: string }> {
    const { key } = TABLES[kind];
    const { Items = [], LastEvaluatedKey: last } = await this.#client.send(
      new ScanCommand({
        TableName: this.#tables[kind],
        ProjectionExpression: key,
        Limit: CHUNK,
        ...(after === undefined ? {} : { ExclusiveStartKey: { [key]: after } }),
      }),
    );
    const ids = Items.map((item) => String(item[key]));
    return last === undefined ? { ids } : { ids, next: String(last[key]) };
  }

  /** @returns cache keys of what stayed unread. */
  async #readChunk(chunk: readonly ItemId[], found: Map<string, Item | undefined>): Promise<Set<string>> {
    const read = async (RequestItems: RequestItems): Promise<RequestItems | undefined> => {
      const answer = await this.#client.send(new BatchGetCommand({ RequestItems }));
      for (const kind of KINDS) {
        for (const item of answer.Responses?.[this.#tables[kind]] ?? []) {
          found.set(cacheKey(kind, String(item[TABLES[kind].key])), item);
        }
      }
      return answer.UnprocessedKeys;
    };
    return this.#keysOf((await untilNoneLeft(this.#request(chunk), read, TRIES, this.#pause)) ?? {});
  }

  #request(chunk: readonly ItemId[]): RequestItems {
    const asked = KINDS.flatMap((kind) => {
      const { key, fields } = TABLES[kind];
      const Keys = chunk.filter((each) => each.kind === kind).map(({ id }) => ({ [key]: id }));
      if (Keys.length === 0) return [];
      const names = Object.fromEntries(fields.map((field) => [`#${field}`, field]));
      return [
        [
          this.#tables[kind],
          {
            Keys,
            ConsistentRead: true,
            ProjectionExpression: Object.keys(names).join(', '),
            ExpressionAttributeNames: names,
          },
        ] as const,
      ];
    });
    return Object.fromEntries(asked);
  }

  #keysOf(unread: RequestItems): Set<string> {
    return new Set(
      KINDS.flatMap((kind) =>
        (unread[this.#tables[kind]]?.Keys ?? []).map((key) => cacheKey(kind, String(key[TABLES[kind].key]))),
      ),
    );
  }
}

const KINDS = ['order', 'product'] as const satisfies readonly CachedKind[];
