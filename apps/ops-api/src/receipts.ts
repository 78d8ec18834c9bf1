import { setTimeout } from 'node:timers/promises';
import { GetCommand, TransactWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { firstItemVersion, receiptMarker, Throttled } from '@orderstream/domain';
import { documentClient, requiredEnvironment } from '@orderstream/lambda-kit';

/** Goods of one SKU that came in under a name. */
export interface Receipt {
  readonly receipt: string;
  readonly sku: string;
  readonly quantity: number;
}

/** What became of a receipt; `earlier` is what came in under its name before. */
export type Received =
  | { readonly outcome: 'received'; readonly at: string }
  | { readonly outcome: 'earlier'; readonly at: string; readonly goods: readonly Omit<Receipt, 'receipt'>[] }
  | { readonly outcome: 'no-product' };

/** Tries while others write the same stock, and the longest first wait between them, in milliseconds. */
const TRIES = 6;
const FIRST_PAUSE = 25;

/**
 * Goods that come in, in the same form as those of an import (docs/decisions, receipts): a marker in the allocations
 * table and the addition to stock in one transaction, so that a name brings its goods once.
 */
export class Receipts {
  readonly #client: DynamoDBDocumentClient;
  readonly #tables: { readonly products: string; readonly stock: string; readonly allocations: string };
  readonly #pause: (milliseconds: number) => Promise<unknown>;

  constructor(
    client = documentClient(),
    tables = {
      products: requiredEnvironment('PRODUCTS_TABLE'),
      stock: requiredEnvironment('STOCK_TABLE'),
      allocations: requiredEnvironment('ALLOCATIONS_TABLE'),
    },
    pause: (milliseconds: number) => Promise<unknown> = setTimeout,
  ) {
    this.#client = client;
    this.#tables = tables;
    this.#pause = pause;
  }

  /** @throws Throttled when other writers of the same stock do not end. */
  async receive(receipt: Receipt, by: string): Promise<Received> {
    for (let pause = FIRST_PAUSE, tries = TRIES; tries > 0; pause *= 2, tries -= 1) {
      const now = Date.now();
      const at = new Date(now).toISOString();
      if (await this.#write(receipt, by, now)) return { outcome: 'received', at };
      const earlier = await this.#earlier(receipt.receipt);
      if (earlier !== undefined) return earlier;
      if (!(await this.#isProduct(receipt.sku))) return { outcome: 'no-product' };
      await this.#pause(Math.random() * pause);
    }
    throw new Throttled('DynamoDB', `receipt ${receipt.receipt} met other transactions`);
  }

  /** Writes all or nothing. Why nothing was written is looked for in the tables. */
  async #write({ receipt, sku, quantity }: Receipt, by: string, now: number): Promise<boolean> {
    const at = new Date(now).toISOString();
    const { products, stock, allocations } = this.#tables;
    try {
      await this.#client.send(
        new TransactWriteCommand({
          TransactItems: [
            {
              Put: {
                TableName: allocations,
                Item: receiptMarker(receipt, 0, [{ sku, quantity }], at),
                ConditionExpression: 'attribute_not_exists(orderId)',
              },
            },
            {
              ConditionCheck: {
                TableName: products,
                Key: { sku },
                ConditionExpression: 'attribute_exists(sku)',
              },
            },
            {
              Update: {
                TableName: stock,
                Key: { sku },
                UpdateExpression:
                  'SET itemVersion = if_not_exists(itemVersion, :before) + :one, updatedAt = :at, updatedBy = :by ' +
                  'ADD available :quantity, received :quantity, allocated :zero, shipped :zero',
                ExpressionAttributeValues: {
                  ':quantity': quantity,
                  ':zero': 0,
                  ':one': 1,
                  ':before': firstItemVersion(now) - 1,
                  ':at': at,
                  ':by': by,
                },
              },
            },
          ],
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'TransactionCanceledException') return false;
      throw error;
    }
  }

  async #earlier(receipt: string): Promise<Received | undefined> {
    const { orderId, chunk } = receiptMarker(receipt, 0, [], '');
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#tables.allocations, Key: { orderId, chunk }, ConsistentRead: true }),
    );
    return Item && { outcome: 'earlier', at: String(Item['at']), goods: Item['quantities'] };
  }

  async #isProduct(sku: string): Promise<boolean> {
    const { Item } = await this.#client.send(
      new GetCommand({
        TableName: this.#tables.products,
        Key: { sku },
        ProjectionExpression: 'sku',
        ConsistentRead: true,
      }),
    );
    return Item !== undefined;
  }
}
