import type { Fault } from './fault-plan.ts';
import { USUAL_LOAD, type LoadShape } from './load.ts';

/** A protection that is switched off, to see that the laws need it and that the run would notice. */
export interface Mutation {
  /** The protection. */
  readonly name: string;
  /** The apps whose packages are built without it. */
  readonly apps: readonly string[];
  /** The laws that it is there for, by name: without it, one of them has to break. */
  readonly breaks: readonly string[];
  /** Source below the workspace's folder, a text that stands in it once, and what stands there instead. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Faults besides the usual ones, and a load, that the protection is there for. */
  readonly faults: readonly Fault[];
  readonly load: LoadShape;
}

type Latency = Extract<Fault, { kind: 'latency' }>;

/** Calls of one function that begin later: what it has read is old when it writes. */
function slow(
  app: string,
  operation: 'UpdateItem' | 'TransactWriteItems',
  ms: Latency['ms'],
  probability: number,
): Fault {
  const name = `slow ${operation} of ${app}`;
  return { name, service: 'dynamodb', operation, function: app, kind: 'latency', ms, probability };
}

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'status-condition',
    apps: ['validate-order', 'process-payment', 'update-inventory', 'ship-order'],
    breaks: ['One end'],
    file: 'packages/lambda-kit/src/orders-table.ts',
    find: `'#status = :from AND attribute_not_exists(closing)`,
    replace: `'(#status = :from OR attribute_exists(orderId)) AND attribute_not_exists(closing)`,
    // One of two executions has read PLACED and writes VALIDATED when the other has shipped.
    faults: [slow('validate-order', 'UpdateItem', [6_000, 12_000], 0.5)],
    load: { ...USUAL_LOAD, rivals: 1 },
  },
  {
    name: 'closing',
    apps: ['validate-order', 'process-payment', 'update-inventory', 'ship-order'],
    breaks: ['Money and goods', 'Stock'],
    file: 'packages/lambda-kit/src/orders-table.ts',
    find: `'#status = :from AND attribute_not_exists(closing)`,
    replace: `'#status = :from`,
    // One of two executions gives up while the other, which has begun to ship, is about to write that it did.
    faults: [
      {
        name: 'refused writes',
        service: 'dynamodb',
        operation: 'UpdateItem',
        function: 'ship-order',
        kind: 'error',
        // Nobody tries it again: it leads to compensation.
        code: 'ValidationException',
        status: 400,
        probability: 0.4,
      },
      slow('ship-order', 'TransactWriteItems', [4_000, 8_000], 1),
      // Longer than that write takes: whoever gives up has not given the goods back by then.
      {
        name: 'slow goods',
        service: 'lambda',
        function: 'update-inventory',
        kind: 'latency',
        ms: [9_000, 14_000],
        probability: 1,
      },
    ],
    load: { ...USUAL_LOAD, rivals: 1 },
  },
  {
    name: 'idempotency-key',
    apps: ['process-payment'],
    breaks: ['Money and goods'],
    file: 'packages/domain/src/sandbox.ts',
    find: 'return `charge#${orderId}`;',
    replace: 'return `charge#${orderId}#${Math.random()}`;',
    faults: [],
    load: { ...USUAL_LOAD, undeliverable: 0.2 },
  },
  {
    name: 'allocation-marker',
    apps: ['update-inventory', 'ship-order'],
    breaks: ['Stock'],
    file: 'packages/lambda-kit/src/goods-tables.ts',
    find: `ConditionExpression: created ? 'attribute_not_exists(orderId)' : '#state = :from',`,
    replace: `ConditionExpression: created ? 'attribute_exists(orderId) OR attribute_not_exists(orderId)' : '#state = :from OR attribute_exists(orderId)',`,
    faults: [
      slow('update-inventory', 'TransactWriteItems', [50, 400], 0.7),
      {
        name: 'crash between chunks',
        service: 'lambda',
        function: 'update-inventory',
        kind: 'crash',
        at: { calls: 2 },
        probability: 0.5,
      },
    ],
    load: { ...USUAL_LOAD, imports: 0.9, rivals: 1, large: 0.6 },
  },
  {
    name: 'sale-marker',
    apps: ['track-sales'],
    breaks: ['Sums'],
    file: 'packages/lambda-kit/src/summaries-table.ts',
    find: `ConditionExpression: 'attribute_not_exists(metric)',`,
    replace: '',
    faults: [
      {
        name: 'sales twice',
        service: 'lambda',
        function: 'track-sales',
        kind: 'duplicate',
        probability: 0.5,
      },
    ],
    load: USUAL_LOAD,
  },
  {
    name: 'partial-failure-answer',
    apps: ['stream-dispatcher'],
    breaks: ['Sums', 'One end'],
    file: 'apps/stream-dispatcher/src/handler.ts',
    find: 'batchItemFailures: outcome.failed.map(',
    replace: 'batchItemFailures: outcome.failed.slice(0, 0).map(',
    faults: [
      {
        name: 'bus away',
        service: 'events',
        operation: 'PutEvents',
        function: 'stream-dispatcher',
        kind: 'error',
        probability: 0.7,
      },
    ],
    load: USUAL_LOAD,
  },
  {
    name: 'version-comparison',
    apps: ['index-products'],
    breaks: ['Read models'],
    file: 'apps/index-products/src/product-index.ts',
    find: '{ index: { ...target, _id: document.sku, version } }',
    // Without a version the last write wins.
    replace: '{ index: { _index: target._index, require_alias: true, _id: document.sku } }',
    faults: [
      // The function has given these writes up, and their events have come again, when they arrive after all.
      {
        name: 'late writes',
        service: 'es',
        operation: 'POST',
        function: 'index-products',
        kind: 'latency',
        ms: 2 * 60 * 60_000,
        probability: 1,
        most: 6,
      },
    ],
    load: { ...USUAL_LOAD, prices: 1, pricesAtEnd: true },
  },
];
