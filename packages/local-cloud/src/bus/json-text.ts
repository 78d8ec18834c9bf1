import type { JsonNode } from './pattern-json.ts';

/** A value as JSON text without spaces: numbers as they were spelled, repeated keys as often as they came. */
export function writeJson(node: JsonNode): string {
  switch (node.kind) {
    case 'object':
      return `{${node.entries.map(([key, value]) => `${JSON.stringify(key)}:${writeJson(value)}`).join(',')}}`;
    case 'array':
      return `[${node.items.map(writeJson).join(',')}]`;
    case 'string':
      return JSON.stringify(node.text);
    case 'number':
      return node.text;
    case 'literal':
      return String(node.value);
  }
}
