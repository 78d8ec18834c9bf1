import { Construct } from 'constructs';
import type { Cache } from '../consumers/cache.ts';
import type { Config } from '../config/config.ts';
import { AppFunction, type PackageOf } from '../functions/functions.ts';
import { HttpApi } from './http-api.ts';
import type { Network } from '../consumers/network.ts';
import { allow } from '../functions/role.ts';
import type { Search } from '../consumers/search.ts';
import type { Tables } from '../tables/tables.ts';

export interface CustomerApiProps {
  readonly config: Config;
  readonly packageOf: PackageOf;
  readonly tables: Tables;
  /** Absent where neither search nor cache is on. */
  readonly network: Network | undefined;
  readonly search: Search | undefined;
  readonly cache: Cache | undefined;
}

const ROUTES = {
  place: 'POST /orders',
  list: 'GET /orders',
  get: 'GET /orders/{orderId}',
  cancel: 'POST /orders/{orderId}/cancel',
  'own-activity': 'POST /activity/me',
} as const;

/** What a visitor does before signing in. */
const PUBLIC_ROUTES = {
  products: 'GET /products',
  product: 'GET /products/{sku}',
  activity: 'POST /activity',
} as const;

/** What customers call: an HTTP API in front of order-api. A customer sees their own orders, anybody the products. */
export class CustomerApi extends Construct {
  readonly apiId: string;
  readonly url: string;

  constructor(scope: Construct, id: string, props: CustomerApiProps) {
    super(scope, id);
    const { config, packageOf, tables, network, search, cache } = props;
    const { orders, products, activity } = tables;
    const orderApi = new AppFunction(this, {
      config,
      packageOf,
      app: 'order-api',
      timeoutSeconds: 10,
      memoryMb: 512,
      environment: {
        ORDERS_TABLE: orders.name,
        PRODUCTS_TABLE: products.name,
        ACTIVITY_TABLE: activity.name,
        CURRENCY: config.currency,
        // Absent where they are off: then the API reads the tables, and says that there is no search.
        ...(cache === undefined ? {} : { CACHE_URL: cache.url }),
        ...(search === undefined ? {} : { SEARCH_URL: search.url }),
      },
      statements: [
        allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], [orders.arn]),
        allow(['dynamodb:Query'], [orders.indexArn('byCustomer')]),
        allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem'], [products.arn]),
        allow(['dynamodb:BatchWriteItem'], [activity.arn]),
        ...(search === undefined ? [] : [search.find]),
      ],
      network,
    });
    const api = new HttpApi(this, 'http', {
      config,
      name: 'customers',
      backends: [{ app: orderApi, routes: ROUTES, publicRoutes: PUBLIC_ROUTES }],
      throttle: { rate: 500, burst: 1000 },
      // Every call writes, and anybody may call: it must not take the customers' share.
      routeThrottles: { activity: { rate: 50, burst: 100 } },
      corsOrigins: config.corsOrigins,
    });
    this.apiId = api.id;
    this.url = api.url;
  }
}
