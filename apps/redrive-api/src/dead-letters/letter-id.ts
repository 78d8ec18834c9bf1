import { KINDS, type Kind } from './letter.ts';

const ID = /^[A-Za-z0-9_.-]{1,200}$/;

/** A letter's id: its kind, and the path on which it is found there. The same letter has the same id at all times. */
export function letterId(kind: Kind, path: readonly string[]): string {
  return [kind, ...path.map(escaped)].join('.');
}

/** What an id says. @returns undefined when it is no id of a dead letter. */
export function readLetterId(id: string): { readonly kind: Kind; readonly path: string[] } | undefined {
  const [first, ...path] = ID.test(id) ? id.split('.') : [];
  const kind = KINDS.find((one) => one === first);
  if (kind === undefined || path.length === 0 || path.includes('')) return undefined;
  return { kind, path: path.map(unescaped) };
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
