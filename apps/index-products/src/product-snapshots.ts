import { setTimeout } from 'node:timers/promises';
import { ScanCommand, TransactGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Throttled, type ProductSnapshot } from '@orderstream/domain';
import { documentClient, requiredEnvironment } from '@orderstream/lambda-kit';

/** Products of a page of the catalogue. */
const PAGE = 100;

/** Tries before the event comes again by itself, and the longest first wait between them, in milliseconds. */
const TRIES = 6;
const FIRST_PAUSE = 25;

/** The products and stock tables, read as the index needs them. */
export class ProductSnapshots {
  readonly #client: DynamoDBDocumentClient;
  readonly #tables: { readonly products: string; readonly stock: string };
  readonly #pause: (milliseconds: number) => Promise<unknown>;

  constructor(
    client = documentClient(),
    tables = { products: requiredEnvironment('PRODUCTS_TABLE'), stock: requiredEnvironment('STOCK_TABLE') },
    pause: (milliseconds: number) => Promise<unknown> = setTimeout,
  ) {
    this.#client = client;
    this.#tables = tables;
    this.#pause = pause;
  }

  /**
   * A product and its stock as they stood at one moment. Two reads one after the other would not do: of two readers,
   * each could find one item newer than the other reader does.
   *
   * @throws Throttled when transactions on the items do not end.
   */
  async read(sku: string): Promise<ProductSnapshot> {
    for (let pause = FIRST_PAUSE, tries = TRIES; tries > 0; pause *= 2, tries -= 1) {
      const snapshot = await this.#readOnce(sku);
      if (snapshot !== undefined) return snapshot;
      await this.#pause(Math.random() * pause);
    }
    throw new Throttled('DynamoDB', `product ${JSON.stringify(sku)} and its stock met other transactions`);
  }

  /** SKUs of a page of the catalogue, read consistently, and where the next page begins. */
  async page(
    after: string | undefined,
  ): Promise<{ readonly skus: readonly string[]; readonly next?: string }> {
    const { Items = [], LastEvaluatedKey: last } = await this.#client.send(
      new ScanCommand({
        TableName: this.#tables.products,
        ProjectionExpression: 'sku',
        ConsistentRead: true,
        Limit: PAGE,
        ...(after === undefined ? {} : { ExclusiveStartKey: { sku: after } }),
      }),
    );
    const skus = Items.map(({ sku }) => String(sku));
    return last === undefined ? { skus } : { skus, next: String(last['sku']) };
  }

  async #readOnce(sku: string): Promise<ProductSnapshot | undefined> {
    const tables = [this.#tables.products, this.#tables.stock];
    try {
      const { Responses = [] } = await this.#client.send(
        new TransactGetCommand({
          TransactItems: tables.map((TableName) => ({ Get: { TableName, Key: { sku } } })),
        }),
      );
      const [product, stock] = Responses.map(({ Item }) => Item);
      return { sku, product, stock };
    } catch (error) {
      if (error instanceof Error && error.name === 'TransactionCanceledException') return undefined;
      throw error;
    }
  }
}
