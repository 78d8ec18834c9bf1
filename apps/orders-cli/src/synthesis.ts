import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from './errors.ts';
import { prepareStack, ROOT } from './prepare.ts';

/** Longest that building what is old may take, and the synthesis. */
const BUILT_WITHIN_MS = 120_000;
const SYNTHESIZED_WITHIN_MS = 60_000;

/** A stack in a folder of its own. */
export interface Synthesis {
  readonly stackFile: string;
  remove(): void;
}

/**
 * Synthesizes the stack under these settings, beside the one that all others run.
 * @throws UsageError with what the synthesis said when it fails.
 */
export async function synthesizedWith(
  settings: Readonly<Record<string, string>>,
  say: (line: string) => void = () => undefined,
  signal: AbortSignal = AbortSignal.timeout(BUILT_WITHIN_MS),
): Promise<Synthesis> {
  // Builds the functions where they are older than their sources.
  await prepareStack(say, signal);
  const folder = mkdtempSync(join(tmpdir(), 'orderstream-stack-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    await promisify(execFile)(
      process.execPath,
      [join(ROOT, 'node_modules/tsx/dist/cli.mjs'), join(ROOT, 'infra/src/main.ts')],
      {
        cwd: ROOT,
        env: { ...process.env, ...settings, CDKTF_OUTDIR: folder },
        timeout: SYNTHESIZED_WITHIN_MS,
        signal,
      },
    );
  } catch (error) {
    remove();
    if (signal.aborted) throw error;
    throw new UsageError(
      `The stack with ${JSON.stringify(settings)} can't be synthesized: ${String(Reflect.get(Object(error), 'stderr'))}`,
      1,
    );
  }
  return { stackFile: join(folder, 'stacks/orderstream/cdk.tf.json'), remove };
}
