import type { JsonNode } from './pattern-json.ts';
import { ordered } from './pattern-number.ts';

const COMPARISONS = new Map<string, (value: number, bound: number) => boolean>([
  ['=', (value, bound) => value === bound],
  ['<', (value, bound) => value < bound],
  ['<=', (value, bound) => value <= bound],
  ['>', (value, bound) => value > bound],
  ['>=', (value, bound) => value >= bound],
]);

/**
 * Compiles what `numeric` holds: one comparison, or a bottom and a top.
 *
 * @throws Error with the reason for anything else, also for a range that holds no number.
 */
export function compileRange([sign, bound, ...rest]: readonly JsonNode[]): (value: number) => boolean {
  if (sign?.kind !== 'string') throw new Error(`Invalid member in numeric match: ${spelled(sign)}`);
  const first = comparison(sign.text, bound);
  if (rest.length === 0) {
    if (sign.text.startsWith('<')) check(-Number.MAX_VALUE, first.bound);
    if (sign.text.startsWith('>')) check(first.bound, Number.MAX_VALUE);
    return first.holds;
  }
  if (!sign.text.startsWith('>')) throw new Error('Too many elements in numeric expression');
  const [topSign, top, ...more] = rest;
  if (topSign?.kind !== 'string') throw new Error(`Bad value in numeric range: ${spelled(topSign)}`);
  if (!/^<=?$/.test(topSign.text)) throw new Error(`Bad numeric range operator: ${topSign.text}`);
  const last = comparison(topSign.text, top);
  if (more.length > 0) throw new Error('Too many terms in numeric range expression');
  check(first.bound, last.bound);
  return (value) => first.holds(value) && last.holds(value);
}

function comparison(sign: string, node: JsonNode | undefined) {
  const compare = COMPARISONS.get(sign);
  if (!compare) throw new Error(`Unrecognized numeric range operator: ${sign}`);
  if (node?.kind !== 'number') throw new Error(`Value of ${sign === '=' ? 'equals' : sign} must be numeric`);
  const bound = ordered(node.text);
  return { bound, holds: (value: number) => compare(value, bound) };
}

function check(bottom: number, top: number): void {
  if (bottom >= top) throw new Error('Bottom must be less than top');
}

/** How AWS names a node in a refusal: as it is spelled, a list or an object by its first bracket. */
function spelled(node: JsonNode | undefined): string {
  if (node === undefined) return ']';
  if (node.kind === 'literal') return String(node.value);
  if (node.kind === 'object' || node.kind === 'array') return node.kind === 'object' ? '{' : '[';
  return node.text;
}
