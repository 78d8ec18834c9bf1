import { KINDS, type Kind } from './letter.ts';

/** A table's name alone may have 255 characters, and each may be escaped as three. */
const ID = /^[A-Za-z0-9_.-]{1,1200}$/;

/** A letter's id: its kind, and the path on which it is found there. The same letter has the same id at all times. */
export function letterId(kind: Kind, path: readonly string[]): string {
  return [kind, ...path.map(escaped)].join('.');
}

/** What an id says. @returns undefined when it is no id of a dead letter. */
export function readLetterId(id: string): { readonly kind: Kind; readonly path: string[] } | undefined {
  const [first, ...path] = ID.test(id) ? id.split('.') : [];
  const kind = KINDS.find((one) => one === first);
  if (kind === undefined) return undefined;
  const read = path.map(unescaped);
  return read.length === LENGTHS[kind] && read.every(isName) ? { kind, path: read } : undefined;
}

/** Names on the path of a kind's letters; what lies elsewhere in the bucket is nobody's to name. */
const LENGTHS: Readonly<Record<Kind, number>> = { change: 6, quarantine: 3, event: 2, execution: 1 };

/** A step within a path is no name. */
function isName(part: string): boolean {
  return part !== '' && part !== '.' && part !== '..' && !part.includes('/');
}

function escaped(part: string): string {
  return part.replace(/[^A-Za-z0-9-]/g, (sign) =>
    [...Buffer.from(sign)].map((byte) => `_${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}

function unescaped(part: string): string {
  return part.replace(/(?:_[\da-f]{2})+/g, (bytes) =>
    Buffer.from(bytes.replaceAll('_', ''), 'hex').toString(),
  );
}
