import {
  GetCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { mayMove, OPEN_STATUSES, type Closing, type Order } from '@orderstream/domain';
import { conditionalWrite } from './conditional-write.ts';
import { documentClient } from './document-client.ts';
import { requiredEnvironment } from './environment.ts';
import { orderUpdate, type OrderChange, type OrderUpdate } from './order-update.ts';
import { storedOrder, type Step, type StoredOrder } from './stored-order.ts';

/** One write of a transaction. */
export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** A forward write of a stage: to the next status, or, without `to`, only of the fields it sets. */
export interface Advance {
  readonly orderId: string;
  readonly from: Step['from'];
  readonly to?: Step['to'];
  readonly set?: Partial<
    Pick<Order, 'chargeIntent' | 'charge' | 'shippingStartedAt' | 'shipment' | 'closedAt'>
  >;
  readonly remove?: 'openShard';
  /** A field that must not be there yet: that of an intent, which is written once. */
  readonly once?: 'chargeIntent' | 'shippingStartedAt';
}

/** What became of a write: done, or refused because the order stands otherwise (`undefined`: there is none). */
export interface OrderWrite {
  readonly done: boolean;
  /** As it stands now where the write was asked to tell, as it stood where it was refused. */
  readonly order: StoredOrder | undefined;
}

const FORWARD =
  '#status = :from AND attribute_not_exists(closing) AND attribute_not_exists(cancelRequestedAt)';
const OPEN = `#status IN (${OPEN_STATUSES.map((status) => `:${status}`).join(', ')})`;
const OPEN_VALUES = Object.fromEntries(OPEN_STATUSES.map((status) => [`:${status}`, status]));

/**
 * The orders table: every write that moves, cancels or closes an order. Each is conditional, and one that is refused
 * brings the order as it stands, so that nothing is read before it is written.
 */
export class OrdersTable {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #writer: string;

  constructor(
    client = documentClient(),
    table = requiredEnvironment('ORDERS_TABLE'),
    writer = requiredEnvironment('POWERTOOLS_SERVICE_NAME'),
  ) {
    this.#client = client;
    this.#table = table;
    this.#writer = writer;
  }

  /** The order, read consistently. */
  async read(orderId: string): Promise<StoredOrder | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { orderId }, ConsistentRead: true }),
    );
    return storedOrder(Item);
  }

  /** Moves an order forward where it stands at `from` and nobody closes or cancelled it. */
  async advance(move: Advance, returning: 'ALL_NEW' | 'NONE' = 'NONE'): Promise<OrderWrite> {
    return this.#send(this.#forward(move), returning);
  }

  /** {@link advance} as a part of a transaction. */
  advanceItem(move: Advance): TransactItem {
    return { Update: this.#forward(move) };
  }

  /** The condition of {@link advance} alone, for a transaction that leaves the order as it is. */
  forwardCheck(orderId: string, from: Step['from']): TransactItem {
    return {
      ConditionCheck: {
        TableName: this.#table,
        Key: { orderId },
        ConditionExpression: FORWARD,
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':from': from },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    };
  }

  /**
   * The customer's wish to cancel, which is heard until shipping starts. Asking again is answered like the first time,
   * another customer's order like one that is not there.
   */
  async requestCancellation(
    orderId: string,
    customerId: string,
  ): Promise<{ outcome: 'requested' | 'not-found' | 'too-late'; order?: StoredOrder }> {
    const at = new Date().toISOString();
    const { done, order } = await this.#send(
      this.#update(orderId, {
        at,
        set: { cancelRequestedAt: at },
        condition: `customerId = :customer AND ${OPEN} AND attribute_not_exists(closing) AND attribute_not_exists(shippingStartedAt) AND attribute_not_exists(cancelRequestedAt)`,
        values: { ...OPEN_VALUES, ':customer': customerId },
      }),
      'ALL_NEW',
    );
    if (order === undefined || order.customerId !== customerId) return { outcome: 'not-found' };
    return { outcome: done || order.cancelRequestedAt !== undefined ? 'requested' : 'too-late', order };
  }

  /**
   * Sets `closing`, after which no stage moves the order forward. An order whose customer cancelled takes none but a
   * closing as CANCELLED: any other is refused there and has to be decided again.
   */
  async beginClosing(orderId: string, closing: Closing): Promise<OrderWrite> {
    const uncancelled = closing.as === 'CANCELLED' ? '' : ' AND attribute_not_exists(cancelRequestedAt)';
    return this.#send(
      this.#update(orderId, {
        at: closing.at,
        set: { closing },
        condition: `${OPEN} AND attribute_not_exists(closing)${uncancelled}`,
        values: OPEN_VALUES,
      }),
      'ALL_NEW',
    );
  }

  /** Writes the end that `closing` names, and takes the order out of the index of open orders. */
  async finishClosing(orderId: string): Promise<OrderWrite> {
    const at = new Date().toISOString();
    return this.#send(
      this.#update(orderId, {
        at,
        set: { closedAt: at },
        status: 'closing.#as',
        closedFrom: true,
        remove: 'openShard',
        condition: `${OPEN} AND attribute_exists(closing)`,
        names: { '#as': 'as' },
        values: OPEN_VALUES,
      }),
      'ALL_NEW',
    );
  }

  /**
   * Counts a restart of the order's workflow, where it is open and nobody counted one since it was read.
   *
   * @returns its number; `undefined` where it was refused.
   */
  async countRestart(orderId: string, restarts: number | undefined): Promise<number | undefined> {
    const next = (restarts ?? 0) + 1;
    const unchanged = restarts === undefined ? 'attribute_not_exists(restarts)' : 'restarts = :before';
    const { done } = await this.#send(
      this.#update(orderId, {
        at: new Date().toISOString(),
        set: { restarts: next },
        condition: `${OPEN} AND ${unchanged}`,
        values: { ...OPEN_VALUES, ...(restarts === undefined ? {} : { ':before': restarts }) },
      }),
      'NONE',
    );
    return done ? next : undefined;
  }

  #update(orderId: string, write: OrderChange): OrderUpdate {
    return orderUpdate(this.#table, this.#writer, orderId, write);
  }

  #forward({ orderId, from, to, set = {}, remove, once }: Advance) {
    if (to !== undefined && !mayMove(from, to)) {
      throw new Error(`No order moves from ${from} to ${to}. Look at the domain's transition table.`);
    }
    return this.#update(orderId, {
      at: new Date().toISOString(),
      set,
      status: to === undefined ? undefined : ':to',
      remove,
      condition: once === undefined ? FORWARD : `${FORWARD} AND attribute_not_exists(${once})`,
      values: { ':from': from, ...(to === undefined ? {} : { ':to': to }) },
    });
  }

  async #send(update: OrderUpdate, returning: 'ALL_NEW' | 'NONE'): Promise<OrderWrite> {
    const write = await conditionalWrite(
      this.#client.send(new UpdateCommand({ ...update, ReturnValues: returning })),
    );
    return { done: write.written, order: storedOrder(write.written ? write.answer.Attributes : write.found) };
  }
}
