import { isOpen, type Order } from '@orderstream/domain';
import { apiHandler, type ApiEvent, type StoredOrder } from '@orderstream/lambda-kit';
import type { CatalogueProduct } from '../catalogue.ts';
import type { PageEnd } from '../customer-orders.ts';
import { orderRoutes, type OrderApi } from '../routes.ts';

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
export interface Call {
  readonly route: string;
  readonly customer?: string;
  readonly body?: unknown;
  readonly path?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
}

/** The API over tables in memory. */
export class FakeShop implements OrderApi {
  readonly stored = new Map<string, StoredOrder>();
  readonly products = new Map(CATALOGUE.map((product) => [product.sku, product]));
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
      return this.stored.get(orderId);
    },
    requestCancellation: async (orderId: string, customerId: string) => {
      this.#access();
      const order = this.stored.get(orderId);
      if (order?.customerId !== customerId) return { outcome: 'not-found' as const };
      const late = (!isOpen(order.status) || order.closing) ?? order.shippingStartedAt;
      if (late) return { outcome: 'too-late' as const, order };
      order.cancelRequestedAt ??= '2026-01-01T00:00:00.000Z';
      return { outcome: 'requested' as const, order };
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
export function eventOf({ route, customer = 'ada', body, path, query, headers = {} }: Call): ApiEvent {
  const [method = '', resource = ''] = route.split(' ');
  return {
    version: '2.0',
    routeKey: route,
    rawPath: resource,
    rawQueryString: new URLSearchParams(query).toString(),
    headers,
    ...(path === undefined ? {} : { pathParameters: path }),
    ...(query === undefined ? {} : { queryStringParameters: query }),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: { method, path: resource, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey: route,
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 1_767_225_600_000,
      authorizer: { jwt: { claims: { sub: customer } } },
    },
  };
}
