import { isOrderStatus, mayMove } from '@orderstream/domain';
import { parsedLine } from '../archive/lines.ts';
import type { TableMemory } from './memory.ts';

/**
 * What the audit trail has of orders that moved in a way that the transition table does not know: out of an end, back,
 * or past a stage. A part of law 1: an end that can be left is none.
 *
 * @param leftOut orders that are not judged.
 */
export function forbiddenMoves(orders: TableMemory, leftOut: (orderId: string) => boolean): string[] {
  const seen = new Set<string>();
  return orders.lines.flatMap(([eventId, text]) => {
    if (seen.has(eventId)) return [];
    seen.add(eventId);
    const line: unknown = parsedLine(text);
    const orderId = String(field(field(line, 'key'), 'orderId'));
    const [from, to] = [field(field(line, 'old'), 'status'), field(field(line, 'new'), 'status')];
    if (leftOut(orderId) || from === to || !isOrderStatus(from) || !isOrderStatus(to)) return [];
    return mayMove(from, to) ? [] : [`order ${orderId} moved from ${from} to ${to}`];
  });
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
