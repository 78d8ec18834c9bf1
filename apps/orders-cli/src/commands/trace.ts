import type { CloudClient, JournalRow } from '../cloud-client.ts';
import type { Command } from '../command.ts';
import { paint, printJson } from '../output.ts';
import { openSession } from '../session.ts';
import { timeline, type TraceEntry } from '../trace/timeline.ts';
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
      const entries = timeline(await sourcesOf(session.cloud, session.tables.orders, orderId));
      if (input.values['json'] === true)
        printJson({ orderId, status: order['status'], entries: entries.map(entryDocument) });
      else
        process.stdout.write(`Order ${orderId} is ${String(order['status'])}\n\n${entriesText(entries)}\n`);
      return 0;
    } finally {
      await session.close();
    }
  },
};

async function sourcesOf(cloud: CloudClient, tableName: string, orderId: string) {
  const key = JSON.stringify({ orderId: { S: orderId } });
  const changes = await cloud.journal('changes', { table: tableName, key });
  const deliveries = await eachOf(changes, async (change) => {
    const position = String(change['position']);
    const rows = await cloud.journal('deliveries', { stream: String(change['stream']), position });
    return rows.map((row) => ({ ...row, position }));
  });
  const named = await cloud.journal('executions', { name: orderId });
  const executions = named.filter(
    (row) => row['name'] === orderId || String(row['name']).startsWith(`${orderId}-r`),
  );
  const history = await eachOf(executions, (row) =>
    cloud.journal('history', { execution: String(row['arn']) }),
  );
  const events = await cloud.journal('events', { path: '$.detail.subject.id', value: orderId });
  return { changes, deliveries, executions, history, events };
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

const STYLES = { change: 'cyan', dispatch: 'gray', workflow: 'yellow', event: 'green' } as const;

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
