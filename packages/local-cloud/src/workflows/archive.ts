import { z } from 'zod';
import { AwsError } from '../endpoint/service.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalRows } from '../journal/rows.ts';
import type { ExecutionStatus } from './execution.ts';

/** The part of the journal that executions are written to and read back from. */
export type WorkflowJournal = Pick<Journal, 'append' | 'get' | 'rows'>;

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
