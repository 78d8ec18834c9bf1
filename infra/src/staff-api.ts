import { Construct } from 'constructs';
import type { Config } from './config.ts';
import { AppFunction, type PackageOf } from './functions.ts';
import { HttpApi } from './http-api.ts';
import { allow } from './role.ts';
import type { Tables } from './tables.ts';

export interface StaffApiProps {
  readonly config: Config;
  readonly packageOf: PackageOf;
  readonly tables: Tables;
}

const ROUTES = {
  'put-product': 'PUT /products/{sku}',
  'remove-product': 'DELETE /products/{sku}',
  receive: 'POST /products/{sku}/receipts',
  orders: 'GET /orders',
  sales: 'GET /sales',
  funnel: 'GET /funnel',
  activity: 'GET /activity',
} as const;

/** What staff call: an HTTP API in front of ops-api, which asks for the staff group in the token. */
export class StaffApi extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { config, packageOf, tables }: StaffApiProps) {
    super(scope, id);
    const { orders, products, stock, allocations, summaries } = tables;
    const opsApi = new AppFunction(this, {
      config,
      packageOf,
      app: 'ops-api',
      // A year's figures are many pages of rows.
      timeoutSeconds: 30,
      memoryMb: 1024,
      environment: {
        ORDERS_TABLE: orders.name,
        PRODUCTS_TABLE: products.name,
        STOCK_TABLE: stock.name,
        ALLOCATIONS_TABLE: allocations.name,
        SUMMARIES_TABLE: summaries.name,
        CURRENCY: config.currency,
      },
      statements: [
        allow(['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'], [products.arn]),
        // A receipt's marker and its goods are written in one transaction, on condition that the product is there.
        allow(['dynamodb:ConditionCheckItem'], [products.arn]),
        allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [allocations.arn]),
        allow(['dynamodb:UpdateItem'], [stock.arn]),
        allow(['dynamodb:GetItem'], [orders.arn]),
        allow(
          ['dynamodb:Query'],
          ['byCustomer', 'byDay', 'openOrders'].map((index) => orders.indexArn(index)),
        ),
        allow(['dynamodb:GetItem', 'dynamodb:Query'], [summaries.arn]),
      ],
    });
    const api = new HttpApi(this, 'http', {
      config,
      name: 'staff',
      app: opsApi,
      routes: ROUTES,
      throttle: { rate: 50, burst: 100 },
    });
    this.url = api.url;
  }
}
