import { isOrderStatus, mayMove } from '@orderstream/domain';
import type { OrderMove, TableMemory } from './memory.ts';

/** The change of an order's status that a line of the audit trail tells of; undefined where it tells of none. */
export function moveIn(line: unknown): OrderMove | undefined {
  const [from, to] = [field(field(line, 'old'), 'status'), field(field(line, 'new'), 'status')];
  return from === to ? undefined : { orderId: String(field(field(line, 'key'), 'orderId')), from, to };
}

/**
 * What the audit trail has of orders that moved in a way that the transition table does not know: out of an end, back,
 * or past a stage. A part of law 1: an end that can be left is none.
 *
 * @param leftOut orders that are not judged.
 */
export function forbiddenMoves(
  { lines }: Pick<TableMemory, 'lines'>,
  leftOut: (orderId: string) => boolean,
): string[] {
  const seen = new Set<string>();
  return lines.flatMap(({ eventId, move }) => {
    if (move === undefined || seen.has(eventId)) return [];
    seen.add(eventId);
    const { orderId, from, to } = move;
    if (leftOut(orderId) || !isOrderStatus(from) || !isOrderStatus(to)) return [];
    return mayMove(from, to) ? [] : [`order ${orderId} moved from ${from} to ${to}`];
  });
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
