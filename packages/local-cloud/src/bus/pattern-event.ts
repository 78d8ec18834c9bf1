import { type JsonNode, readJson } from './pattern-json.ts';
import { comparable, SpelledNumber } from './pattern-number.ts';

/** What an event holds under a key that it repeats: every value counts. */
export class RepeatedKey {
  readonly values: readonly unknown[];

  constructor(values: readonly unknown[]) {
    this.values = values;
  }
}

/** Spellings that may not survive `JSON.parse`: an exponent, or more digits than every double carries. */
const RISKY_NUMBER = /[:,[]\s*-?(?:\d+(?:\.\d+)?[eE]|[\d.]{16})/;

const SPACE = ' '.charCodeAt(0);

/**
 * Parses an event for matching: as `JSON.parse` does, with a {@link SpelledNumber} wherever a double would change a
 * number and a {@link RepeatedKey} wherever an object repeats a key. Most events have neither, and cost little more
 * than `JSON.parse`.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export function parseEvent(json: string): unknown {
  const value: unknown = JSON.parse(json);
  if (!RISKY_NUMBER.test(json) && countKeyEnds(json) === countKeys(value)) return value;
  return toValue(readJson(json));
}

/** Counts the colons after a quote: at least one for each key, more where a text holds such a colon. */
function countKeyEnds(json: string): number {
  let count = 0;
  for (let colon = json.indexOf(':'); colon >= 0; colon = json.indexOf(':', colon + 1)) {
    let before = colon - 1;
    while (json.charCodeAt(before) <= SPACE) before--;
    if (json.charAt(before) === '"') count++;
  }
  return count;
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  const perItem = Array.isArray(value) ? 0 : 1;
  for (const item of Object.values(value)) count += perItem + countKeys(item);
  return count;
}

function toValue(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries([...grouped(node.entries)].map(([key, values]) => [key, single(values)]));
    case 'array':
      return node.items.map(toValue);
    case 'number':
      return comparable(node.text) ?? new SpelledNumber(node.text);
    case 'string':
      return node.text;
    case 'literal':
      return node.value;
  }
}

function grouped(entries: readonly (readonly [key: string, value: JsonNode])[]): Map<string, unknown[]> {
  const groups = new Map<string, unknown[]>();
  for (const [key, node] of entries) groups.set(key, [...(groups.get(key) ?? []), toValue(node)]);
  return groups;
}

function single(values: readonly unknown[]): unknown {
  return values.length === 1 ? values[0] : new RepeatedKey(values);
}
