import { ScanCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isOpen, ORDER_STATUSES } from '@orderstream/domain';
import { documentClient, requiredEnvironment } from '@orderstream/lambda-kit';

/** Orders that one page looks at: some seconds of counting. */
const PAGE = 200;

/** What is counted of an order. Nothing of its customer is among it. */
const FIELDS = [
  'orderId',
  'status',
  'placedAt',
  'closedAt',
  'updatedAt',
  'country',
  'total',
  'lines',
  'closedFrom',
];
const ENDS = ORDER_STATUSES.filter((status) => !isOpen(status));

/** Orders that have ended, as the table has them, and where the next page begins. */
export interface EndedPage {
  readonly orders: readonly Readonly<Record<string, unknown>>[];
  readonly next: string | undefined;
}

/** The orders table, read from its beginning to its end. */
export class EndedOrders {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #size: number;

  constructor(client = documentClient(), table = requiredEnvironment('ORDERS_TABLE'), size = PAGE) {
    this.#client = client;
    this.#table = table;
    this.#size = size;
  }

  /** Consistent: an order whose event was counted before the rebuild began is found as it ended. */
  async page(from: string | undefined): Promise<EndedPage> {
    const { Items = [], LastEvaluatedKey } = await this.#client.send(
      new ScanCommand({
        TableName: this.#table,
        ConsistentRead: true,
        Limit: this.#size,
        FilterExpression: `#status IN (${ENDS.map((status) => `:${status}`).join(', ')})`,
        ProjectionExpression: `${FIELDS.map((field) => `#${field}`).join(', ')}, #closing.#cause`,
        ExpressionAttributeNames: Object.fromEntries(
          [...FIELDS, 'closing', 'cause'].map((field) => [`#${field}`, field]),
        ),
        ExpressionAttributeValues: Object.fromEntries(ENDS.map((status) => [`:${status}`, status])),
        ...(from === undefined ? {} : { ExclusiveStartKey: { orderId: from } }),
      }),
    );
    return { orders: Items, next: LastEvaluatedKey && String(LastEvaluatedKey['orderId']) };
  }
}
