import { spawn } from 'node:child_process';
import { existsSync, globSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './errors.ts';

/** The workspace's folder. */
export const ROOT = join(import.meta.dirname, '../../..');
/** What the local cloud runs and Terraform would apply. */
const STACK_FILE = join(ROOT, 'cdktf.out/stacks/orderstream/cdk.tf.json');
/** All that the stack is made of. */
const SOURCES = [
  'apps/*/src/**/*.ts',
  'packages/{domain,lambda-kit}/src/**/*.ts',
  'infra/src/**/*.ts',
  'tools/*.ts',
  'package-lock.json',
];

/**
 * Builds the bundles and synthesizes the stack where they are missing or older than their sources, and answers the
 * stack's file.
 * @throws UsageError with the build's own output when it fails.
 */
export async function prepareStack(say: (line: string) => void, signal: AbortSignal): Promise<string> {
  if (isFresh()) return STACK_FILE;
  say('Building the functions and synthesizing the stack …');
  await buildStamped(STACK_FILE, () => nx(['run', '@orderstream/infra:synth'], signal));
  return STACK_FILE;
}

/** Builds a file and dates it when the build began, so that what changes meanwhile is newer than it. */
export async function buildStamped(file: string, build: () => Promise<void>): Promise<void> {
  const begun = new Date();
  await build();
  if (!existsSync(file))
    throw new UsageError(`The synthesis left no ${file}. Run npm run synth and read its output.`, 1);
  utimesSync(file, begun, begun);
}

/** Whether the stack is newer than all its sources; a setting in the environment always asks the build. */
function isFresh(): boolean {
  if (Object.keys(process.env).some((name) => name.startsWith('ORDERSTREAM_'))) return false;
  if (!existsSync(STACK_FILE)) return false;
  const builtAt = statSync(STACK_FILE).mtimeMs;
  const sources = globSync(SOURCES, { cwd: ROOT, exclude: (name) => name.endsWith('.test.ts') });
  return sources.every((source) => statSync(join(ROOT, source)).mtimeMs <= builtAt);
}

function nx(args: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'node_modules/.bin/nx'), ...args], {
      cwd: ROOT,
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NX_ISOLATE_PLUGINS: 'false', NX_DAEMON: 'false' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new UsageError(`${output}\nThe build failed. Mend what it names above, then run it again.`, 1),
        );
    });
  });
}
