import {
  BatchGetCommand,
  GetCommand,
  type BatchGetCommandInput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { productSchema, salePriceSchema, Throttled, type Product } from '@orderstream/domain';
import {
  documentClient,
  pauseFor,
  requiredEnvironment,
  untilNoneLeft,
  type Pause,
} from '@orderstream/lambda-kit';
import * as z from 'zod/mini';

/** What an order takes from a product of the catalogue. */
export type CatalogueProduct = Pick<Product, 'sku' | 'name' | 'unitPrice' | 'currency'>;

type RequestItems = NonNullable<BatchGetCommandInput['RequestItems']>;

/** DynamoDB reads 100 items a call. */
const CHUNK = 100;

/** Tries before the caller is asked to come later. */
const TRIES = 4;

/** The products table, as customers' orders are priced by it. */
export class Catalogue {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #pause: Pause;

  constructor(client = documentClient(), table = requiredEnvironment('PRODUCTS_TABLE'), pause = pauseFor) {
    this.#client = client;
    this.#table = table;
    this.#pause = pause;
  }

  /**
   * Those of the products that are for sale, by SKU, as the table has them: an order's prices are money, and are never
   * taken from a cache, which may be behind.
   *
   * @throws Throttled when DynamoDB goes on leaving some out.
   */
  async products(skus: Iterable<string>): Promise<Map<string, CatalogueProduct>> {
    const keys = [...new Set(skus)].map((sku) => ({ sku }));
    const chunks = Array.from({ length: Math.ceil(keys.length / CHUNK) }, (_, index) =>
      keys.slice(index * CHUNK, (index + 1) * CHUNK),
    );
    const items = await Promise.all(chunks.map((chunk) => this.#read(chunk)));
    return new Map(forSale(items.flat()).map((product) => [product.sku, product]));
  }

  /** A product's item, read consistently. */
  async item(sku: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { sku }, ConsistentRead: true }),
    );
    return Item;
  }

  async #read(keys: { sku: string }[]): Promise<unknown[]> {
    const items: unknown[] = [];
    const all: RequestItems = {
      [this.#table]: {
        Keys: keys,
        ProjectionExpression: 'sku, #name, unitPrice, currency',
        ExpressionAttributeNames: { '#name': 'name' },
      },
    };
    const read = async (RequestItems: RequestItems): Promise<RequestItems | undefined> => {
      const answer = await this.#client.send(new BatchGetCommand({ RequestItems }));
      items.push(...(answer.Responses?.[this.#table] ?? []));
      return answer.UnprocessedKeys;
    };
    const left = await untilNoneLeft(all, read, TRIES, this.#pause);
    if (left !== undefined) throw new Throttled('DynamoDB', 'it left a part of a batch undone');
    return items;
  }
}

const { sku, name, currency } = productSchema.shape;
const saleSchema = z.object({ sku, name, currency, unitPrice: salePriceSchema });

/** Those items that make valid lines of an order; whoever maintains the catalogue may have written anything. */
export function forSale(items: readonly unknown[]): CatalogueProduct[] {
  return items.flatMap((item) => {
    const { success, data } = saleSchema.safeParse(item);
    return success ? [data] : [];
  });
}
