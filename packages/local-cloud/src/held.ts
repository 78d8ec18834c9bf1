import { readFile } from 'node:fs/promises';
import { heldIn, type HeldJournal } from './journal/held.ts';
import type { Journal } from './journal/journal.ts';

/** How much a running cloud holds. Memory is in MB of a million bytes. */
export interface Held {
  /** Resident memory of the cloud's process, of which `heapMb` is its own heap and `functions.mb` those of the functions. */
  readonly processMb: number;
  readonly heapMb: number;
  readonly functions: { readonly instances: number; readonly mb: number };
  /** Resident memory of the table engine's process; null where the system does not tell or the engine is not ours. */
  readonly tablesMb: number | null;
  readonly journal: HeldJournal;
  /** Messages in queues, in flight or not. */
  readonly messages: number;
  /** Objects in buckets, and bytes of the file that has them. */
  readonly objects: { readonly count: number; readonly bytes: number };
}

export interface HeldSources {
  readonly journal: Journal;
  readonly functions: { held(): Promise<Held['functions']> };
  readonly tables: { readonly enginePid: number | undefined };
  readonly queues: { held(): Pick<Held, 'messages' | 'objects'> };
}

/** Cheap enough to be asked now and then while orders run. */
export async function heldBy({ journal, functions, tables, queues }: HeldSources): Promise<Held> {
  const { rss, heapUsed } = process.memoryUsage();
  return {
    processMb: rss / 1e6,
    heapMb: heapUsed / 1e6,
    functions: await functions.held(),
    tablesMb: await residentMb(tables.enginePid),
    journal: heldIn(journal),
    ...queues.held(),
  };
}

/** Linux tells it in a file; elsewhere it is not asked for. */
async function residentMb(pid: number | undefined): Promise<number | null> {
  if (pid === undefined) return null;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(status) ?? [];
  return kilobytes === undefined ? null : (Number(kilobytes) * 1_024) / 1e6;
}
