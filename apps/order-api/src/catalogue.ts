import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type BatchGetCommandOutput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import {
  DEFAULT_PRICING,
  isDecimal,
  multiplyMoney,
  orderLineSchema,
  productSchema,
  Throttled,
  type Product,
} from '@orderstream/domain';
import { documentClient, requiredEnvironment } from '@orderstream/lambda-kit';
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod/mini';

/** What an order takes from a product of the catalogue. */
export type CatalogueProduct = Pick<Product, 'sku' | 'name' | 'unitPrice' | 'currency'>;

type RequestItems = NonNullable<BatchGetCommandInput['RequestItems']>;

/** DynamoDB reads 100 items a call. */
const CHUNK = 100;

/** Tries before the caller is asked to come later, and the longest first wait between them, in milliseconds. */
const TRIES = 4;
const FIRST_PAUSE = 50;

/** The products table, as customers' orders are priced by it. */
export class Catalogue {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #pause: (milliseconds: number) => Promise<unknown>;

  constructor(
    client = documentClient(),
    table = requiredEnvironment('PRODUCTS_TABLE'),
    pause: (milliseconds: number) => Promise<unknown> = setTimeout,
  ) {
    this.#client = client;
    this.#table = table;
    this.#pause = pause;
  }

  /**
   * Those of the products that are for sale, by SKU.
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

  async #read(keys: { sku: string }[]): Promise<unknown[]> {
    const items: unknown[] = [];
    let unread: RequestItems = {
      [this.#table]: {
        Keys: keys,
        ProjectionExpression: 'sku, #name, unitPrice, currency',
        ExpressionAttributeNames: { '#name': 'name' },
      },
    };
    for (let pause = FIRST_PAUSE, tries = TRIES; tries > 0; pause *= 2, tries -= 1) {
      const answer: BatchGetCommandOutput = await this.#client.send(
        new BatchGetCommand({ RequestItems: unread }),
      );
      items.push(...(answer.Responses?.[this.#table] ?? []));
      unread = answer.UnprocessedKeys ?? {};
      if (Object.keys(unread).length === 0) return items;
      await this.#pause(Math.random() * pause);
    }
    throw new Throttled('DynamoDB', 'it left products unread');
  }
}

const { sku, name, currency } = productSchema.shape;
const saleSchema = z.object({
  sku,
  name,
  currency,
  unitPrice: orderLineSchema.shape.unitPrice.check(z.refine(hasExactTax)),
});

/** Whether its tax has no more decimals than an amount may have, so that an order of it can be told exactly. */
function hasExactTax(price: string): boolean {
  return isDecimal(price) && isDecimal(multiplyMoney(price, DEFAULT_PRICING.taxRate));
}

/** Those items that make valid lines of an order; whoever maintains the catalogue may have written anything. */
export function forSale(items: readonly unknown[]): CatalogueProduct[] {
  return items.flatMap((item) => {
    const { success, data } = saleSchema.safeParse(item);
    return success ? [data] : [];
  });
}
