import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@orderstream/local-cloud';
import { CloudClient } from '../cloud-client.ts';
import { UsageError } from '../errors.ts';
import { ROOT } from '../prepare.ts';
import { sessionOf, type Session } from '../session.ts';

/** Longest that a start may take before it counts as failed. */
const START_WITHIN_MS = 30_000;

/** A local cloud in a process of its own, so that what measures it does not slow it down. */
export interface CloudProcess {
  readonly session: Session;
  /** From the process's start until its status said ready. */
  readonly readyAfterMs: number;
  /** Resident memory of the process, in MB. */
  memoryMb(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts `orders start` without orders on free ports and waits until it is ready.
 * @param more further arguments of `start`.
 */
export async function startCloudProcess(
  signal: AbortSignal,
  more: readonly string[] = [],
): Promise<CloudProcess> {
  const port = await freePort(3);
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [join(ROOT, 'apps/orders-cli/src/main.ts'), 'start', '--orders', '0', '--port', String(port), ...more],
    { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4_000)));
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  const cloud = new CloudClient(`http://127.0.0.1:${port}`);
  while (!(await cloud.status())?.ready) {
    if (child.exitCode !== null || performance.now() - startedAt > START_WITHIN_MS || signal.aborted) {
      await stop();
      throw new UsageError(`The local cloud did not become ready:\n${output}`, 1);
    }
    await sleep(5);
  }
  const readyAfterMs = performance.now() - startedAt;
  const session = await sessionOf(cloud, true, stop);
  return {
    session,
    readyAfterMs,
    memoryMb: async () => (await cloud.status())?.memoryMb ?? Number.NaN,
    stop: () => session.close(),
  };
}
