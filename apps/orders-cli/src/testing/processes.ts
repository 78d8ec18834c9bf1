import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Every process below `pid`: its children first, each with its own after it. */
export function descendants(pid: number): number[] {
  const { stdout, error } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  if (error !== undefined) throw error;
  const children = stdout.split('\n').filter((line) => line !== '');
  return children.map(Number).flatMap((child) => [child, ...descendants(child)]);
}

/** The process below `pid` whose program has this name. @throws when there is none. */
export function descendantNamed(pid: number, name: string): number {
  const found = descendants(pid).find((each) => {
    const { stdout } = spawnSync('ps', ['-o', 'comm=', '-p', String(each)], { encoding: 'utf8' });
    return stdout.trim() === name;
  });
  if (found === undefined) throw new Error(`Process ${pid} runs no ${name}.`);
  return found;
}

/** Resolves once none of the processes is there any more. */
export async function allGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isRunning)) await sleep(10);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
