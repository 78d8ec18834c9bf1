import { TIMEOUTS } from '@orderstream/domain';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { AppFunction, type PackageOf } from '../functions/functions.ts';
import { allow, type Statement } from '../functions/role.ts';
import type { Tables } from '../tables/tables.ts';
import { paymentProvider } from './payment-provider.ts';
import type { StageApp } from './workflow.ts';

export interface StagesProps {
  readonly config: Config;
  readonly packageOf: PackageOf;
  readonly tables: Tables;
}

interface Stage {
  /** Where it is not the usual one. */
  readonly handler?: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly Statement[];
}

/** The functions that the workflow calls. None may delete anything. */
export class Stages extends Construct {
  readonly functionArns: Readonly<Record<StageApp, string>>;

  constructor(scope: Construct, id: string, { config, packageOf, tables }: StagesProps) {
    super(scope, id);
    const { orders, stock, allocations, ledger } = tables;
    const ORDERS_TABLE = orders.name;
    const LEDGER_TABLE = ledger.name;
    const goodsTables = { STOCK_TABLE: stock.name, ALLOCATIONS_TABLE: allocations.name };

    const readOrders = allow(['dynamodb:GetItem'], [orders.arn]);
    const writeOrders = allow(['dynamodb:UpdateItem'], [orders.arn]);
    const keepLedger = allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [ledger.arn]);
    const payment = paymentProvider(this, config);
    /** Goods move in transactions of an order's condition, a chunk's marker and the stock of its SKUs. */
    const moveGoods = [
      allow(['dynamodb:ConditionCheckItem'], [orders.arn]),
      allow(['dynamodb:UpdateItem'], [stock.arn, allocations.arn]),
    ];

    const stage = (app: StageApp, { environment, statements, handler }: Stage): string =>
      new AppFunction(this, {
        config,
        packageOf,
        app,
        handler,
        timeoutSeconds: TIMEOUTS.function,
        memoryMb: 512,
        environment: { ORDERS_TABLE, ...environment },
        statements: [writeOrders, ...statements],
      }).arn;

    this.functionArns = {
      'validate-order': stage('validate-order', {
        environment: { CURRENCY: config.currency },
        statements: [readOrders],
      }),
      'process-payment': stage('process-payment', {
        handler: payment.handler,
        environment: { LEDGER_TABLE, ...payment.environment },
        statements: [readOrders, keepLedger, ...payment.statements],
      }),
      'update-inventory': stage('update-inventory', {
        environment: goodsTables,
        statements: [readOrders, ...moveGoods, allow(['dynamodb:Query'], [allocations.arn])],
      }),
      'ship-order': stage('ship-order', {
        environment: { ...goodsTables, LEDGER_TABLE, CARRIER: config.carrier },
        statements: [readOrders, ...moveGoods, keepLedger],
      }),
      'close-order': stage('close-order', { environment: {}, statements: [] }),
    };
  }
}
