import { isOrderId } from '@orderstream/domain';
import { daySchema } from './days.ts';
import type { Moment } from './merge.ts';

/** Where the next page of a list begins: with this day's orders, where a list has days, and before this one. */
export interface Position {
  readonly day: string | undefined;
  readonly before: Moment | undefined;
}

/** Characters of a time; whoever imported an order may have written another text. */
const LONGEST_TIME = 100;

export function writeCursor({ day = '', before }: Position): string {
  const parts = before === undefined ? [day] : [day, before.at, before.orderId];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @returns undefined when it is no cursor of ours. */
export function readCursor(cursor: string): Position | undefined {
  try {
    const [day, at, orderId, ...more]: unknown[] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (typeof day !== 'string' || (day !== '' && !daySchema.safeParse(day).success)) return undefined;
    const position = { day: day === '' ? undefined : day };
    if (at === undefined) return { ...position, before: undefined };
    const fits =
      typeof at === 'string' && at.length <= LONGEST_TIME && isOrderId(orderId) && more.length === 0;
    return fits ? { ...position, before: { at, orderId } } : undefined;
  } catch {
    return undefined;
  }
}
