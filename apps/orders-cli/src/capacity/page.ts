import { count, textMessagesUsd } from '../cost/text.ts';
import { TEXT_COUNTRY } from '../cost/prices.ts';
import type { Recording } from '../cost/usage.ts';
import { markdownTable } from '../markdown.ts';
import { RAISED } from './constraint.ts';
import { linesAssumed, SLOWER } from './demand.ts';
import { planOf, type Judged, type Plan } from './plan.ts';
import { QUOTAS } from './quotas.ts';
import { constraintRows, COST_ASSUMED, quotaRows, remedies, roughUsd } from './text.ts';

/** Orders a second of the page's tables. */
export const PACES = [1, 10, 100, 1_000, 10_000, 100_000];
/** The pace whose arithmetic is shown. */
const SHOWN = 1_000;

/** `docs/capacity.md`, from a recorded reading and documented quotas. */
export function capacityPage(recording: Recording, hotShare: number): string {
  const plans = PACES.map((pace) => planOf(recording, { pace, lines: undefined, hotShare }));
  const shown = planOf(recording, { pace: SHOWN, lines: undefined, hotShare });
  return `${[
    '# What it can take',
    'Made by `npm run docs` from a recorded reading of the meter and from quotas that AWS documents; a test fails when it is ' +
      'stale. Nothing of it was measured on AWS. `npm run orders -- capacity --orders-per-second N [--lines L]` does the same ' +
      'sums for another pace.',
    '## From 1 to 100,000 orders a second',
    markdownTable([
      [
        'orders/s',
        'first to end',
        'first beside mail and text messages',
        'changes',
        'orders in progress',
        'function instances',
        'accounts',
        'USD a month',
        'of it text messages',
        'of it unverified',
      ],
      ...plans.map(overviewRow),
    ]),
    `Changes: how many limits are passed; in brackets those of them where no setting helps any more. Accounts: when AWS raises each quota of an account ${RAISED} times (assumed: it documents no end), mail and text messages left out. Unverified: what rests on prices without a source (docs/cost.md).`,
    `## The arithmetic at ${count(SHOWN)} orders a second`,
    markdownTable(constraintRows(shown)),
    [...shown.streams.map(({ name, arithmetic }) => `${name}: ${arithmetic}`), ...shown.little]
      .map((line) => `- ${line}`)
      .join('\n'),
    '## What to change, and where the design must change',
    ...plans.map((plan) => {
      const todo = remedies(plan);
      return `### ${count(plan.pace)} ${plan.pace === 1 ? 'order' : 'orders'} a second\n\n${todo.map((line) => `- ${line}`).join('\n')}`;
    }),
    '## What is assumed',
    [
      `Functions take ${SLOWER} times as long on AWS as on this machine, whose services are in the same process.`,
      `${count(hotShare * 100)}% of the orders take the most wanted SKU (\`--hot-share\`).`,
      'Orders arrive evenly. Buckets of quotas take bursts beyond that (1,300 starts, 5,000 transitions); new accounts begin with less.',
      linesAssumed(shown.demand),
      'The throttle of a stage is taken as one for all its routes without one of their own. Guests visit as often as in the sample: beside every third order.',
      `AWS publishes no quota for mail beyond the sandbox: production is taken to begin with 50,000 messages a day and ${QUOTAS.mailProduction.value} a second, and to be raised ${RAISED} times.`,
      `Text messages go to as many customers as in the sample want them (${count(shown.demand.textMessages)} an order), all of them in one country (${TEXT_COUNTRY}).`,
      'A table has one partition, and its stream one shard, for each 1,000 write units a second.',
      COST_ASSUMED,
    ]
      .map((line) => `- ${line}`)
      .join('\n'),
    '## Quotas',
    markdownTable(quotaRows(Object.values(QUOTAS))),
  ].join('\n\n')}\n`;
}

function overviewRow(plan: Plan): string[] {
  const [first] = plan.breaking;
  const second = plan.breaking.find(({ name }) => !/^(Mail|Text messages) /.test(name));
  const named = (one: Judged | undefined) => (one ? `${one.name}, from ${count(one.limit)}` : 'nothing');
  const redesigned = plan.breaking.filter(({ verdict }) => verdict === 'change the design').length;
  return [
    count(plan.pace),
    named(first),
    named(second),
    redesigned === 0 ? String(plan.breaking.length) : `${plan.breaking.length} (${redesigned})`,
    count(plan.ordersInProgress),
    count(plan.concurrency),
    count(plan.accounts),
    roughUsd(plan.bill.usd),
    roughUsd(textMessagesUsd(plan.bill)),
    roughUsd(plan.bill.unverified.usd),
  ];
}
