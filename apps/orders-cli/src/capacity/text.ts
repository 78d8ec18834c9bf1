import { count, textMessagesUsd, usd } from '../cost/text.ts';
import { bar, table } from '../output.ts';
import { linesAssumed } from './demand.ts';
import type { Judged, Plan } from './plan.ts';
import type { Quota } from './quotas.ts';

/** What the dollars of a plan leave out. */
export const COST_ASSUMED =
  'Cost is today’s design at the price of the first units: volume prices, Express workflows, and larger or more nodes for ' +
  'search and cache are left out. From 1,000 USD on it is rounded to three digits.';

/** Dollars of a plan: to three digits from a thousand on. */
export function roughUsd(amount: number): string {
  return amount < 1_000 ? usd(amount) : rough(amount);
}

function rough(amount: number): string {
  return count(Number(amount.toPrecision(3)));
}

/** Quotas as rows of text, headings first. */
export function quotaRows(quotas: Iterable<Quota>): string[][] {
  return [
    ['quota', 'value', 'unit', 'raised when asked', 'source'],
    ...[...quotas].map(({ name, value, unit, adjustable, source }) => [
      name,
      count(value),
      unit,
      adjustable ? 'yes' : 'no',
      source === undefined ? 'unverified' : `${source.title}, ${source.date}`,
    ]),
  ];
}

/** The constraints as rows of text, headings first. */
export function constraintRows({ constraints }: Plan): string[][] {
  return [
    ['orders/s', 'used', 'what ends there', 'how', 'verdict'],
    ...constraints.map((one) => [
      count(one.limit),
      `${rough(one.share * 100)}%`,
      one.name,
      `${one.arithmetic}${one.quota.source ? '' : ' (unverified)'}`,
      one.verdict,
    ]),
  ];
}

/** What to do, first things first. */
export function remedies({ breaking }: Plan): string[] {
  return breaking.map((one) => `${one.name} (from ${count(one.limit)} orders/s): ${remedyOf(one)}`);
}

function remedyOf({ verdict, setting, redesign }: Judged): string {
  return verdict === 'change the design' ? redesign : setting;
}

/** A plan for a terminal. */
export function planText(plan: Plan): string {
  const { bill } = plan;
  const largest = Math.max(...bill.lines.map((line) => line.usd));
  const dearest = bill.lines
    .filter((line) => line.usd > 0)
    .slice(0, 5)
    .map((line) => [
      roughUsd(line.usd),
      bar(line.usd, largest, 20),
      `${line.price.service}, ${line.price.what}${line.unverified ? ' (unverified)' : ''}`,
    ]);
  const todo = remedies(plan);
  return [
    `${count(plan.pace)} orders a second, ${count(plan.demand.lines)} lines an order`,
    '',
    table(constraintRows(plan), ''),
    '',
    ...(todo.length === 0
      ? ['Nothing breaks.']
      : ['What to change, first things first:', ...todo.map((one) => `  ${one}`)]),
    ...(plan.accounts > 1
      ? [`  Accounts: ${plan.accounts}, when each quota of an account is raised tenfold (assumed)`]
      : []),
    '',
    ...plan.streams.map(({ name, arithmetic }) => `${name}: ${arithmetic}`),
    '',
    ...plan.little,
    '',
    `${roughUsd(bill.usd)} USD a month (${count(bill.ordersPerMonth)} orders), of it ${roughUsd(textMessagesUsd(bill))} USD text messages and ${roughUsd(bill.unverified.usd)} USD unverified`,
    table(dearest),
    '',
    COST_ASSUMED,
    linesAssumed(plan.demand),
    '',
    table(quotaRows(new Set(plan.constraints.map(({ quota }) => quota))), ''),
    '',
  ].join('\n');
}
