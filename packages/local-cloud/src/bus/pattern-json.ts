/** A JSON value with what `JSON.parse` drops: repeated keys, their order, and how each number is spelled. */
export type JsonNode =
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: string, value: JsonNode])[] }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'literal'; readonly value: boolean | null };

/** Strings, brackets, numbers and literals; in valid JSON all that lies between them is punctuation. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]]|-?\d[\d.eE+-]*|true|false|null/g;

/**
 * The object or array that a text begins with, without what follows it; the whole text where there is none.
 * AWS's matcher reads a pattern up to its last bracket and looks no further.
 */
export function firstValue(text: string): string {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    if (depth <= 0) return text.slice(0, index + token.length);
  }
  return text;
}

/**
 * Reads JSON text without losing repeated keys or the spelling of numbers.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export function readJson(text: string): JsonNode {
  JSON.parse(text);
  const tokens = text.match(TOKEN) ?? [];
  let next = 0;
  const value = (): JsonNode => {
    const token = tokens[next++] ?? '';
    if (token === '{') return object();
    if (token === '[') return array();
    if (token.startsWith('"')) return { kind: 'string', text: unquote(token) };
    if (token === 'null') return { kind: 'literal', value: null };
    if (token === 'true' || token === 'false') return { kind: 'literal', value: token === 'true' };
    return { kind: 'number', text: token };
  };
  const object = (): JsonNode => {
    const entries: [string, JsonNode][] = [];
    while (tokens[next] !== '}') entries.push([unquote(tokens[next++] ?? ''), value()]);
    next++;
    return { kind: 'object', entries };
  };
  const array = (): JsonNode => {
    const items: JsonNode[] = [];
    while (tokens[next] !== ']') items.push(value());
    next++;
    return { kind: 'array', items };
  };
  return value();
}

function unquote(token: string): string {
  return String(JSON.parse(token));
}
