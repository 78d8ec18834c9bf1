import { z } from 'zod';
import { AwsError } from '../endpoint/service.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalRows } from '../journal/rows.ts';
import type { ExecutionStatus } from './execution.ts';

/** The part of the journal that executions are written to and read back from. */
export type WorkflowJournal = Pick<Journal, 'append' | 'get' | 'rows' | 'durable'>;

/** A page of rows, and what to ask for to get the next one. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly nextToken: string | undefined;
}

export interface Paging {
  readonly maxResults: number;
  readonly nextToken?: string | undefined;
}

type ExecutionRow = JournalRows['executions'];
type HistoryRow = JournalRows['history'];

export function executionExists(journal: WorkflowJournal, arn: string): boolean {
  return journal.get('SELECT 1 FROM executions WHERE arn = ?', arn) !== undefined;
}

/** @throws AwsError ExecutionDoesNotExist */
export function readExecution(journal: WorkflowJournal, arn: string): ExecutionRow {
  const [row] = journal.rows('executions', 'WHERE arn = ?', arn);
  if (!row) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return row;
}

/** The executions that no process has ended yet. */
export function runningExecutions(journal: WorkflowJournal): ExecutionRow[] {
  return journal.rows('executions', `WHERE status = 'RUNNING' ORDER BY startedAt`);
}

/** All history events of an execution, oldest first. */
export function wholeHistory(journal: WorkflowJournal, executionArn: string): HistoryRow[] {
  return journal.rows('history', 'WHERE execution = ? ORDER BY id', executionArn);
}

/** How many history events an execution has. */
export function countEvents(journal: WorkflowJournal, executionArn: string): number {
  const row = journal.get('SELECT max(id) AS events FROM history WHERE execution = ?', executionArn);
  return Number(row?.['events'] ?? 0);
}

/** The text of the definition that executions were started with. @throws Error when the journal has lost it. */
export function definitionOf(journal: WorkflowJournal, key: string): string {
  const [row] = journal.rows('definitions', 'WHERE key = ?', key);
  if (row) return row.definition;
  throw new Error(`The journal has no definition ${key}: start with --fresh.`);
}

/** Executions of a state machine, the newest first. */
export function listExecutions(
  journal: WorkflowJournal,
  stateMachineArn: string,
  status: ExecutionStatus | undefined,
  { maxResults, nextToken }: Paging,
): Page<ExecutionRow> {
  const [startedAt, arn] = readToken(nextToken) ?? [Number.MAX_SAFE_INTEGER, ''];
  const rows = journal.rows(
    'executions',
    `WHERE stateMachine = ? AND status LIKE ? AND (startedAt, arn) < (?, ?)
     ORDER BY startedAt DESC, arn DESC LIMIT ?`,
    stateMachineArn,
    status ?? '%',
    startedAt,
    arn,
    maxResults + 1,
  );
  return pageOf(rows, maxResults, (last) => [last.startedAt, last.arn]);
}

/** History events of an execution. */
export function readHistory(
  journal: WorkflowJournal,
  executionArn: string,
  newestFirst: boolean,
  { maxResults, nextToken }: Paging,
): Page<HistoryRow> {
  const [id] = readToken(nextToken) ?? [newestFirst ? Number.MAX_SAFE_INTEGER : 0];
  const rows = journal.rows(
    'history',
    newestFirst
      ? 'WHERE execution = ? AND id < ? ORDER BY id DESC LIMIT ?'
      : 'WHERE execution = ? AND id > ? ORDER BY id LIMIT ?',
    executionArn,
    id,
    maxResults + 1,
  );
  return pageOf(rows, maxResults, (last) => [last.id, '']);
}

/** Where a page ended: rows are found again by their key, so that what happens meanwhile shifts nothing. */
type Key = readonly [number, string];

function pageOf<Row>(rows: Row[], size: number, keyOf: (last: Row) => Key): Page<Row> {
  const last = rows[size - 1];
  if (rows.length <= size || last === undefined) return { rows, nextToken: undefined };
  const nextToken = Buffer.from(JSON.stringify(keyOf(last))).toString('base64url');
  return { rows: rows.slice(0, size), nextToken };
}

const keySchema = z.tuple([z.int(), z.string()]);

function readToken(token: string | undefined): Key | undefined {
  if (token === undefined) return undefined;
  try {
    return keySchema.parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
  } catch {
    throw new AwsError('InvalidToken', `Invalid Token: '${token}'`);
  }
}
