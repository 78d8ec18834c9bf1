import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the shared data; undefined where that is absent, and then its tests are seen to be skipped. */
export function sharedFile(name: string): string | undefined {
  const file = join(import.meta.dirname, '../../../../../shared/data', name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
