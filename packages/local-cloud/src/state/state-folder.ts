import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';

/** Raised whenever what a folder holds changes its form: a folder of another version is refused, never half read. */
const STATE_VERSION = 1;

const about = z.object({ version: z.int(), stack: z.string() });

/** What a folder of this version is made of, beside its description; `--fresh` removes no other name. */
const JOURNAL = 'journal.sqlite';
const TABLES = 'tables.sqlite';
const OBJECTS = 'objects';
const LOCK = 'lock';
const ABOUT = 'state.json';
const WITH_LOGS = (file: string) => [file, `${file}-wal`, `${file}-shm`, `${file}-journal`];
const CONTENTS: readonly string[] = [...WITH_LOGS(JOURNAL), ...WITH_LOGS(TABLES), OBJECTS];
const OWN: ReadonlySet<string> = new Set([...CONTENTS, ...WITH_LOGS(LOCK), ABOUT, `${ABOUT}.new`]);

/** A folder that cannot be used as state; the message ends with the remedy. */
export class StateError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StateError';
  }
}

/** The files in which a cloud keeps its state, and nobody else as long as this one has them. */
export interface StateFolder {
  /** Whether nothing was in it before. */
  readonly isNew: boolean;
  /** SQLite: what happened, and what the parts have to know again. */
  readonly journal: string;
  /** SQLite: the tables' items, Dynoxide's. */
  readonly tables: string;
  /** Folder of the buckets' objects. */
  readonly objects: string;
  /** Lets others have the folder; safe to call twice. A process that dies lets it go, too. */
  release(): void;
}

export interface StateFolderOptions {
  readonly directory: string;
  /** Name of the stack whose state it is. */
  readonly stack: string;
  /** Whether to empty it first. */
  readonly fresh: boolean;
}

/**
 * Opens a state folder, and makes it where there is none. It is taken for one process at a time.
 *
 * @throws StateError for a folder that is in use, of another version or stack, or that is none of ours.
 */
export function openStateFolder({ directory, stack, fresh }: StateFolderOptions): StateFolder {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  refuseStrangers(directory);
  const release = lock(directory);
  let isNew: boolean;
  try {
    if (fresh) empty(directory);
    isNew = describe(directory, stack);
  } catch (error) {
    release();
    throw error;
  }
  const objects = join(directory, OBJECTS);
  mkdirSync(objects, { recursive: true });
  return { isNew, journal: join(directory, JOURNAL), tables: join(directory, TABLES), objects, release };
}

/** Nothing is put beside files of somebody else's, and nothing of theirs can ever be removed. */
function refuseStrangers(directory: string): void {
  const stranger = readdirSync(directory).find((name) => !OWN.has(name));
  if (stranger === undefined) return;
  throw new StateError(
    `${directory} is no state folder: it holds ${stranger}. Name a folder that is new, empty or was made by --state.`,
  );
}

/** The operating system's lock on a file of SQLite's: it ends with the process, however that ends. */
function lock(directory: string): () => void {
  const database = new DatabaseSync(join(directory, LOCK));
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new StateError(
      `${directory} is in use by another local cloud. End that one, or name another folder.`,
      cause,
    );
  }
  return () => {
    if (database.isOpen) database.close();
  };
}

function empty(directory: string): void {
  for (const name of [ABOUT, ...CONTENTS]) rmSync(join(directory, name), { recursive: true, force: true });
}

/** @returns whether the folder was empty. */
function describe(directory: string, stack: string): boolean {
  const file = join(directory, ABOUT);
  if (!existsSync(file)) {
    const left = CONTENTS.filter((name) => name !== OBJECTS).find((name) =>
      existsSync(join(directory, name)),
    );
    if (left !== undefined) throw unreadable(directory, `it holds ${left} but no ${ABOUT}`);
    writeFileSync(`${file}.new`, `${JSON.stringify({ version: STATE_VERSION, stack })}\n`);
    renameSync(`${file}.new`, file);
    return true;
  }
  const found = read(file);
  if (found === undefined) throw unreadable(directory, `its ${ABOUT} can't be read`);
  if (found.version !== STATE_VERSION) {
    throw unreadable(directory, `it is of version ${found.version}, and this is version ${STATE_VERSION}`);
  }
  if (found.stack !== stack) {
    throw new StateError(
      `${directory} holds the state of stack ${found.stack}, not of ${stack}. Name another folder, or empty it with --fresh.`,
    );
  }
  return false;
}

function read(file: string): z.output<typeof about> | undefined {
  try {
    return about.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function unreadable(directory: string, why: string): StateError {
  return new StateError(
    `The state in ${directory} can't be used: ${why}. Name another folder, or empty it with --fresh.`,
  );
}
