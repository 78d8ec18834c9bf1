import { readdirSync, statSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/** How often a file is looked at, in milliseconds. */
const LOOK_MS = 250;

/** Calls `onChange` whenever a file has become another one, however it was written; absence is no change. */
export function watchFile(file: string, onChange: () => void, signal: AbortSignal): void {
  let known = versionOf(file);
  const timer = setInterval(() => {
    const now = versionOf(file);
    if (now === undefined || now === known) return;
    known = now;
    onChange();
  }, LOOK_MS);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

/** Undefined where there is no file, or where it is empty: then it is being written. */
function versionOf(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats && stats.size > 0 ? `${stats.ino} ${stats.mtimeMs} ${stats.size}` : undefined;
}

/**
 * Calls `onChange` with the path, relative to `root`, of every file in it that changes, also in folders that are made
 * later. Each folder is watched by itself: Node's recursive watch goes deaf, on Linux, on files that are removed and
 * made again.
 */
export function watchFolder(root: string, onChange: (path: string) => void, signal: AbortSignal): void {
  const watched = new Map<string, { readonly watcher: FSWatcher; readonly identity: string }>();
  const add = (folder: string): void => {
    const { ino, birthtimeMs } = statSync(join(root, folder));
    const identity = `${ino} ${birthtimeMs}`;
    const known = watched.get(folder);
    if (known?.identity === identity) return;
    known?.watcher.close();
    const watcher = watch(join(root, folder), { signal }, (_event, name) => {
      const path = join(folder, name ?? '');
      if (isFolder(join(root, path))) addAll(path);
      onChange(path.replaceAll('\\', '/'));
    });
    // A folder that is removed: should it come again, its parent says so.
    watcher.on('error', () => watcher.close());
    watched.set(folder, { watcher, identity });
  };
  const addAll = (folder: string): void => {
    try {
      add(folder);
      for (const name of readdirSync(join(root, folder))) {
        if (isFolder(join(root, folder, name))) addAll(join(folder, name));
      }
    } catch {
      // It was removed meanwhile.
    }
  };
  addAll('');
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
