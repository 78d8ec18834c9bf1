import {
  chunksOf,
  ClosingUnfinished,
  InvalidStageInput,
  OutOfStock,
  type ChunkState,
  type Order,
} from '@orderstream/domain';
import type { GoodsTables } from './goods-tables.ts';
import type { Advance, OrdersTable } from './orders-table.ts';
import { refusedResult, type StageOutput, type Step } from './stored-order.ts';

/** A step that moves an order's goods, with the way of its chunks. */
export interface GoodsStep extends Step {
  readonly chunks: { readonly from: ChunkState | undefined; readonly to: ChunkState };
  /** What the order is given, or loses, with its new status. */
  readonly with?: Pick<Advance, 'set' | 'remove'>;
}

/**
 * Moves all goods of an order, chunk by chunk. The last chunk's transaction also moves the order to its next status, so
 * that a usual order takes one call. Chunks that an earlier run moved are left alone.
 *
 * @throws OutOfStock with the SKUs that a chunk asks too much of; what earlier chunks took is compensation's to give back.
 */
export async function moveGoods(
  orders: Pick<OrdersTable, 'advanceItem' | 'forwardCheck'>,
  goods: Pick<GoodsTables, 'move'>,
  order: Order,
  step: GoodsStep,
): Promise<StageOutput> {
  const { orderId } = order;
  const { from, to, chunks } = step;
  for (const { chunk, quantities, last } of chunksOf(order.lines)) {
    const moved = await goods.move({
      orderId,
      chunk,
      quantities,
      ...chunks,
      order: last
        ? orders.advanceItem({ orderId, from, to, ...step.with })
        : orders.forwardCheck(orderId, from),
    });
    if (moved.outcome === 'order') return refusedResult(orderId, moved.order, step);
    if (moved.outcome === 'out-of-stock') throw new OutOfStock(orderId, moved.skus);
    if (moved.outcome === 'marker' && moved.marker?.state !== chunks.to) {
      if (moved.marker?.state === 'released') throw new ClosingUnfinished(orderId, 'its goods were released');
      throw new InvalidStageInput('The stage', `chunk ${chunk} of order ${orderId} was never taken`);
    }
  }
  return { orderId, status: to };
}
