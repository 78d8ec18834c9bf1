import { bar, table } from '../output.ts';
import { billOf, type Bill, type BillLine } from './bill.ts';
import { callerCosts } from './callers.ts';
import { usageOf, type Recording } from './usage.ts';

/** Dollars: to the cent from one dollar on, to three digits below. */
export function usd(amount: number): string {
  if (amount === 0) return '0';
  if (amount >= 1)
    return amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return String(Number(amount.toPrecision(2)));
}

/** A count: whole from a hundred on, to three digits below. */
export function count(amount: number): string {
  if (amount >= 100) return Math.round(amount).toLocaleString('en-US');
  return String(Number(amount.toPrecision(3)));
}

const HEADINGS = [
  'USD a month',
  '',
  'service',
  'what',
  'an order',
  'a month',
  'free a month',
  'free orders a month',
  'USD per million orders',
  'price',
];

/** The bill as a table of texts, headings first. */
export function billRows(bill: Bill, width = 20): string[][] {
  const largest = Math.max(...bill.lines.map((line) => line.usd));
  const rows = bill.lines.map((line) => [
    usd(line.usd),
    bar(line.usd, largest, width),
    line.price.service,
    line.price.what,
    line.perOrder === 0 ? '–' : count(line.perOrder),
    count(line.used),
    line.price.free === 0 ? '–' : count(line.price.free),
    line.freeOrders === null ? '–' : count(line.freeOrders),
    usd(line.usdPerMillion),
    verdict(line),
  ]);
  return [HEADINGS, ...rows];
}

/** What a bill amounts to, in one sentence or two. */
export function summary(bill: Bill): string {
  const [first] = bill.lines;
  const share = first && bill.usd > 0 ? Math.round((first.usd / bill.usd) * 100) : 0;
  const { usd: unverified, usdPerMillion } = bill.unverified;
  const texts = textMessagesUsd(bill);
  return [
    `${usd(bill.usd)} USD a month for ${count(bill.ordersPerMonth)} orders, of it ${usd(bill.idleUsd)} USD without any order;`,
    `${usd(bill.usdPerMillion)} USD for each million orders beyond all free amounts.`,
    ...(first && share > 0
      ? [`What dominates: ${first.price.service} (${first.price.what}), ${share}% of the month.`]
      : []),
    ...(texts > 0 ? [`Without text messages, which customers ask for: ${usd(bill.usd - texts)} USD.`] : []),
    ...(unverified + usdPerMillion > 0
      ? [
          `Unverified, by prices without a source: ${usd(unverified)} USD of the month, ${usd(usdPerMillion)} of each million orders.`,
        ]
      : []),
  ].join(' ');
}

/** Dollars of the month that go to text messages. */
export function textMessagesUsd({ lines }: Bill): number {
  return lines.find(({ name }) => name === 'sns.textMessages')?.usd ?? 0;
}

/** The bill for a terminal. */
export function billText(bill: Bill): string {
  return `${summary(bill)}\n\n${table(billRows(bill), '')}\n`;
}

/** What the same preset costs in production without an order, where that is not what it costs here. */
export function prodText(recording: Recording): string {
  const { prod, stack } = recording;
  if (prod === undefined) return '';
  const here = billOf(usageOf(recording, 1), 0);
  const there = billOf(usageOf({ ...recording, stack: prod }, 1), 0);
  if (there.idleUsd === here.idleUsd) return '';
  return (
    `In the environment prod the same preset costs ${usd(there.idleUsd)} USD a month without any order: ` +
    `${prod.cacheNodes} nodes for the cache and ${prod.searchNodes} with ${prod.searchGb} GB for search, where there are ` +
    `${stack.cacheNodes} and ${stack.searchNodes} with ${stack.searchGb} GB here.`
  );
}

/** Who causes the cost, headings first. */
export function callerRows(recording: Recording): string[][] {
  return [
    ['USD per million orders', 'of it unverified', 'caused by', 'mostly'],
    ...callerCosts(recording).map(({ who, usdPerMillion, unverified, mostly }) => [
      usd(usdPerMillion),
      unverified === 0 ? '–' : usd(unverified),
      who,
      mostly,
    ]),
  ];
}

/** Where and when a price held, or that nothing says so. */
function verdict({ price, unverified }: BillLine): string {
  return price.source === undefined || unverified ? 'unverified' : `${price.region}, ${price.source.date}`;
}
