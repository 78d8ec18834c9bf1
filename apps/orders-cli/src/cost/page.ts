import { markdownTable } from '../markdown.ts';
import { billOf } from './bill.ts';
import { PRICES, TEXT_COUNTRY, type Source } from './prices.ts';
import { billRows, callerRows, count, prodText, summary, usd } from './text.ts';
import { DAYS, usageOf, type Recording } from './usage.ts';

/** `docs/cost.md`, from the recorded readings. */
export function costPage(standard: Recording, freeTier: Recording): string {
  return `${[
    '# What it costs',
    'Made by `npm run docs` from recorded readings of the meter; a test fails when it is stale. Prices are those of ' +
      'AWS’s public lists as they were found, most of them for us-east-1; one without a source and a date is marked unverified, and so is what is made of it.',
    'While the local cloud runs, `/_local/meter` counts what AWS would bill, by function and in all. `npm run orders -- cost` ' +
      'prices it: `--orders-per-day N` or `--orders-per-second N` sets the pace, `--recorded standard` takes the reading below. With `--json` a line whose price has no source says `unverified: true`; ' +
      '`freeOrders` is null where orders take nothing of what is free, and `linesPerOrder` where a running cloud was metered.',
    '## The standard preset',
    recordedBy(standard),
    monthAt(standard, 100, '100 orders a day'),
    monthAt(standard, 86_400, 'One order a second'),
    prodText(standard),
    '### Who causes it',
    'Without what is free.',
    markdownTable(callerRows(standard)),
    '## The free-tier preset',
    'No domain of OpenSearch, no cache, no polled queue, tables with the capacity that is free, and no custom metrics but ' +
      'those of an alarm. Without orders it costs nothing.',
    recordedBy(freeTier),
    monthAt(freeTier, 100, '100 orders a day'),
    monthAt(freeTier, 15, '15 orders a day'),
    leftOver(freeTier),
    '## How it is counted',
    HOW.map((line) => `- ${line}`).join('\n'),
    '## Prices',
    priceTable(),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

/** Why the preset is not free at 100 orders a day. */
function leftOver(recording: Recording): string {
  const { lines } = billOf(usageOf(recording, 100), 100 * DAYS);
  const billed = lines.filter((line) => line.usd > 0);
  const without = billed.filter(({ price }) => price.free === 0).map(({ price }) => price.service);
  const tooFew = billed
    .filter(({ price }) => price.free > 0)
    .map(
      ({ price, freeOrders }) =>
        `${count(price.free)} ${price.what} of ${price.service} are ${count(freeOrders ?? 0)} orders a month, ${Math.floor((freeOrders ?? 0) / DAYS)} a day`,
    );
  return (
    `What is billed at 100 orders a day has no amount that is free for good (${[...new Set(without)].join(', ')}), or one that ` +
    `is too small: ${tooFew.join('; ')}. The offers of an account’s first months (3,000 mails, 2,000 PUT requests, a ` +
    'million API requests a month, or the credits of newer accounts) are not counted.'
  );
}

function recordedBy({ command, recordedOn, orders, linesPerOrder }: Recording): string {
  return `Recorded on ${recordedOn} from ${orders} sample orders of ${count(linesPerOrder)} lines, the cancelled and failed ones included: \`${command}\`.`;
}

function monthAt(recording: Recording, perDay: number, title: string): string {
  const bill = billOf(usageOf(recording, perDay), perDay * DAYS);
  return `### ${title}\n\n${summary(bill)}\n\n${markdownTable(billRows(bill, 12))}`;
}

function priceTable(): string {
  return markdownTable([
    [
      'service',
      'what',
      'unit',
      'USD for a million units',
      'region',
      'source',
      'free a month',
      'source of that',
    ],
    ...Object.values(PRICES).map((price) => [
      price.service,
      price.what,
      price.unit,
      usd(price.usd * 1e6),
      price.region,
      sourceText(price.source),
      price.free === 0 ? '–' : count(price.free),
      price.free === 0 ? '–' : sourceText(price.freeSource),
    ]),
  ]);
}

function sourceText(source: Source | undefined): string {
  return source === undefined ? 'unverified' : `${source.title}, ${source.date}`;
}

const HOW = [
  'Lambda: each invocation, and its milliseconds, rounded up, times the memory. A run that loads an instance includes the loading, as AWS bills it since August 2025. Slower than one order in five minutes, every invocation is taken to load one; faster, one in a hundred.',
  'Durations are those of this machine: calls to services are faster here than on AWS, and its processor is shared.',
  'Step Functions: the start, each state that is entered and each retry.',
  'DynamoDB: the units that the engine reports for each call, by AWS’s rules: 1 KB written, 4 KB read, half of it for eventually consistent reads, double in transactions, indexes with what they project. A write that a condition refuses counts the least that AWS bills, 1 unit, or 2 for each item of a transaction. A read with a projection counts what it returns, where AWS counts the whole item.',
  'EventBridge: accepted events in chunks of 64 KB, and what their bus’s archive takes in.',
  'SQS: sends, receives and deletes in chunks of 64 KB; ten messages at once for a mapping. What mappings ask of idle queues is added by the month: five long polls of 20 s each, and it can be as few as two.',
  `S3: PUT and LIST, GET, and the bytes that were written, kept for a month. API Gateway: requests in chunks of 512 KB. SES: each recipient. Text messages: each part, of 160 characters or, with a character that is not in the GSM alphabet, 70; all at the price of one country (${TEXT_COUNTRY}), where the sample’s customers have their telephones.`,
  'CloudWatch: bytes that functions log at level INFO, with 26 bytes an event and some 520 for what Lambda logs of an invocation; custom metrics by namespace, dimensions and name; the metrics under the stack’s alarms.',
  'Not counted: data transfer out, storage and backups of tables, storage of logs and of the bus’s archive, access logs, the log of the state machine, the number or sender that text messages come from, Athena, X-Ray, KMS, and the secret of a real payment provider (0.40 USD a month and 0.05 for 10,000 reads of it: hivebook.wiki, read 2026-11-23). Free: reads of a table’s stream by Lambda, deletes by time to live.',
];
