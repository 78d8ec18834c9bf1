import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PackageOf } from './functions.ts';

/** An app has not been built: there is nothing that could be deployed. */
export class PackageMissing extends Error {
  constructor(file: string) {
    super(`${file} is missing: run \`npm run build\` first.`);
    this.name = 'PackageMissing';
  }
}

/**
 * The packages as `npm run build` leaves them: `apps/<app>/dist/function.zip` under `root`.
 * The function it gives throws {@link PackageMissing} for an app that is not built.
 */
export function builtPackages(root: string): PackageOf {
  return (app) => {
    const file = join('apps', app, 'dist', 'function.zip');
    if (!existsSync(join(root, file))) throw new PackageMissing(file);
    return join(root, file);
  };
}
