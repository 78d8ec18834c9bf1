import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Journal } from '../journal/journal.ts';

const SUFFIXES = ['', '-wal', '-journal'];

/** Folders of files that outlive processes; they are removed after each test. */
export function temporaryFolders(): () => string {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'crash-'));
    folders.push(folder);
    return folder;
  };
}

/**
 * A journal whose process can be killed at any moment: what is in its file then is copied, and nothing that the old one
 * still does is in the copy.
 */
export class MortalJournal extends Journal {
  readonly #path: string;

  constructor(folder: string) {
    const path = join(folder, 'journal.sqlite');
    super(path);
    this.#path = path;
  }

  /** What a kill -9 at this very moment leaves, in a folder of its own. */
  killed(folder: string): string {
    for (const suffix of SUFFIXES)
      if (existsSync(this.#path + suffix))
        cpSync(this.#path + suffix, join(folder, `journal.sqlite${suffix}`));
    return folder;
  }
}
