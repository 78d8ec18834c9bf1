import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { UsageError } from '../errors.ts';
import { prepareStack, ROOT } from '../prepare.ts';
import type { Mutation } from './mutations.ts';

const STACK_FILE = 'cdk.tf.json';

/**
 * Copies the synthesized stack with its packages into a folder, so that nothing that is built meanwhile changes it, and
 * puts packages in which a protection is switched off in the place of those that have it.
 *
 * @param given the folder of a stack that is there already, instead of the one that is built where it is missing or old.
 * @returns the copy's file.
 */
export async function stackCopy(
  folder: string,
  mutation: Mutation | undefined,
  given: string | undefined,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const built = given === undefined ? await prepareStack(say, signal) : join(given, STACK_FILE);
  const copy = join(folder, 'stack');
  cpSync(dirname(built), copy, { recursive: true });
  for (const app of mutation?.apps ?? []) {
    if (mutation !== undefined) await bundleInto(packageFolder(copy, app), app, mutation, signal);
  }
  return join(copy, basename(built));
}

/** Where a copy has an app's package: the one asset that is named after it. */
function packageFolder(copy: string, app: string): string {
  const assets = join(copy, 'assets');
  const [asset, another] = readdirSync(assets).filter((name) => name.includes(`_${app}_package_`));
  if (asset === undefined || another !== undefined)
    throw new UsageError(
      `The stack has ${asset === undefined ? 'no package' : 'several packages'} of ${app}.`,
      1,
    );
  const [version = ''] = readdirSync(join(assets, asset));
  return join(assets, asset, version);
}

async function bundleInto(
  folder: string,
  app: string,
  mutation: Mutation,
  signal: AbortSignal,
): Promise<void> {
  const edit = join(folder, 'edit.json');
  const { file, find, replace } = mutation;
  writeFileSync(edit, JSON.stringify({ file: join(ROOT, file), find, replace }));
  const child = spawn(process.execPath, [join(ROOT, 'tools/bundle.ts'), '--out', folder, '--edit', edit], {
    cwd: join(ROOT, 'apps', app),
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<unknown[]>]);
  if (code !== 0) throw new UsageError(`${app} can't be built without ${mutation.name}: ${said}`, 1);
}
