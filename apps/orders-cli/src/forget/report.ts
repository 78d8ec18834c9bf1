import { table } from '../output.ts';
import type { Forgotten } from './forget.ts';

/** Where a person's data may still lie, and for how long. */
export interface Remains {
  readonly where: string;
  readonly what: string;
  readonly until: string;
}

/** What nobody can take back, or what goes by itself. @param deadLetters objects in the bucket of dead letters. */
export function remainsOf(deadLetters: number): Remains[] {
  const letters = deadLetters === 1 ? '1 object' : `${deadLetters} objects`;
  return [
    { where: 'streams of the tables', what: 'earlier images of the orders', until: 'gone after 24 hours' },
    { where: 'point-in-time recovery', what: 'earlier states of the tables', until: 'gone after 35 days' },
    {
      where: 'dead letters',
      what: deadLetters === 0 ? 'nothing is there' : `${letters}, which may hold images of the orders`,
      until: 'gone after 90 days at most',
    },
    { where: 'archive of the bus', what: "the customer's id, nothing else", until: 'gone after 30 days' },
    {
      where: 'results of Athena',
      what: 'what was asked of the archive (athena/)',
      until: 'gone after 7 days',
    },
    {
      where: 'searches without results',
      what: 'free texts, by nobody, in which a person may be named',
      until: 'gone after 90 days',
    },
    {
      where: 'dead letters of notify-customer',
      what: 'notices of bounced mail, with its address',
      until: 'gone after 14 days',
    },
    { where: 'mail and SMS', what: 'what was sent', until: 'out of our hands' },
  ];
}

/** What was removed, what is kept and why, and what remains. */
export function forgottenText(result: Forgotten, remains: readonly Remains[]): string {
  const { removed, kept, orders } = result;
  const before = orders.length - removed.orders;
  const rows = [
    ['orders table', `${removed.orders} orders${before > 0 ? `; ${before} were forgotten before` : ''}`],
    ['activity table', `${removed.activity} rows`],
    ['cache', removed.cache === null ? 'switched off' : `${removed.cache} orders read anew`],
    ['archive', `${removed.archive.lines} lines in ${removed.archive.objects} objects`],
    ['search index', 'holds no personal data'],
  ];
  const parts = [
    `Removed of ${result.customerId}:\n${table(rows)}`,
    ...(kept.length === 0
      ? []
      : [
          `Kept, because these orders have not ended; run it again when they have:\n${table(kept.map(({ orderId, status }) => [orderId, status]))}`,
        ]),
    `What remains:\n${table(remains.map(({ where, what, until }) => [where, what, until]))}`,
  ];
  return parts.join('\n\n');
}
