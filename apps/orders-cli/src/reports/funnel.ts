import * as z from 'zod';
import { bar, table } from '../output.ts';

const counts = z.record(z.string(), z.number());

export const funnelSchema = z.object({
  /** Orders that stand at a status, or came past it. */
  reached: counts,
  ends: counts,
  /** Orders under way by status; null where they were not counted. */
  open: counts.nullable(),
  reasons: z.array(z.object({ cause: z.string(), as: z.string(), orders: z.number() })),
});
export type Funnel = z.infer<typeof funnelSchema>;

/** How many orders came how far, which ends they found, and why some did not ship. */
export function funnelText({ reached, ends, open, reasons }: Funnel): string {
  const first = Math.max(0, ...Object.values(reached));
  if (first === 0) return 'No orders in that time.';
  const far = Object.entries(reached).map(([status, orders]) => [
    status.toLowerCase(),
    orders,
    `${((orders / first) * 100).toFixed(1)} %`.padStart(7),
    bar(orders, first),
  ]);
  const of = (some: Readonly<Record<string, number>>) =>
    Object.entries(some)
      .filter(([, orders]) => orders > 0)
      .map(([status, orders]) => `${orders} ${status.toLowerCase()}`)
      .join(', ') || 'none';
  const facts = [['ended', of(ends)], ...(open === null ? [] : [['under way', of(open)]])];
  const whys = reasons.map(({ cause, as, orders }) => [cause || 'unknown', orders, as.toLowerCase()]);
  const parts = [
    table(far),
    table(facts),
    ...(whys.length === 0 ? [] : [`  why not\n${table(whys, '    ')}`]),
  ];
  return parts.join('\n\n');
}
