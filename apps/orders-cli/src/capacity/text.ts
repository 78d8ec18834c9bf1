import { count, usd } from '../cost/text.ts';
import { bar, table } from '../output.ts';
import { linesAssumed } from './demand.ts';
import type { Judged, Plan } from './plan.ts';

/** The constraints as rows of text, headings first. */
export function constraintRows({ constraints }: Plan): string[][] {
  return [
    ['orders/s', 'used', 'what ends there', 'how', 'verdict'],
    ...constraints.map((one) => [
      count(one.limit),
      `${count(one.share * 100)}%`,
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
  const largest = Math.max(...plan.bill.lines.map((line) => line.usd));
  const dearest = plan.bill.lines
    .filter((line) => line.usd > 0)
    .slice(0, 5)
    .map((line) => [
      usd(line.usd),
      bar(line.usd, largest, 20),
      `${line.price.service}, ${line.price.what}${line.price.source ? '' : ' (unverified)'}`,
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
    ...plan.little,
    '',
    `${usd(plan.bill.usd)} USD a month (${count(plan.bill.ordersPerMonth)} orders), of it ${usd(plan.unverifiedUsd)} USD unverified`,
    table(dearest),
    '',
    linesAssumed(plan.demand),
    '',
  ].join('\n');
}
