import type { LocalCloud } from '@orderstream/local-cloud';
import { figuresOf, orderRows, type Figures, type OrderRow } from '../figures.ts';
import { paint, table } from '../output.ts';
import type { Session } from '../session.ts';

/** The end of `npm start`: what became of the orders. */
export interface SummaryDocument extends Figures {
  /** Orders by the cause of their end. */
  readonly causes: Readonly<Record<string, number>>;
  /** Milliseconds from the write of an order to its SHIPPED. */
  readonly latency: { readonly p50: number; readonly p99: number } | null;
  readonly api: string;
  readonly endpoint: string;
}

/** What runs where, once the cloud is ready. */
export function announce(cloud: LocalCloud): string {
  const { stack } = cloud;
  const counted: [number, string][] = [
    [stack.tables.length, 'tables'],
    [stack.functions.length, 'functions'],
    [stack.mappings.length, 'mappings'],
    [stack.stateMachines.length, 'workflow'],
    [stack.buses.length, 'bus'],
    [stack.queues.length, 'queues'],
    [stack.buckets.length, 'buckets'],
  ];
  return [
    `Ready in ${(cloud.readyAfterMs / 1000).toFixed(1)} s: ${counted.map(([n, what]) => `${n} ${what}`).join(', ')}`,
    `  API       ${cloud.apiUrl ?? 'none'}`,
    `  staff API ${stack.outputs['staff_api_url'] ?? 'none'}`,
    `  outbox    ${cloud.endpointUrl}/_local/outbox?format=html  (mail and SMS that were sent)`,
    `  endpoint  ${cloud.endpointUrl}  (AWS_ENDPOINT_URL for any SDK client or the aws command line)`,
    paint('dim', inertText(stack.inert), process.stderr),
  ].join('\n');
}

/** What of the stack does nothing here, by resource type: whole types first, then single arguments. */
function inertText(inert: LocalCloud['stack']['inert']): string {
  const typeOf = (address: string) => address.split('.')[0]?.replace(/^aws_/, '') ?? address;
  const whole = new Set(
    inert.filter(({ argument }) => argument === undefined).map(({ address }) => typeOf(address)),
  );
  const named = inert.filter(({ argument }) => argument !== undefined);
  const byType = Object.entries(Object.groupBy(named, ({ address }) => typeOf(address)));
  const single = byType.map(
    ([type, some = []]) => `${type} (${[...new Set(some.map(({ argument }) => argument))].join(', ')})`,
  );
  return wrapped('  inert     ', `${[...whole, ...single].join(', ')}`, 110);
}

/** Text behind a label, broken at spaces so that no line is longer than `width`. */
function wrapped(label: string, text: string, width: number): string {
  const lines: string[] = [];
  let line = label.trimEnd().padEnd(label.length - 1);
  for (const word of text.split(' ')) {
    if (line.length + word.length >= width) {
      lines.push(line);
      line = ' '.repeat(label.length - 1);
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\n');
}

/** Reads what became of the orders. */
export async function summarize(session: Session): Promise<{ document: SummaryDocument; text: string }> {
  const rows: OrderRow[] = [];
  for await (const row of orderRows(session)) rows.push(row);
  const figures = figuresOf(rows);
  const causes: Record<string, number> = {};
  for (const { cause } of rows) if (cause !== undefined) causes[cause] = (causes[cause] ?? 0) + 1;
  const latencies = rows
    .flatMap((row) => (row.shippedAfterMs === undefined ? [] : [row.shippedAfterMs]))
    .sort((a, b) => a - b);
  const latency =
    latencies.length === 0 ? null : { p50: percentile(latencies, 50), p99: percentile(latencies, 99) };
  const { api, endpoint } = session.status;
  const document = { ...figures, causes, latency, api, endpoint };
  return { document, text: `\n${summaryText(document)}\n` };
}

function summaryText(summary: SummaryDocument): string {
  const why = Object.entries(summary.causes).map(([cause, count]) => `${count} ${cause}`);
  const ends: (readonly [string, number])[] = [
    ['placed', summary.placed],
    ['shipped', summary.shipped],
    ['rejected', summary.rejected],
    ['cancelled', summary.cancelled],
    ['failed', summary.failed],
    ['still open', summary.open],
  ];
  const largest = Math.max(1, summary.placed);
  const bars = ends
    .filter(([what, count]) => count > 0 || what === 'shipped')
    .map(([what, count]) => [what, count, '█'.repeat(Math.round((count / largest) * 30))] as const);
  const times =
    summary.latency === null
      ? 'none shipped'
      : `p50 ${summary.latency.p50} ms, p99 ${summary.latency.p99} ms`;
  return [
    table(bars),
    '',
    table([
      ['revenue', `${summary.revenue} GBP`],
      ['to shipped', times],
      ['why not', why.join(', ') || 'nothing went wrong'],
    ]),
  ]
    .map((part) => part.replace(/^( {2}revenue.*)$/m, (line) => paint('bold', line)))
    .join('\n');
}

/** The value below which `percent` of the sorted values lie (nearest rank). */
export function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}
