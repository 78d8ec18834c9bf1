/** What a command answers, before it is written in the version of the protocol that the client speaks. */
export type Reply =
  | { readonly kind: 'status'; readonly text: string }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'bulk'; readonly text: string }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'null' }
  | { readonly kind: 'array'; readonly items: readonly Reply[] }
  /** Members with their scores: pairs for newer clients, one after the other for older ones. */
  | { readonly kind: 'pairs'; readonly pairs: readonly (readonly [Reply, Reply])[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, Reply])[] };

export type Protocol = 2 | 3;

export const OK: Reply = { kind: 'status', text: 'OK' };
export const QUEUED: Reply = { kind: 'status', text: 'QUEUED' };
export const NOTHING: Reply = { kind: 'null' };

export function integer(value: number): Reply {
  return { kind: 'integer', value };
}

export function bulk(text: string): Reply {
  return { kind: 'bulk', text };
}

export function array(items: readonly Reply[]): Reply {
  return { kind: 'array', items };
}

/** @param text begins with its code: `ERR`, `NOAUTH`. Line breaks would end the reply early. */
export function failure(text: string): Reply {
  return { kind: 'error', text: text.replaceAll(/[\r\n]+/g, ' ') };
}

/** The reply in the protocol's words, one character for each byte. */
export function written(reply: Reply, protocol: Protocol): string {
  switch (reply.kind) {
    case 'status':
      return `+${reply.text}\r\n`;
    case 'error':
      return `-${reply.text}\r\n`;
    case 'integer':
      return `:${reply.value}\r\n`;
    case 'bulk':
      return bulkString(reply.text);
    case 'double':
      return protocol === 3 ? `,${scoreText(reply.value)}\r\n` : bulkString(scoreText(reply.value));
    case 'null':
      return protocol === 3 ? '_\r\n' : '$-1\r\n';
    case 'array':
      return `*${reply.items.length}\r\n${reply.items.map((item) => written(item, protocol)).join('')}`;
    case 'pairs': {
      const items = protocol === 3 ? reply.pairs.map(array) : reply.pairs.flat();
      return written(array(items), protocol);
    }
    case 'map': {
      const { entries } = reply;
      const content = entries.map(([name, item]) => bulkString(name) + written(item, protocol)).join('');
      return `${protocol === 3 ? `%${entries.length}` : `*${entries.length * 2}`}\r\n${content}`;
    }
  }
}

/** A score as Redis writes it. */
export function scoreText(score: number): string {
  if (score === Infinity) return 'inf';
  return score === -Infinity ? '-inf' : String(score);
}

function bulkString(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}
