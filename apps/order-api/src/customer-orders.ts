import { PutCommand, QueryCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Order } from '@orderstream/domain';
import {
  conditionalWrite,
  documentClient,
  requiredEnvironment,
  storedOrder,
  type StoredOrder,
} from '@orderstream/lambda-kit';

/** Where a page of a customer's orders ends: after this one. */
export interface PageEnd {
  readonly placedAt: string;
  readonly orderId: string;
}

/** A customer's orders, newest first, as the index shows them; `end` is there when there may be more. */
export interface Page {
  readonly orders: readonly Record<string, unknown>[];
  readonly end: PageEnd | undefined;
}

/** The orders table, as customers write to it and look through it. */
export class CustomerOrders {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client = documentClient(), table = requiredEnvironment('ORDERS_TABLE')) {
    this.#client = client;
    this.#table = table;
  }

  /** Writes a new order, or answers with the one that has its id already. */
  async create(order: Order): Promise<StoredOrder | undefined> {
    const write = await conditionalWrite(
      this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: order,
          ConditionExpression: 'attribute_not_exists(orderId)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    );
    return write.written ? undefined : storedOrder(write.found);
  }

  async list(customerId: string, limit: number, after: PageEnd | undefined): Promise<Page> {
    const { Items = [], LastEvaluatedKey: last } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: 'byCustomer',
        KeyConditionExpression: 'customerId = :customer',
        ExpressionAttributeValues: { ':customer': customerId },
        ScanIndexForward: false,
        Limit: limit,
        ...(after === undefined ? {} : { ExclusiveStartKey: { customerId, ...after } }),
      }),
    );
    const end = last && { placedAt: String(last['placedAt']), orderId: String(last['orderId']) };
    return { orders: Items, end };
  }
}
