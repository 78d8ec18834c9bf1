import { inspect } from 'node:util';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GoodsTables, readRefusals, type ChunkMove } from './goods-tables.ts';
import { stubbedClient } from './stubbed-client.fixture.ts';
import type { Refusal } from './transaction.ts';

const MOVE: ChunkMove = {
  orderId: '1',
  chunk: 0,
  quantities: [
    { sku: 'A', quantity: 1 },
    { sku: 'B', quantity: 2 },
  ],
  from: undefined,
  to: 'taken',
  order: {},
};
const FINE: Refusal = { kind: 'fine' };
const FAILED: Refusal = { kind: 'condition' };
const CONFLICT: Refusal = { kind: 'conflict' };
const ORDER = { orderId: '1', status: 'PAID' };
const MARKER = { orderId: '1', chunk: 0, state: 'taken', quantities: [] };

describe('a refused chunk', () => {
  it.each<[string, Refusal[], unknown]>([
    // in the transaction's order: marker, stock of A, stock of B, order
    [
      'the order before anything else',
      [{ ...FAILED, found: MARKER }, FAILED, CONFLICT, { ...FAILED, found: ORDER }],
      { outcome: 'order', order: ORDER },
    ],
    ['an order that is gone', [FINE, FINE, FINE, FAILED], { outcome: 'order', order: undefined }],
    [
      'its marker before the stock',
      [{ ...FAILED, found: MARKER }, FAILED, CONFLICT, FINE],
      { outcome: 'marker', marker: MARKER },
    ],
    ['a marker that is not there', [FAILED, FINE, FINE, FINE], { outcome: 'marker', marker: undefined }],
    ['another transaction before the stock', [FINE, FAILED, CONFLICT, FINE], 'conflict'],
    ['another transaction on the order', [FINE, FINE, FINE, CONFLICT], 'conflict'],
    ['the SKU that is short', [FINE, FINE, FAILED, FINE], { outcome: 'out-of-stock', skus: ['B'] }],
    ['all SKUs that are short', [FINE, FAILED, FAILED, FINE], { outcome: 'out-of-stock', skus: ['A', 'B'] }],
  ])('tells of %s', (_, refusals, told) => {
    expect(readRefusals(MOVE, refusals)).toEqual(told);
  });

  it('that has no order in its transaction does not take the last SKU for one', () => {
    const { orderId, chunk, quantities, from, to } = MOVE;

    expect(readRefusals({ orderId, chunk, quantities, from, to }, [FINE, FINE, FAILED])).toEqual({
      outcome: 'out-of-stock',
      skus: ['B'],
    });
  });
});

describe('a chunk that meets other transactions', () => {
  const conflict = (code = 'TransactionConflict') =>
    new TransactionCanceledException({
      $metadata: {},
      message: 'cancelled',
      CancellationReasons: [{ Code: 'None' }, { Code: code }, { Code: 'None' }, { Code: 'None' }],
    });

  /** Tables on which a transaction succeeds after so many conflicts. */
  function busyTables(conflicts: number, code?: string) {
    const pauses: number[] = [];
    const client = stubbedClient(() => {
      if (conflicts === 0) return {};
      conflicts -= 1;
      throw conflict(code);
    });
    const tables = { stock: 'stock', allocations: 'allocations' };
    const goods = new GoodsTables(client, tables, 'tests', async (ms) => pauses.push(ms));
    return { goods, pauses };
  }

  it('is tried again in place, after longer and longer pauses', async () => {
    const { goods, pauses } = busyTables(5);

    expect(await goods.move(MOVE)).toEqual({ outcome: 'moved' });
    expect(pauses.map((pause, index) => pause <= 25 * 2 ** index)).toEqual([true, true, true, true, true]);
  });

  it('is left to the workflow when they do not end', async () => {
    const { goods, pauses } = busyTables(Infinity);

    await expect(goods.move(MOVE)).rejects.toMatchObject({ name: 'Throttled' });
    expect(pauses).toHaveLength(6);
  });

  it('is not tried again when DynamoDB finds it wrong', async () => {
    const { goods, pauses } = busyTables(1, 'ValidationError');

    await expect(goods.move(MOVE)).rejects.toThrow('None, ValidationError, None, None');
    expect(pauses).toEqual([]);
  });

  it('tells nothing of the order when DynamoDB finds something wrong', async () => {
    const Item = { paymentToken: { S: 'tok_secret' }, email: { S: 'ada@example.com' } };
    const CancellationReasons = [
      { Code: 'ValidationError', Message: 'The item is too large.' },
      { Code: 'ConditionalCheckFailed', Item },
    ];
    const client = stubbedClient(() => {
      throw new TransactionCanceledException({ $metadata: {}, message: 'cancelled', CancellationReasons });
    });
    const goods = new GoodsTables(client, { stock: 'stock', allocations: 'allocations' }, 'tests');

    const thrown = await goods.move(MOVE).catch((error: unknown) => error);

    expect(inspect(thrown, { depth: 20, showHidden: true })).toContain('The item is too large.');
    expect(inspect(thrown, { depth: 20, showHidden: true })).not.toMatch(/tok_secret|ada@/);
  });
});
