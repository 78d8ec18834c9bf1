import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isOpen, isOrderStatus, ORDER_STATUSES, PERSONAL_FIELDS } from '@orderstream/domain';
import { UsageError } from '../errors.ts';
import { paced } from '../pace.ts';
import type { Session } from '../session.ts';

/** Who writes what a forgetting changes. */
const WRITER = 'forget';

/** Orders that are read and written at once. */
const CONCURRENCY = 8;

/** What names the order to its customer's index: it goes last, so that whoever was broken off finds the order again. */
const LAST = 'customerId';
const FIRST = PERSONAL_FIELDS.filter((name) => name !== LAST);

/** Looks at an order that somebody else writes meanwhile. */
const TRIES = 5;

type Item = Readonly<Record<string, unknown>>;
type Target = Pick<Session, 'documents' | 'tables'>;

/**
 * How an order stands to being forgotten: `due`; `forgotten` before, though perhaps not yet by the index; `kept` because
 * it is open (or its status is none), so its customer is still needed; `gone` from the table; `none` when it is somebody
 * else's.
 */
export type Stand = 'due' | 'forgotten' | 'kept' | 'gone' | 'none';

/** What became of an order. */
export interface Fate {
  readonly stand: Exclude<Stand, 'due'>;
  /** Whether this run forgot it. */
  readonly now: boolean;
  readonly status: string;
}

export function standOf(order: Item | undefined, customerId: string): Stand {
  if (order === undefined) return 'gone';
  if (order['forgottenAt'] !== undefined) return 'forgotten';
  if (order['customerId'] !== customerId) return 'none';
  const { status } = order;
  return isOrderStatus(status) && !isOpen(status) ? 'due' : 'kept';
}

/** Ids of the customer's orders, as the index has them: those that are forgotten everywhere are not in it. */
export async function ordersOf({ documents, tables }: Target, customerId: string): Promise<string[]> {
  const orderIds: string[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new QueryCommand({
        TableName: tables.orders,
        IndexName: 'byCustomer',
        KeyConditionExpression: 'customerId = :customer',
        ExpressionAttributeValues: { ':customer': customerId },
        ProjectionExpression: 'orderId',
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    for (const { orderId } of page.Items ?? []) orderIds.push(String(orderId));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return orderIds;
}

/**
 * Forgets those of the orders that have ended, but for the customer's id, which {@link forgetCustomerIds} takes away when
 * nothing else is left. Answers what became of each.
 */
export async function forgetOrders(
  target: Target,
  customerId: string,
  orderIds: readonly string[],
  options: { readonly at: string; readonly signal: AbortSignal },
): Promise<Map<string, Fate>> {
  const fates = new Map<string, Fate>();
  const { at, signal } = options;
  await paced(orderIds, { perSecond: undefined, concurrency: CONCURRENCY, signal }, async (orderId) => {
    fates.set(orderId, await forgetOrder(target, customerId, orderId, at));
  });
  return fates;
}

async function forgetOrder(target: Target, customerId: string, orderId: string, at: string): Promise<Fate> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const order = await read(target, orderId);
    const stand = standOf(order, customerId);
    const status = String(order?.['status'] ?? 'none');
    if (stand !== 'due') return { stand, now: false, status };
    if (await write(target, customerId, orderId, at, order ?? {}))
      return { stand: 'forgotten', now: true, status };
  }
  throw new UsageError(`Order ${orderId} is being written by somebody else. Run orders forget again.`, 1);
}

async function read({ documents, tables }: Target, orderId: string): Promise<Item | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: tables.orders, Key: { orderId }, ConsistentRead: true }),
  );
  return Item;
}

/** Takes the ids of their customer from forgotten orders, and so takes the orders from the customer's index. */
export async function forgetCustomerIds(
  target: Target,
  customerId: string,
  orderIds: readonly string[],
  { at, signal }: { readonly at: string; readonly signal: AbortSignal },
): Promise<void> {
  await paced(orderIds, { perSecond: undefined, concurrency: CONCURRENCY, signal }, async (orderId) => {
    // Refused where it was done before.
    await written(
      target,
      new UpdateCommand({
        TableName: target.tables.orders,
        Key: { orderId },
        UpdateExpression: `SET updatedAt = :at, updatedBy = :writer REMOVE ${LAST} ADD itemVersion :one`,
        ConditionExpression: `attribute_exists(forgottenAt) AND ${LAST} = :customer`,
        ExpressionAttributeValues: { ':customer': customerId, ':at': at, ':writer': WRITER, ':one': 1 },
      }),
    );
  });
}

/** Takes the person out of an order that has ended. Answers false when it no longer stands so. */
async function write(
  target: Target,
  customerId: string,
  orderId: string,
  at: string,
  order: Item,
): Promise<boolean> {
  const ends = ORDER_STATUSES.filter((status) => !isOpen(status));
  const country = order['country'] === undefined ? countryOf(order['shippingAddress']) : undefined;
  const update = new UpdateCommand({
    TableName: target.tables.orders,
    Key: { orderId },
    UpdateExpression:
      `SET forgottenAt = :at, updatedAt = :at, updatedBy = :writer${country === undefined ? '' : ', country = :country'} ` +
      `REMOVE ${FIRST.map((name) => `#${name}`).join(', ')} ADD itemVersion :one`,
    ConditionExpression: `customerId = :customer AND attribute_not_exists(forgottenAt) AND #status IN (${ends.map((end) => `:${end}`).join(', ')})`,
    ExpressionAttributeNames: {
      '#status': 'status',
      ...Object.fromEntries(FIRST.map((name) => [`#${name}`, name])),
    },
    ExpressionAttributeValues: {
      ...Object.fromEntries(ends.map((end) => [`:${end}`, end])),
      ':customer': customerId,
      ':at': at,
      ':writer': WRITER,
      ':one': 1,
      ...(country === undefined ? {} : { ':country': country }),
    },
  });
  return written(target, update);
}

/** Sends a conditional write. Answers false when it is refused. */
async function written({ documents }: Target, update: UpdateCommand): Promise<boolean> {
  try {
    await documents.send(update);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function countryOf(address: unknown): string | undefined {
  const country: unknown =
    typeof address === 'object' && address !== null && 'country' in address ? address.country : undefined;
  return typeof country === 'string' ? country : undefined;
}
