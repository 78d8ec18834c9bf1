import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { unzipSync } from 'fflate';
import type { FunctionConfig } from '../stack/model.ts';

/** A deployment package that can't be used. The message names the function and the remedy, on one line. */
export class PackageError extends Error {
  constructor(functionName: string, problem: string, cause?: unknown) {
    super(`Function ${functionName}: ${problem}. Run \`npm run build\` and start again.`, { cause });
    this.name = 'PackageError';
  }
}

/**
 * Unpacks a function's zip into `directory`.
 *
 * @throws PackageError when it is missing, is no zip, or holds a path outside of itself.
 */
export async function unpack(config: FunctionConfig, directory: string): Promise<void> {
  const zip = await readFile(config.package).catch((cause: unknown) => {
    throw new PackageError(config.name, `its package ${config.package} can't be read`, cause);
  });
  for (const [name, content] of Object.entries(entries(config, zip))) {
    if (name.endsWith('/')) continue;
    const path = join(directory, name);
    if (!path.startsWith(directory + sep)) {
      throw new PackageError(config.name, `its package ${config.package} holds the path ${name}`);
    }
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

function entries(config: FunctionConfig, zip: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(zip);
  } catch (cause) {
    throw new PackageError(config.name, `its package ${config.package} is no zip`, cause);
  }
}
