import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT } from '../prepare.ts';

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** Starts the command line in a process of its own. */
export function startCommand(...args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [join(ROOT, 'apps/orders-cli/src/main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit');
  const ended = Promise.all([text(child.stdout), text(child.stderr), exit]).then(
    ([stdout, stderr, [code]]: [string, string, unknown[]]) => ({ stdout, stderr, code: Number(code) }),
  );
  return { child, ended };
}

/** Runs a command of the command line to its end. */
export function runCommand(...args: readonly string[]): Promise<Ended> {
  return startCommand(...args).ended;
}
