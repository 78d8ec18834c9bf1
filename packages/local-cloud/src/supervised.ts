import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';

/**
 * Starts a program ($0 …) and a watcher beside it. The watcher reads the pipe that our process holds the other end of:
 * it ends when our process does, however that happens (kill -9 included), and takes the program with it.
 */
const SUPERVISED = 'exec 3<&0; (cat <&3; kill -9 $$) >/dev/null 2>&1 & exec "$0" "$@" </dev/null 3<&-';

/**
 * A child process that never outlives this one. It ends when its stdin is ended.
 *
 * It has a session of its own: Ctrl-C in the terminal is for us, and we stop the child when we are done with it.
 */
export function spawnSupervised(program: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn('/bin/sh', ['-c', SUPERVISED, program, ...args], { detached: true });
}
