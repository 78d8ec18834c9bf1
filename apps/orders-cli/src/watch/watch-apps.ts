import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { affectedApps, sourceFolders } from './affected-apps.ts';
import { Builds } from './builds.ts';
import { watchFile, watchFolder } from './watch-files.ts';

export interface WatchParts {
  /** The workspace's folder. */
  readonly root: string;
  /** Apps that have a bundle. */
  readonly apps: readonly string[];
  /** Builds an app's deployment package. Rejects with what is wrong with its sources. */
  readonly build: (app: string) => Promise<void>;
  /** Has the app's function run this package from now on. Rejects when it can't, and then nothing has changed. */
  readonly update: (app: string, zip: Uint8Array) => Promise<void>;
  readonly say: (line: string) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Builds an app again when its sources change, and has its function run the package, within a second, when that has
 * changed, whoever built it. What does not build or load is said; the code before goes on.
 */
export function watchApps({ root, apps, build, update, say, signal }: WatchParts): void {
  const builds = new Builds(async (app) => {
    await build(app).catch((error: unknown) => say(`${app}: ${messageOf(error)}`));
  });
  for (const folder of sourceFolders(apps)) {
    const changed = (path: string) => {
      for (const app of affectedApps(`${folder}/${path}`, apps)) builds.want(app);
    };
    watchFolder(join(root, folder), changed, signal);
  }
  for (const app of apps) {
    const file = join(root, 'apps', app, 'dist/function.zip');
    const takeUp = async (): Promise<string> => {
      const begun = performance.now();
      await update(app, await readFile(file));
      return `${app}: new code runs (taken up in ${Math.round(performance.now() - begun)} ms)`;
    };
    /** One after the other: the newest package comes last. */
    let taken = Promise.resolve();
    const changed = () => {
      taken = taken.then(takeUp).then(say, (error: unknown) => say(`${app}: ${messageOf(error)}`));
    };
    watchFile(file, changed, signal);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
