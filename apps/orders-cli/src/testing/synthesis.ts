import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { prepareStack, ROOT } from '../prepare.ts';

/** A stack in a folder of its own. */
export interface Synthesis {
  readonly stackFile: string;
  remove(): void;
}

/** Synthesizes the stack under these settings, beside the one that all others run. */
export async function synthesizedWith(settings: Readonly<Record<string, string>>): Promise<Synthesis> {
  // Builds the functions where they are older than their sources.
  await prepareStack(() => undefined, AbortSignal.timeout(120_000));
  const folder = mkdtempSync(join(tmpdir(), 'orderstream-stack-'));
  await promisify(execFile)(
    process.execPath,
    [join(ROOT, 'node_modules/tsx/dist/cli.mjs'), join(ROOT, 'infra/src/main.ts')],
    { cwd: ROOT, env: { ...process.env, ...settings, CDKTF_OUTDIR: folder }, timeout: 60_000 },
  );
  return {
    stackFile: join(folder, 'stacks/orderstream/cdk.tf.json'),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
