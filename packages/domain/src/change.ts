import { MOST_EVENT_LINES, type OrderEventType } from './event-names.ts';
import type { DomainEvent, OrderEvent, ProductEvent } from './events.ts';
import { isOrderId, isSku } from './ids.ts';
import { isRecord, shown, textOf, traceOf } from './image-values.ts';
import { isOpen, isOrderStatus, type OrderStatus } from './status.ts';
import { stockMarkCrossed } from './stock-mark.ts';
import { workflowStart, type WorkflowStart } from './workflow.ts';

/** A change of an item as a stream brings it, its images already plain values. */
export interface ItemChange {
  readonly table: 'orders' | 'products' | 'stock';
  /** The stream record's id. */
  readonly recordId: string;
  readonly kind: 'INSERT' | 'MODIFY' | 'REMOVE';
  /** When the stream saw it; epoch seconds. */
  readonly at: number;
  readonly keys: Readonly<Record<string, unknown>>;
  readonly oldImage?: Readonly<Record<string, unknown>> | undefined;
  readonly newImage?: Readonly<Record<string, unknown>> | undefined;
}

/** All that follows from a change. */
export interface Reaction {
  readonly workflow?: WorkflowStart;
  readonly events: readonly DomainEvent[];
}

/** A change that nobody can ever read; the dispatcher quarantines it whole. */
export class UnreadableChange extends Error {
  constructor(change: ItemChange, problem: string) {
    super(
      `Change ${change.recordId} of the ${change.table} table cannot be read: ${problem}. Correct the item; the quarantined record holds both images.`,
    );
    this.name = 'UnreadableChange';
  }
}

const NOTHING: Reaction = { events: [] };

/**
 * What follows from a change of an item: which workflow to start and which events to publish. All of the dispatcher's
 * decisions are this function.
 *
 * | table    | INSERT                              | MODIFY                         | REMOVE         |
 * | -------- | ----------------------------------- | ------------------------------ | -------------- |
 * | orders   | its event; of a PLACED one, its workflow | its event when the status moved | OrderRemoved   |
 * | products | ProductAdded                        | ProductChanged                 | ProductRemoved |
 * | stock    | StockBack where there is some        | an event when a mark is crossed | nothing        |
 *
 * Events and the workflow's input are small whatever the item holds: see image-values.ts.
 *
 * @throws UnreadableChange when the item can't be told: a key or status that is none, or an order that is new and half
 * way already. Stages take an order's status as proof of what they did, so such an order would ship without a charge.
 */
export function readChange(change: ItemChange): Reaction {
  if (change.table === 'orders') return readOrderChange(change);
  if (change.table === 'products') return readProductChange(change);
  return readStockChange(change);
}

const EVENT_OF_STATUS: Readonly<Record<OrderStatus, OrderEventType>> = {
  PLACED: 'OrderPlaced',
  VALIDATED: 'OrderValidated',
  PAID: 'OrderPaid',
  ALLOCATED: 'OrderAllocated',
  SHIPPED: 'OrderShipped',
  REJECTED: 'OrderRejected',
  CANCELLED: 'OrderCancelled',
  FAILED: 'OrderFailed',
};

function readOrderChange(change: ItemChange): Reaction {
  const orderId = change.keys['orderId'];
  if (!isOrderId(orderId)) throw new UnreadableChange(change, `orderId ${shown(orderId)} is no order id`);
  if (change.kind === 'REMOVE') {
    return { events: [orderEvent(change, 'OrderRemoved', orderId, undefined)] };
  }
  const status = change.newImage?.['status'];
  if (!isOrderStatus(status))
    throw new UnreadableChange(change, `status ${shown(status)} is no order status`);
  if (change.kind === 'MODIFY') {
    if (change.oldImage?.['status'] === status) return NOTHING;
    return { events: [orderEvent(change, EVENT_OF_STATUS[status], orderId, status)] };
  }
  if (isOpen(status) && status !== 'PLACED')
    throw new UnreadableChange(change, `a new order is PLACED or has ended, but this one is ${status}`);
  const events = [orderEvent(change, EVENT_OF_STATUS[status], orderId, status)];
  if (status !== 'PLACED') return { events };
  return { workflow: workflowStart(orderId, change.newImage?.['trace']), events };
}

function readProductChange(change: ItemChange): Reaction {
  const sku = skuOf(change);
  const image = change.newImage ?? change.oldImage ?? {};
  const type = ({ INSERT: 'ProductAdded', MODIFY: 'ProductChanged', REMOVE: 'ProductRemoved' } as const)[
    change.kind
  ];
  const verb = { INSERT: 'was added', MODIFY: 'was changed', REMOVE: 'was removed' }[change.kind];
  const product: ProductEvent['product'] = defined({
    name: textOf(image['name']),
    unitPrice: textOf(image['unitPrice']),
    currency: textOf(image['currency']),
  });
  return {
    events: [
      {
        ...envelope(change, type, `Product ${sku} ${verb}.`),
        type,
        subject: { kind: 'product', id: sku, itemVersion: itemVersion(change) },
        product,
      },
    ],
  };
}

function readStockChange(change: ItemChange): Reaction {
  if (change.kind === 'REMOVE') return NOTHING;
  const sku = skuOf(change);
  // A SKU without a row has no goods.
  const before = change.kind === 'INSERT' ? 0 : change.oldImage?.['available'];
  const after = change.newImage?.['available'];
  if (!isNumber(before) || !isNumber(after)) {
    throw new UnreadableChange(change, `available ${shown(after)} is no number`);
  }
  const type = stockMarkCrossed(before, after);
  if (type === undefined) return NOTHING;
  const message = {
    StockLow: `Only ${after} of ${sku} are left.`,
    StockOut: `${sku} is out of stock.`,
    StockBack: `${sku} is back in stock: ${after} available.`,
  }[type];
  return {
    events: [
      {
        ...envelope(change, type, message),
        type,
        subject: { kind: 'stock', id: sku, itemVersion: itemVersion(change) },
        stock: { available: after },
      },
    ],
  };
}

function orderEvent(
  change: ItemChange,
  type: OrderEventType,
  orderId: string,
  status: OrderStatus | undefined,
): OrderEvent {
  const image = change.newImage ?? change.oldImage ?? {};
  const lines = eventLines(image['lines']);
  const units = lines.reduce((sum, line) => sum + line.quantity, 0);
  const tellsLines = lines.length <= MOST_EVENT_LINES && lines.every(({ sku }) => isSku(sku));
  const closing = image['closing'];
  const order: OrderEvent['order'] = {
    lineCount: lines.length,
    units,
    ...defined({
      customerId: textOf(image['customerId']),
      country: textOf(image['country']),
      currency: textOf(image['currency']),
      total: textOf(image['total']),
      placedAt: textOf(image['placedAt']),
      lines: tellsLines ? lines : undefined,
      cause: isRecord(closing) ? textOf(closing['cause']) : undefined,
    }),
  };
  const previousStatus = change.oldImage?.['status'];
  return {
    ...envelope(change, type, orderMessage(type, orderId, order)),
    type,
    subject: { kind: 'order', id: orderId, itemVersion: itemVersion(change) },
    ...(isOrderStatus(previousStatus) ? { previousStatus } : {}),
    ...(status === undefined ? {} : { status }),
    order,
  };
}

function orderMessage(type: OrderEventType, orderId: string, order: OrderEvent['order']): string {
  const cause = order.cause === undefined ? '' : `: ${order.cause}`;
  const price = order.total === undefined ? '' : `, ${order.total} ${order.currency ?? ''}`.trimEnd();
  const where = order.country === undefined ? '' : `, to ${order.country}`;
  const goods = `${order.lineCount} ${order.lineCount === 1 ? 'line' : 'lines'}`;
  const sentences: Record<OrderEventType, string> = {
    OrderPlaced: `Order ${orderId} was placed: ${goods}${price}${where}.`,
    OrderValidated: `Order ${orderId} was found valid.`,
    OrderPaid: `Order ${orderId} was paid${price}.`,
    OrderAllocated: `The goods of order ${orderId} were set aside: ${goods}.`,
    OrderShipped: `Order ${orderId} was shipped: ${goods}${where}.`,
    OrderRejected: `Order ${orderId} was rejected${cause}.`,
    OrderCancelled: `Order ${orderId} was cancelled by its customer.`,
    OrderFailed: `Order ${orderId} failed and was undone${cause}. A person should look at it.`,
    OrderRemoved: `Order ${orderId} was removed from the table.`,
  };
  return sentences[type];
}

function envelope(change: ItemChange, type: string, message: string) {
  const image = change.newImage ?? change.oldImage ?? {};
  const updatedAt = change.kind === 'REMOVE' ? undefined : textOf(image['updatedAt']);
  return {
    eventId: `${change.recordId}/${type}`,
    schemaVersion: 1 as const,
    occurredAt: updatedAt ?? new Date(change.at * 1000).toISOString(),
    message,
    ...defined({ trace: traceOf(image['trace']) }),
  };
}

/** A removal counts as the version after the removed one, so that versions rise through it. */
function itemVersion(change: ItemChange): number {
  const version = (change.newImage ?? change.oldImage ?? {})['itemVersion'];
  // A larger one would be taken for newer than every version to come.
  if (typeof version !== 'number' || !Number.isSafeInteger(version))
    throw new UnreadableChange(change, `itemVersion ${shown(version)} is no whole number`);
  return change.kind === 'REMOVE' ? version + 1 : version;
}

function skuOf(change: ItemChange): string {
  const sku = change.keys['sku'];
  if (typeof sku !== 'string') throw new UnreadableChange(change, `sku ${shown(sku)} is no text`);
  return sku;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Lines as events show them, with an empty SKU where it is no text; a bad line is ValidateOrder's business. */
function eventLines(lines: unknown): { sku: string; quantity: number }[] {
  if (!Array.isArray(lines)) return [];
  return lines.map((line: unknown) => {
    const { sku, quantity } = isRecord(line) ? line : {};
    return { sku: textOf(sku) ?? '', quantity: typeof quantity === 'number' ? quantity : 0 };
  });
}

/** Leaves out what is undefined, so that an absent field is absent. */
function defined<T extends Record<string, unknown>>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
