import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ROOT } from '../prepare.ts';

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface Started {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<Ended>;
}

/** Starts a program in the workspace's folder. */
export function startProgram(program: string, args: readonly string[]): Started {
  const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = once(child, 'exit');
  const ended = Promise.all([text(child.stdout), text(child.stderr), exit]).then(
    ([stdout, stderr, [code]]: [string, string, unknown[]]) => ({ stdout, stderr, code: Number(code) }),
  );
  return { child, ended };
}

/** Starts the command line in a process of its own. */
export function startCommand(...args: readonly string[]): Started {
  return startProgram(process.execPath, [join(ROOT, 'apps/orders-cli/src/main.ts'), ...args]);
}

/** Runs a command of the command line to its end. */
export function runCommand(...args: readonly string[]): Promise<Ended> {
  return startCommand(...args).ended;
}

/** Resolves once the program has said this on standard error. @throws when it ends before. */
export function says({ child, ended }: Started, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk: Buffer | string) => {
      said += chunk.toString();
      if (said.includes(words)) resolve();
    });
    void ended.then(() => reject(new Error(`It ended without saying "${words}":\n${said}`)), reject);
  });
}
