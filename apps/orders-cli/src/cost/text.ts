import { bar, table } from '../output.ts';
import type { Bill, BillLine } from './bill.ts';

/** Dollars: to the cent from one dollar on, to three digits below. */
export function usd(amount: number): string {
  if (amount === 0) return '0';
  if (amount >= 1)
    return amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return String(Number(amount.toPrecision(2)));
}

/** A count: whole from a hundred on, to three digits below. */
export function count(amount: number): string {
  if (amount === Infinity) return '–';
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
    count(line.freeOrders),
    usd(line.usdPerMillion),
    verdict(line),
  ]);
  return [HEADINGS, ...rows];
}

/** What a bill amounts to, in one sentence or two. */
export function summary(bill: Bill): string {
  const [first] = bill.lines;
  const share = first && bill.usd > 0 ? Math.round((first.usd / bill.usd) * 100) : 0;
  return [
    `${usd(bill.usd)} USD a month for ${count(bill.ordersPerMonth)} orders, of it ${usd(bill.idleUsd)} USD without any order;`,
    `${usd(bill.usdPerMillion)} USD for each million orders beyond all free amounts.`,
    ...(first && share > 0
      ? [`What dominates: ${first.price.service} (${first.price.what}), ${share}% of the month.`]
      : []),
  ].join(' ');
}

/** The bill for a terminal. */
export function billText(bill: Bill): string {
  return `${summary(bill)}\n\n${table(billRows(bill), '')}\n`;
}

function verdict({ price }: BillLine): string {
  return price.source === undefined ? 'unverified' : price.region;
}
