import { chunksOf, hasReached, type Chunk } from '@orderstream/domain';
import {
  closingOrder,
  moveGoods,
  standing,
  validatedOrder,
  type GoodsTables,
  type Marker,
  type OrdersTable,
  type StageInput,
  type StageOutput,
  type StoredOrder,
} from '@orderstream/lambda-kit';

const STEP = { from: 'PAID', to: 'ALLOCATED' } as const;

/**
 * Sets an order's goods aside.
 *
 * @throws OutOfStock with the SKUs of which there is too little.
 */
export async function allocateOrder(
  orders: Pick<OrdersTable, 'read' | 'advanceItem' | 'forwardCheck'>,
  goods: Pick<GoodsTables, 'move'>,
  { orderId }: StageInput,
): Promise<StageOutput> {
  const stands = standing(orderId, await orders.read(orderId), STEP);
  if ('earlier' in stands) return stands.earlier;
  return moveGoods(orders, goods, validatedOrder(stands.ready), {
    ...STEP,
    chunks: { from: undefined, to: 'taken' },
  });
}

/**
 * Gives back all that an order took. Every chunk's marker ends as `released`, also that of a chunk which was never
 * taken, so that none can be taken late; a chunk that is released already gives nothing back again.
 */
export async function releaseOrder(
  orders: Pick<OrdersTable, 'read'>,
  goods: Pick<GoodsTables, 'move' | 'markers'>,
  { orderId }: StageInput,
): Promise<StageOutput> {
  const order = closingOrder(orderId, await orders.read(orderId));
  const chunks = new Map<number, Marker | undefined>(
    possibleChunks(order).map(({ chunk }) => [chunk, undefined]),
  );
  for (const marker of await goods.markers(orderId)) chunks.set(marker.chunk, marker);
  for (const [chunk, marker] of chunks) await releaseChunk(goods, orderId, chunk, marker);
  return { orderId, status: order.status };
}

/** Chunks that a run of allocation may know of: none before the order was validated, and lines may be anything then. */
function possibleChunks(order: StoredOrder): Chunk[] {
  return hasReached(order.status, 'VALIDATED') ? chunksOf(validatedOrder(order).lines) : [];
}

/** Releases a chunk whose marker is known, or was; one that moved meanwhile is met as it stands now. */
async function releaseChunk(
  goods: Pick<GoodsTables, 'move'>,
  orderId: string,
  chunk: number,
  marker: Marker | undefined,
): Promise<void> {
  if (marker?.state === 'released') return;
  const { state: from, quantities } = marker ?? { state: undefined, quantities: [] };
  const moved = await goods.move({ orderId, chunk, quantities, from, to: 'released' });
  if (moved.outcome === 'marker') await releaseChunk(goods, orderId, chunk, moved.marker);
}
