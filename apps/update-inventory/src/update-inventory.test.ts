import type { ChunkState } from '@orderstream/domain';
import { storedOrder, type ChunkMove, type ChunkMoved, type Marker } from '@orderstream/lambda-kit';
import { allocateOrder, releaseOrder } from './update-inventory.ts';

const INPUT = { orderId: '1' };
const QUANTITIES = [{ sku: 'A', quantity: 2 }];
const LINES = [{ sku: 'A', quantity: 2, unitPrice: '1' }];
const CLOSING = { as: 'FAILED', cause: 'x', message: 'y', at: '2026-01-01T00:00:00.000Z' };

const table = (item: object) => ({
  read: async () => storedOrder({ orderId: '1', lines: LINES, ...item }),
  advanceItem: () => ({}),
  forwardCheck: () => ({}),
});
const markerOf = (state: ChunkState, chunk = 0): Marker => ({ chunk, state, quantities: QUANTITIES });

/** Goods with some markers, on which moves end as told, else well. */
function goods(markers: Marker[], ...outcomes: ChunkMoved[]) {
  const moves: ChunkMove[] = [];
  return {
    moves,
    markers: async () => markers,
    move: async (move: ChunkMove): Promise<ChunkMoved> => {
      moves.push(move);
      return outcomes.shift() ?? { outcome: 'moved' };
    },
  };
}

describe('release', () => {
  const closing = table({ status: 'ALLOCATED', closing: CLOSING });

  it.each<[string, Marker[], unknown[]]>([
    ['gives back what is taken', [markerOf('taken')], [{ from: 'taken', quantities: QUANTITIES }]],
    ['gives back what was shipped', [markerOf('shipped')], [{ from: 'shipped', quantities: QUANTITIES }]],
    ['bars what was never taken', [], [{ from: undefined, quantities: [] }]],
    ['leaves alone what is released', [markerOf('released')], []],
    [
      'finds chunks that the lines do not tell of',
      [markerOf('released'), markerOf('taken', 7)],
      [{ chunk: 7, from: 'taken', quantities: QUANTITIES }],
    ],
  ])('%s', async (_, markers, moves) => {
    const stock = goods(markers);

    await releaseOrder(closing, stock, INPUT);

    expect(stock.moves).toEqual(
      moves.map((move) => expect.objectContaining({ to: 'released', ...Object(move) })),
    );
  });

  it('follows a chunk that another run moves meanwhile', async () => {
    const stock = goods([], { outcome: 'marker', marker: markerOf('taken') });

    await releaseOrder(closing, stock, INPUT);

    expect(stock.moves).toMatchObject([{ from: undefined }, { from: 'taken', quantities: QUANTITIES }]);
  });

  it('looks at no lines that were never found valid', async () => {
    const stock = goods([]);

    await releaseOrder(table({ status: 'PLACED', lines: 'none', closing: CLOSING }), stock, INPUT);

    expect(stock.moves).toEqual([]);
  });

  it('gives nothing back of an order that nobody closes', async () => {
    const stock = goods([markerOf('taken')]);

    await expect(releaseOrder(table({ status: 'ALLOCATED' }), stock, INPUT)).rejects.toMatchObject({
      name: 'InvalidStageInput',
    });
    expect(stock.moves).toEqual([]);
  });
});

describe('allocation', () => {
  const paid = table({ status: 'PAID', charge: { chargeId: 'ch_1', amount: '1', at: 'x' } });

  it('takes no goods for an order that is paid by its status alone', async () => {
    const stock = goods([]);

    await expect(allocateOrder(table({ status: 'PAID' }), stock, INPUT)).rejects.toMatchObject({
      name: 'InvalidStageInput',
    });
    expect(stock.moves).toEqual([]);
  });

  it.each<[string, ChunkMoved, string]>([
    ['names the SKUs that are short', { outcome: 'out-of-stock', skus: ['A'] }, 'OutOfStock'],
    [
      'leaves released goods to compensation',
      { outcome: 'marker', marker: markerOf('released') },
      'ClosingUnfinished',
    ],
    ['does not go on without its order', { outcome: 'order', order: undefined }, 'OrderNotFound'],
  ])('%s', async (_, moved, name) => {
    await expect(allocateOrder(paid, goods([], moved), INPUT)).rejects.toMatchObject({ name });
  });

  it('goes past chunks that an earlier run took', async () => {
    const taken = goods([], { outcome: 'marker', marker: markerOf('taken') });

    expect(await allocateOrder(paid, taken, INPUT)).toEqual({ orderId: '1', status: 'ALLOCATED' });
  });
});
