import type { HeldByCloud, JournalRow } from '../cloud-client.ts';
import type { TraceSources } from './timeline.ts';

/** What the journal no longer has, by subject; see {@link HeldByCloud}. */
export type Trimmed = HeldByCloud['journal']['trimmed'];

/** Kinds of rows of a trace that are trimmed by their time. */
const TIMED = ['changes', 'deliveries', 'events', 'executions', 'refusals'] as const;

/**
 * What a trace can't show, because it was trimmed from the journal: nothing where the order began later, and of the
 * histories only those that are missing.
 */
export function missingFrom(sources: TraceSources, trimmed: Trimmed): string[] {
  const begun = beginOf(sources);
  const timed = TIMED.flatMap((subject) => {
    const gone = trimmed[subject];
    return gone && gone.until >= begun ? [`${subject} up to ${timeOf(gone.until)}`] : [];
  });
  const told = new Set(sources.history.map((row) => row['execution']));
  const untold = sources.executions.filter((row) => row['endedAt'] !== null && !told.has(row['arn'] ?? null));
  return [...timed, ...untold.map((row) => `the history of execution ${String(row['name'])}`)];
}

/** Says from when on something is judged; nothing where all of it is still in the journal. */
export function judgedFrom(trimmed: Trimmed, ...subjects: readonly string[]): string {
  const until = Math.max(...subjects.map((subject) => trimmed[subject]?.until ?? -Infinity));
  return until === -Infinity ? '' : `, judged from ${timeOf(until)} on; older rows were trimmed`;
}

/** Epoch milliseconds from which on its rows are: of its first write, else of its first execution; -Infinity: nobody knows. */
function beginOf({ changes, executions }: TraceSources): number {
  const insert = changes.find((row) => row['name'] === 'INSERT');
  if (insert) return timeIn(insert, 'at');
  return executions.length === 0 ? -Infinity : Math.min(...executions.map((row) => timeIn(row, 'startedAt')));
}

function timeIn(row: JournalRow, member: string): number {
  return Number(row[member]);
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
