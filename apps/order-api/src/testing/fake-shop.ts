import { isOpen, type Order, type StoredActivity } from '@orderstream/domain';
import {
  apiHandler,
  logger,
  type ApiEvent,
  type Cacheable,
  type Cached,
  type FoundProducts,
  type ProductWish,
  type StoredOrder,
} from '@orderstream/lambda-kit';
import { apiEvent, type ApiCall } from '@orderstream/lambda-kit/fixtures';
import { readOrdersThrough, readProductsThrough } from '../cached-items.ts';
import type { CatalogueProduct } from '../catalogue.ts';
import type { PageEnd } from '../customer-orders.ts';
import { orderRoutes, type OrderApi } from '../routes.ts';

// What it logs is tested where it matters.
logger.setLogLevel('SILENT');

const CATALOGUE: readonly CatalogueProduct[] = [
  { sku: 'MUG', name: 'Mug, blue', unitPrice: '4.25', currency: 'GBP' },
  { sku: 'TEA 50', name: 'Tea, 50 bags', unitPrice: '0.001', currency: 'GBP' },
  { sku: 'EURO', name: 'Sold elsewhere', unitPrice: '1', currency: 'EUR' },
];

export const PLACEMENT = {
  lines: [{ sku: 'MUG', quantity: 2 }],
  paymentToken: 'tok_approve',
  shippingAddress: { name: 'Ada', line1: '1 High Street', city: 'London', country: 'United Kingdom' },
};

/** What a test asks the API. */
export interface Call extends ApiCall {
  readonly customer?: string;
}

/** The API over tables in memory. */
export class FakeShop implements OrderApi {
  readonly stored = new Map<string, StoredOrder>();
  readonly products = new Map(CATALOGUE.map((product) => [product.sku, product]));
  /** What the cache has, by key; it has none of it while it is down. */
  readonly cached = new Map<string, Cacheable>();
  cacheDown = false;
  /** Reads of a table, by key. */
  readonly reads: string[] = [];
  readonly activityItems = new Map<string, StoredActivity>();
  readonly wishes: ProductWish[] = [];
  found: FoundProducts | Error = {
    total: 0,
    products: [],
    facets: { price: [], inStock: { yes: 0, no: 0 } },
  };
  readonly reported: unknown[] = [];
  readonly currency = 'GBP';
  readonly writer = 'order-api';
  /** Thrown by every access to a table, once set. */
  broken: Error | undefined;

  readonly catalogue = {
    products: async (skus: Iterable<string>) => {
      this.#access();
      const wanted = new Set(skus);
      return new Map([...this.products].filter(([sku]) => wanted.has(sku)));
    },
    item: async (sku: string) => {
      this.#access();
      this.reads.push(sku);
      const product = this.products.get(sku);
      return product && { itemVersion: 1, updatedBy: 'ops-api', ...product };
    },
  };

  readonly customerOrders = {
    create: async (order: Order) => {
      this.#access();
      const found = this.stored.get(order.orderId);
      if (found === undefined) this.stored.set(order.orderId, JSON.parse(JSON.stringify(order)));
      return found;
    },
    list: async (customerId: string, limit: number, after: PageEnd | undefined) => {
      this.#access();
      const own = [...this.stored.values()]
        .filter((order) => order.customerId === customerId)
        .toSorted((a, b) => b.placedAt.localeCompare(a.placedAt));
      const start = after === undefined ? 0 : own.findIndex(({ orderId }) => orderId === after.orderId) + 1;
      const orders = own.slice(start, start + limit);
      return {
        orders: orders.map((order) => ({ ...order })),
        end: orders.length < limit ? undefined : orders.at(-1),
      };
    },
  };

  readonly orders = {
    read: async (orderId: string) => {
      this.#access();
      this.reads.push(orderId);
      return this.stored.get(orderId);
    },
    requestCancellation: async (orderId: string, customerId: string) => {
      this.#access();
      const order = this.stored.get(orderId);
      if (order?.customerId !== customerId) return { outcome: 'not-found' as const };
      const late = (!isOpen(order.status) || order.closing) ?? order.shippingStartedAt;
      if (late) return { outcome: 'too-late' as const, order };
      if (order.cancelRequestedAt === undefined) {
        order.cancelRequestedAt = '2026-01-01T00:00:00.000Z';
        order.itemVersion += 1;
      }
      return { outcome: 'requested' as const, order };
    },
  };

  readonly #cache = {
    get: async (key: string): Promise<Cached> => {
      if (this.cacheDown) throw new Error('The cache is down.');
      const value = this.cached.get(key);
      return value === undefined ? { is: 'miss' } : { is: 'value', value };
    },
    put: async (key: string, value: Cacheable) => {
      if (this.cacheDown) throw new Error('The cache is down.');
      const before = this.cached.get(key)?.itemVersion ?? 0;
      if (value.itemVersion >= before) this.cached.set(key, JSON.parse(JSON.stringify(value)));
    },
  };
  readonly readOrders = readOrdersThrough(this.#cache, this.orders, () => undefined);
  readonly readProducts = readProductsThrough(this.#cache, this.catalogue, () => undefined);

  search: OrderApi['search'] = {
    search: async (wish) => {
      this.wishes.push(wish);
      if (this.found instanceof Error) throw this.found;
      return this.found;
    },
  };

  readonly activities = {
    write: async (items: readonly StoredActivity[]) => {
      this.#access();
      for (const item of items) this.activityItems.set(`${item.who} ${item.moment}`, item);
    },
  };

  /** Puts an order there as if it had been placed. */
  keep(order: Partial<StoredOrder> & { orderId: string }): void {
    const at = '2026-01-01T00:00:00.000Z';
    const usual = {
      status: 'PLACED',
      itemVersion: 1,
      placedAt: at,
      updatedAt: at,
      customerId: 'ada',
    } as const;
    this.stored.set(order.orderId, { ...usual, ...order });
  }

  async call(call: Call) {
    const handler = apiHandler(orderRoutes(this), (_, error) => this.reported.push(error));
    const result = await handler(eventOf(call));
    return { status: result.statusCode, headers: result.headers, body: JSON.parse(result.body ?? 'null') };
  }

  #access(): void {
    if (this.broken !== undefined) throw this.broken;
  }
}

/** A request as the HTTP API hands it over. */
export function eventOf({ customer = 'ada', ...call }: Call): ApiEvent {
  return apiEvent(call, { jwt: { claims: { sub: customer } } });
}
