import { createHash } from 'node:crypto';
import type { Bucket } from '../archive/bucket.ts';

/** A bucket in memory: its objects' texts by key. */
export interface MemoryBucket extends Bucket {
  readonly objects: Map<string, string>;
  /** Keys in the order in which they were replaced. */
  readonly replaced: string[];
}

/** Objects of lines, given as values. */
export function memoryBucket(objects: Readonly<Record<string, readonly unknown[]>> = {}): MemoryBucket {
  const texts = new Map(Object.entries(objects).map(([key, lines]) => [key, textOf(lines)]));
  const replaced: string[] = [];
  return {
    objects: texts,
    replaced,
    async *list(prefix, after = '') {
      for (const key of [...texts.keys()].sort()) {
        if (key.startsWith(prefix) && key > after) yield { key, etag: etagOf(texts.get(key) ?? '') };
      }
    },
    read: async (key) => {
      const text = texts.get(key);
      return text === undefined ? undefined : { text, etag: etagOf(text) };
    },
    replace: async (key, text, etag) => {
      if (etagOf(texts.get(key) ?? '') !== etag) return false;
      texts.set(key, text);
      replaced.push(key);
      return true;
    },
    close: () => undefined,
  };
}

export function textOf(lines: readonly unknown[]): string {
  return lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
}

function etagOf(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
