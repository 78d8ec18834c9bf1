import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { auditLine, cachedOrderSchema, PERSONAL_FIELDS } from '@orderstream/domain';
import { memoryBucket, textOf, type MemoryBucket } from '../testing/memory-bucket.ts';
import type { ForgetTools } from './forget.ts';

type Item = Record<string, unknown>;

/** A shop in memory whose changes go to the archive as in a real one; every outside call can fail. */
export interface MemoryShop {
  readonly orders: Map<string, Item>;
  readonly activity: Item[];
  readonly archive: MemoryBucket;
  /** The cache's entries; every order is in it before. */
  readonly cache: Map<string, object>;
  /** Ids that the cache was asked to read again. */
  readonly refreshed: string[];
  /** Outside calls so far. */
  readonly calls: () => number;
  /** Whether changes reach the archive. */
  archiving: boolean;
  /** Removes an order from the table; answers what brings the change to the archive. */
  remove(orderId: string): () => void;
  tools(options?: { readonly dieAt?: number }): ForgetTools;
}

export function memoryShop(stored: readonly Item[], activity: readonly Item[] = []): MemoryShop {
  const orders = new Map<string, Item>();
  const rows = [...activity];
  const archive = memoryBucket();
  const refreshed: string[] = [];
  let events = 0;
  let calls = 0;
  const cache = new Map<string, object>();
  const archiveChange = (before: Item | undefined, after: Item | undefined): void => {
    if (!shop.archiving) return;
    const kind = before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY';
    const recordId = `e-${(events += 1)}`;
    const line = auditLine(
      {
        ...{ table: 'orders', recordId, kind, at: 1_767_260_000 + events },
        ...{ keys: { orderId: (after ?? before)?.['orderId'] }, oldImage: before, newImage: after },
      },
      { byService: false, forgotten: false },
    );
    archive.objects.set(`changes/orders/dt=2026-01-01/hour=09/${recordId}.ndjson.gz`, textOf([line]));
  };
  const write = (order: Item): void => {
    const id = String(order['orderId']);
    archiveChange(orders.get(id), order);
    orders.set(id, order);
  };
  const answer = (command: unknown): object => {
    if (command instanceof GetCommand) return { Item: orders.get(String(command.input.Key?.['orderId'])) };
    if (command instanceof UpdateCommand) return forgetItem(command);
    if (command instanceof BatchWriteCommand) {
      for (const { DeleteRequest } of Object.values(command.input.RequestItems ?? {})[0] ?? [])
        rows.splice(
          rows.findIndex((row) => row['moment'] === DeleteRequest?.Key?.['moment']),
          1,
        );
      return {};
    }
    if (!(command instanceof QueryCommand)) throw new Error(`There is no ${String(command)} here.`);
    const { ':customer': customer, ':who': who } = command.input.ExpressionAttributeValues ?? {};
    if (customer !== undefined)
      return { Items: [...orders.values()].filter((order) => order['customerId'] === customer) };
    return { Items: rows.filter((row) => row['who'] === who).slice(0, command.input.Limit) };
  };
  const forgetItem = ({ input }: UpdateCommand): object => {
    const order = orders.get(String(input.Key?.['orderId'])) ?? {};
    const values = input.ExpressionAttributeValues ?? {};
    const ended = ['SHIPPED', 'REJECTED', 'CANCELLED', 'FAILED'].includes(String(order['status']));
    if (String(input.UpdateExpression).includes('REMOVE customerId')) return forgetId(order, values);
    if (!ended || order['forgottenAt'] !== undefined || order['customerId'] !== values[':customer'])
      throw new ConditionalCheckFailedException({ message: 'refused', $metadata: {} });
    const left = Object.entries(order).filter(
      ([name]) => name === 'customerId' || !PERSONAL_FIELDS.some((field) => field === name),
    );
    const country = values[':country'] === undefined ? {} : { country: values[':country'] };
    const itemVersion = Number(order['itemVersion']) + 1;
    const written = { ...Object.fromEntries(left), ...country, itemVersion };
    write({ ...written, updatedBy: values[':writer'], forgottenAt: values[':at'] });
    return {};
  };
  const forgetId = ({ customerId, ...order }: Item, values: Item): object => {
    if (order['forgottenAt'] === undefined || customerId !== values[':customer'])
      throw new ConditionalCheckFailedException({ message: 'refused', $metadata: {} });
    write({ ...order, itemVersion: Number(order['itemVersion']) + 1, updatedBy: values[':writer'] });
    return {};
  };
  const refresh = (orderId: string): void => {
    const order = orders.get(orderId);
    if (order === undefined) cache.delete(orderId);
    else cache.set(orderId, cachedOrderSchema.parse(order));
  };
  const shop: MemoryShop = {
    orders,
    cache,
    activity: rows,
    archive,
    refreshed,
    archiving: true,
    calls: () => calls,
    remove: (orderId) => {
      const order = orders.get(orderId);
      orders.delete(orderId);
      return () => archiveChange(order, undefined);
    },
    tools: ({ dieAt } = {}) => {
      const dies = () => {
        calls += 1;
        if (calls === dieAt) throw new Error('The process died.');
      };
      return {
        session: {
          documents: { send: async (command: unknown) => (dies(), answer(command)) } as never,
          tables: { orders: 'orders' } as never,
        },
        activityTable: 'activity',
        archive: {
          ...archive,
          read: async (key) => (dies(), archive.read(key)),
          replace: async (...args) => (dies(), archive.replace(...args)),
        },
        refreshCache: async (ids) => {
          dies();
          ids.forEach(refresh);
          refreshed.push(...ids);
        },
        settled: async () => undefined,
        pause: async () => dies(),
        say: () => undefined,
        now: () => Date.UTC(2026, 0, 2),
        signal: new AbortController().signal,
      };
    },
  };
  for (const order of stored) {
    write(order);
    if (cachedOrderSchema.safeParse(order).success) refresh(String(order['orderId']));
  }
  return shop;
}
