import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';

import type { JournalKind, JournalRows } from './rows.ts';
import { columns, insertSql, isRow, schemaSql } from './schema.ts';
import type { State, StateKind } from './state.ts';
import type { JournalWriter } from './writer.ts';

/** A row as SQLite gives it, of a query that is not about one kind. */
export type SqlRow = Record<string, SQLOutputValue>;

/** KiB of the file that are kept in memory. */
const CACHE = 16_000;

/** How rows of a kind are written. Parameters by position cost half of what named ones do. */
interface Insert {
  readonly statement: StatementSync;
  readonly columns: readonly string[];
}

/** A statement that waits to be written, and what it is given. */
type Collected = readonly [statement: StatementSync, parameters: () => SQLInputValue[]];

const PUT =
  'INSERT INTO state (kind, key, value) VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value';

/** How long rows are collected, at most. A reader waits for nothing: it writes them first. */
const FLUSH_AFTER_MS = 20;

/**
 * What happened in the cloud, in SQLite. Rows are collected for some milliseconds and written in one transaction, because
 * a commit costs far more than a row; every query first writes what is collected, so a reader sees all that was appended.
 */
export class Journal implements JournalWriter, State {
  readonly isKept: boolean;
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #inserts: Readonly<Record<JournalKind, Insert>>;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #queries = new Map<string, StatementSync>();
  #collected: Collected[] = [];
  #flushing: NodeJS.Timeout | undefined;
  #durable: Promise<void> | undefined;
  /** Why nothing can be written any more: rows are missing, and later ones would stand on them. */
  #failure: Error | undefined;
  readonly #onFailure: ((error: Error) => void) | undefined;
  #isClosed = false;

  /**
   * @param path a file, `:memory:`, or `''` for a temporary file that vanishes with the process.
   * @param onFailure hears at once, and only once, that nothing can be written any more, and the remedy.
   */
  constructor(path: string, onFailure?: (error: Error) => void) {
    this.#path = path;
    this.#onFailure = onFailure;
    this.isKept = path !== '' && path !== ':memory:';
    this.#database = new DatabaseSync(path);
    // A temporary file has nothing to recover: its rollback journal in memory makes a row three times as cheap.
    const mode = path === '' ? 'MEMORY' : 'WAL';
    // Before the first table: the file can then give back what was trimmed.
    this.#database.exec(
      `PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = ${mode}; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${CACHE}`,
    );
    this.#database.exec(schemaSql());
    const prepare = (kind: JournalKind): Insert => ({
      statement: this.#database.prepare(insertSql(kind)),
      columns: Object.keys(columns[kind]),
    });
    this.#inserts = {
      changes: prepare('changes'),
      invocations: prepare('invocations'),
      deliveries: prepare('deliveries'),
      events: prepare('events'),
      eventDeliveries: prepare('eventDeliveries'),
      executions: prepare('executions'),
      definitions: prepare('definitions'),
      history: prepare('history'),
      refusals: prepare('refusals'),
      messages: prepare('messages'),
    };
    this.#put = this.#database.prepare(PUT);
    this.#remove = this.#database.prepare('DELETE FROM state WHERE kind = ? AND key = ?');
  }

  append<K extends JournalKind>(kind: K, row: JournalRows[K]): void {
    const { statement, columns: names } = this.#inserts[kind];
    const values: Record<string, SQLInputValue> = row;
    this.#collect([statement, () => names.map((name) => values[name] ?? null)]);
  }

  put(kind: StateKind, key: string, value: unknown): void {
    if (!this.isKept) return;
    const text = JSON.stringify(value);
    this.#collect([this.#put, () => [kind, key, text]]);
  }

  remove(kind: StateKind, key: string): void {
    if (this.isKept) this.#collect([this.#remove, () => [kind, key]]);
  }

  entries(kind: StateKind): (readonly [key: string, value: unknown])[] {
    const rows = this.all('SELECT key, value FROM state WHERE kind = ? ORDER BY rowid', kind);
    return rows.map((row) => [String(row['key']), JSON.parse(String(row['value']))]);
  }

  /** All that one turn of the event loop writes is one transaction. */
  durable(): Promise<void> {
    if (!this.isKept || (this.#collected.length === 0 && !this.#failure))
      return this.#durable ?? Promise.resolve();
    return (this.#durable ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#durable = undefined;
        try {
          this.flush();
          resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    }));
  }

  /**
   * Writes what is collected now. A transaction that fails stays open: what it wrote is gone when the file is closed.
   *
   * @throws Error when the file can't be written, now and from then on: a cloud without its journal must not go on.
   */
  flush(): void {
    clearTimeout(this.#flushing);
    this.#flushing = undefined;
    if (this.#collected.length === 0 && !this.#failure) return;
    const rows = this.#collected;
    this.#collected = [];
    if (this.#failure) throw this.#failure;
    try {
      this.#database.exec('BEGIN');
      for (const [statement, parameters] of rows) statement.run(...parameters());
      this.#database.exec('COMMIT');
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const name = this.#path === '' ? 'in the temporary folder' : this.#path;
      this.#failure = new Error(
        `The journal ${name} can't be written (${why}). Make room on the disk or choose another folder, and start again: npm start`,
        { cause },
      );
      this.#onFailure?.(this.#failure);
      throw this.#failure;
    }
  }

  /** Has all that `work` writes through queries happen, or none of it. */
  transaction<T>(work: () => T): T {
    this.flush();
    this.#database.exec('BEGIN');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** All rows that a query gives. */
  all(sql: string, ...parameters: SQLInputValue[]): SqlRow[] {
    this.flush();
    return this.#prepared(sql).all(...parameters);
  }

  /** The first row that a query gives. */
  get(sql: string, ...parameters: SQLInputValue[]): SqlRow | undefined {
    this.flush();
    return this.#prepared(sql).get(...parameters);
  }

  /** Rows of one kind. @param rest SQL from `WHERE` on: `WHERE name = ? ORDER BY at`. */
  rows<K extends JournalKind>(kind: K, rest: string, ...parameters: SQLInputValue[]): JournalRows[K][] {
    return [...this.each(kind, rest, ...parameters)];
  }

  /** Like {@link rows}, one at a time, for what may not fit into memory. Read it to its end before the event loop turns. */
  *each<K extends JournalKind>(
    kind: K,
    rest: string,
    ...parameters: SQLInputValue[]
  ): Generator<JournalRows[K]> {
    for (const row of this.scan(`SELECT * FROM ${kind} ${rest}`, ...parameters)) {
      if (!isRow(kind, row))
        throw new Error(`${this.#path} is not a journal of this version: start with --fresh.`);
      yield row;
    }
  }

  /** Like {@link all}, one at a time. */
  *scan(sql: string, ...parameters: SQLInputValue[]): Generator<SqlRow> {
    this.flush();
    yield* this.#database.prepare(sql).iterate(...parameters);
  }

  /** Why nothing can be written any more; undefined while it can. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Bytes that its rows and indexes take, and bytes of the file, part of which may be free. */
  bytes(): { readonly used: number; readonly file: number } {
    const pragma = (name: string) => Number(this.get(`PRAGMA ${name}`)?.[name]);
    const pages = pragma('page_count');
    const size = pragma('page_size');
    return { used: (pages - pragma('freelist_count')) * size, file: pages * size };
  }

  /** Gives up to so many free pages of the file back to the disk. @returns whether there are more that it can give back. */
  giveBack(pages: number): boolean {
    const free = () => Number(this.get('PRAGMA freelist_count')?.['freelist_count']);
    const before = free();
    if (before === 0) return false;
    this.#database.exec(`PRAGMA incremental_vacuum(${pages})`);
    const after = free();
    return after > 0 && after < before;
  }

  /** What ends later than the journal is not noted down. @throws Error when the last rows can't be written. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      if (!this.#failure) this.flush();
    } finally {
      clearTimeout(this.#flushing);
      this.#database.close();
    }
  }

  #collect(collected: Collected): void {
    if (this.#isClosed || this.#failure) return;
    this.#collected.push(collected);
    this.#flushing ??= setTimeout(() => this.#flushInTime(), FLUSH_AFTER_MS);
  }

  /** Nobody waits for this: a failure goes to who was to hear of it. */
  #flushInTime(): void {
    try {
      this.flush();
    } catch (error) {
      if (!this.#onFailure) throw error;
    }
  }

  #prepared(sql: string): StatementSync {
    const known = this.#queries.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#queries.set(sql, statement);
    return statement;
  }
}
