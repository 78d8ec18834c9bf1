import { LocalCloud, type LocalCloudOptions } from '@orderstream/local-cloud';
import type { Order } from '@orderstream/domain';
import { linesTotal, openShard, placedShard } from '@orderstream/domain';
import { CloudClient } from '../cloud-client.ts';
import { judge } from '../commands/check.ts';
import { prepareStack } from '../prepare.ts';
import { readOrder } from '../commands/get.ts';
import { placeOrder, receiveGoods } from '../replay/write.ts';
import { sessionOf, type Session } from '../session.ts';

/** The whole stack, running from its bundles, for tests that start at a write to a table. */
export interface TestShop {
  readonly cloud: LocalCloud;
  readonly session: Session;
  /** Writes an order straight to the table. Answers its id. */
  place(change?: Partial<Order>): Promise<string>;
  receive(name: string, quantities: Readonly<Record<string, number>>): Promise<void>;
  /** The order once nothing is under way any more. */
  settled(orderId: string): Promise<Record<string, unknown>>;
  /** What the laws find wrong. */
  violations(): Promise<string[]>;
  close(): Promise<void>;
}

/** @param options.stackFile another stack than the one that `npm start` runs. */
export async function openShop(
  options: Partial<Pick<LocalCloudOptions, 'faults' | 'onLog' | 'stackFile'>> = {},
): Promise<TestShop> {
  const stackFile = await prepareStack(() => undefined, AbortSignal.timeout(120_000));
  const cloud = await LocalCloud.start({ stackFile, ...options });
  const session = await sessionOf(new CloudClient(cloud.endpointUrl), true, () => cloud.stop());
  let placed = 0;
  return {
    cloud,
    session,
    place: async (change = {}) => {
      placed += 1;
      const order = testOrder(`order-${placed}`, change);
      await placeOrder(session, order);
      return order.orderId;
    },
    receive: (name, quantities) => receiveGoods(session, name, new Map(Object.entries(quantities))),
    settled: async (orderId) => {
      await cloud.settled();
      return readOrder(session, orderId);
    },
    violations: async () =>
      (await judge(session, AbortSignal.timeout(60_000))).flatMap((law) => law.violations),
    close: () => session.close(),
  };
}

function testOrder(orderId: string, change: Partial<Order>): Order {
  const now = Date.now();
  const placedAt = new Date(now).toISOString();
  const order: Order = {
    orderId,
    schemaVersion: 1,
    itemVersion: now,
    status: 'PLACED',
    customerId: 'customer-1',
    placedAt,
    updatedAt: placedAt,
    updatedBy: 'test',
    country: 'United Kingdom',
    currency: 'GBP',
    lines: [{ sku: 'MUG', quantity: 2, unitPrice: '9.505' }],
    shipping: '0',
    tax: '0',
    total: '0',
    paymentToken: 'tok_approve',
    shippingAddress: { name: 'Ada', line1: '1 Mill Lane', city: 'Leeds', country: 'United Kingdom' },
    openShard: openShard(change.orderId ?? orderId),
    placedShard: placedShard(orderId, placedAt),
    ...change,
  };
  return { ...order, total: change.total ?? linesTotal(order.lines) };
}
