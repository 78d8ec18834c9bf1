import { orderOfExecution } from '@orderstream/domain';
import type { CloudClient, JournalRow } from '../cloud-client.ts';
import type { Command } from '../command.ts';
import { paint, printJson } from '../output.ts';
import { openSession, type Session } from '../session.ts';
import { timeline, type TraceEntry } from '../trace/timeline.ts';
import { missingFrom } from '../trace/trimmed.ts';
import { readOrder } from './get.ts';

/** `orders trace`: what happened to an order, in order, with times. */
export const trace: Command = {
  usage: 'trace <orderId>',
  summary: 'Shows what happened to an order, in order, with times.',
  options: {},
  operands: { least: 1, most: 1 },
  async run(input) {
    const orderId = input.operands[0] ?? '';
    const session = await openSession(input);
    try {
      const order = await readOrder(session, orderId);
      const sources = await sourcesOf(session.cloud, session.tables.orders, orderId);
      const { journal } = await session.cloud.held();
      const missing = missingFrom(sources, journal.trimmed);
      const entries = timeline(sources);
      if (input.values['json'] === true)
        printJson({ orderId, status: order['status'], missing, entries: entries.map(entryDocument) });
      else
        process.stdout.write(
          `Order ${orderId} is ${String(order['status'])}\n${missingText(missing)}\n${entriesText(entries)}\n`,
        );
      return 0;
    } finally {
      await session.close();
    }
  },
};

/** What happened to an order, for people. */
export async function traceText(
  { cloud, tables }: Pick<Session, 'cloud' | 'tables'>,
  orderId: string,
): Promise<string> {
  return entriesText(timeline(await sourcesOf(cloud, tables.orders, orderId)));
}

async function sourcesOf(cloud: CloudClient, tableName: string, orderId: string) {
  const key = JSON.stringify({ orderId: { S: orderId } });
  const changes = await cloud.journal('changes', { table: tableName, key });
  const deliveries = await eachOf(changes, async (change) => {
    const position = String(change['position']);
    const rows = await cloud.journal('deliveries', { stream: String(change['stream']), position });
    return rows.map((row) => ({ ...row, position }));
  });
  const named = await cloud.journal('executions', { name: orderId });
  const executions = named.filter((row) => orderOfExecution(String(row['name'])) === orderId);
  const history = await eachOf(executions, (row) =>
    cloud.journal('history', { execution: String(row['arn']) }),
  );
  const refusals = await eachOf(
    executions.filter((row) => row['trace'] !== ''),
    (row) => cloud.journal('refusals', { trace: String(row['trace']) }),
  );
  const events = await cloud.journal('events', { path: '$.detail.subject.id', value: orderId });
  return { changes, deliveries, executions, history, events, refusals };
}

async function eachOf(
  rows: readonly JournalRow[],
  read: (row: JournalRow) => Promise<JournalRow[]>,
): Promise<JournalRow[]> {
  const answers = await Promise.all(rows.map(read));
  return answers.flat();
}

function entryDocument(entry: TraceEntry) {
  return { at: new Date(entry.at).toISOString(), what: entry.what, text: entry.text };
}

function missingText(missing: readonly string[]): string {
  return missing.length === 0 ? '' : `Not shown, as it was trimmed from the journal: ${missing.join(', ')}\n`;
}

const STYLES = {
  change: 'cyan',
  dispatch: 'gray',
  workflow: 'yellow',
  event: 'green',
  refusal: 'red',
} as const;

/** Times as milliseconds since the first entry: what a person compares. */
function entriesText(entries: readonly TraceEntry[]): string {
  const first = entries[0]?.at ?? 0;
  return entries
    .map((entry) => {
      const since = `+${Math.round(entry.at - first)} ms`.padStart(10);
      return `${since}  ${paint(STYLES[entry.what], entry.what.padEnd(8))}  ${entry.text}`;
    })
    .join('\n');
}
