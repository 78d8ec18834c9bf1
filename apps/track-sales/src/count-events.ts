import {
  endedOrder,
  type DomainEvent,
  type LostSale,
  type OrderEventType,
  type OrderStatus,
  type Sale,
} from '@orderstream/domain';
import type { Failures, OrdersTable, StoredOrder } from '@orderstream/lambda-kit';
import type { Generations } from './generations.ts';
import type { SalesCounter } from './sales-counter.ts';
import { eachByShard } from './shards.ts';

/** What events are counted with. */
export interface SalesTracking {
  readonly orders: Pick<OrdersTable, 'read'>;
  readonly generations: Pick<Generations, 'read'>;
  readonly counter: Pick<SalesCounter, 'count'>;
  /** Told of each order that is counted for the first time; not told again where a crash comes between. */
  readonly ended: (order: Sale | LostSale) => void;
}

/** Events that say that an order ended, and how. */
const ENDS: Partial<Record<OrderEventType, OrderStatus>> = {
  OrderShipped: 'SHIPPED',
  OrderRejected: 'REJECTED',
  OrderCancelled: 'CANCELLED',
  OrderFailed: 'FAILED',
};

/** The event of an order that stands otherwise, or is no longer there. */
export class OrderStandsOtherwise extends Error {
  constructor(orderId: string, status: OrderStatus | undefined, type: string) {
    const found = status === undefined ? 'is not in the orders table' : `is ${status}`;
    super(
      `Order ${orderId} ${found}, but its ${type} was published, which follows the write. Look at the order's history; put it right and redrive the event, or discard it.`,
    );
    this.name = 'OrderStandsOtherwise';
  }
}

/**
 * Counts the orders that events say have ended, as the orders table has them: an event may leave out its lines. The
 * figures that are served and those that are being built are both counted; who begins to build reads the orders
 * afterwards, so that an order which is counted by what is known here is found there, too.
 */
export async function countEvents(
  events: readonly DomainEvent[],
  { orders, generations, counter, ended }: SalesTracking,
): Promise<Failures<DomainEvent>> {
  const failures = new Map<DomainEvent, unknown>();
  const ends = events.filter((event) => endOf(event) !== undefined);
  if (ends.length === 0) return failures;
  const { serving, building } = await generations.read();
  const into = building === undefined ? [serving] : [serving, building];
  const byOrder = Map.groupBy(ends, ({ subject }) => subject.id);
  await eachByShard(
    byOrder,
    ([orderId]) => orderId,
    async ([orderId, own]) => {
      try {
        const order = await orders.read(orderId);
        const fitting = own.filter((event) => endOf(event) === order?.status);
        if (order !== undefined && fitting.length > 0) await countInto(into, order, { counter, ended });
        for (const event of own) {
          if (!fitting.includes(event))
            failures.set(event, new OrderStandsOtherwise(orderId, order?.status, event.type));
        }
      } catch (error) {
        for (const event of own) failures.set(event, error);
      }
    },
  );
  return failures;
}

async function countInto(
  generations: readonly number[],
  order: StoredOrder,
  { counter, ended }: Pick<SalesTracking, 'counter' | 'ended'>,
): Promise<void> {
  const sale = endedOrder({ ...order });
  for (const [index, generation] of generations.entries()) {
    const isNew = await counter.count(sale, generation);
    // The first is the one that is served; a rebuild counts everything anew.
    if (isNew && index === 0) ended(sale);
  }
}

function endOf(event: DomainEvent): OrderStatus | undefined {
  return event.subject.kind === 'order' ? ENDS[event.type as OrderEventType] : undefined;
}
