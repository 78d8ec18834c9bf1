import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { unzipSync } from 'fflate';
import type { FunctionConfig } from '../stack/model.ts';

const BUILD_AGAIN = 'Run `npm run build` and start again.';

/** A deployment package that can't be used. The message names the function and the remedy, on one line. */
export class PackageError extends Error {
  constructor(functionName: string, problem: string, { remedy = BUILD_AGAIN, cause }: PackageErrorMore = {}) {
    super(`Function ${functionName}: ${problem}. ${remedy}`, { cause });
    this.name = 'PackageError';
  }
}

interface PackageErrorMore {
  /** A sentence; how to build and start again unless it is given. */
  readonly remedy?: string | undefined;
  readonly cause?: unknown;
}

/** The function's zip. @throws PackageError when it is missing. */
export async function readPackage(config: FunctionConfig): Promise<Uint8Array> {
  return readFile(config.package).catch((cause: unknown) => {
    throw new PackageError(config.name, `its package ${config.package} can't be read`, { cause });
  });
}

/** A package as it was given, and what to call it in a message. */
export interface GivenPackage {
  readonly functionName: string;
  readonly zip: Uint8Array;
  /** `its package /path/function.zip`. */
  readonly what: string;
  readonly remedy?: string | undefined;
}

/**
 * Unpacks a function's zip into `directory`.
 *
 * @throws PackageError when it is no zip, or holds a path outside of itself.
 */
export async function unpack(given: GivenPackage, directory: string): Promise<void> {
  for (const [name, content] of Object.entries(entries(given))) {
    if (name.endsWith('/')) continue;
    const path = join(directory, name);
    if (!path.startsWith(directory + sep)) throw packageError(given, `holds the path ${name}`);
    await write(path, content).catch((cause: unknown) => {
      throw packageError(given, `holds ${JSON.stringify(name)}, which cannot be unpacked`, cause);
    });
  }
}

async function write(path: string, content: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

function entries(given: GivenPackage): Record<string, Uint8Array> {
  try {
    return unzipSync(given.zip);
  } catch (cause) {
    throw packageError(given, 'is no zip', cause);
  }
}

function packageError({ functionName, what, remedy }: GivenPackage, problem: string, cause?: unknown): Error {
  return new PackageError(functionName, `${what} ${problem}`, { remedy, cause });
}
