import { type Element, compileElement, InvalidPattern } from './pattern-operators.ts';
import { firstValue, type JsonNode, readJson } from './pattern-json.ts';

/** The fields that must hold together: for each dotted path the elements of which one must be satisfied. */
export type Conjunction = ReadonlyMap<string, readonly Element[]>;

/**
 * Combinations that `$or` may make of a pattern.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
const MOST_COMBINATIONS = 1_000;

/** Field names that AWS keeps for itself inside `$or`. */
const RESERVED_IN_OR = new Set([
  ...[
    'exactly',
    'equals-ignore-case',
    'prefix',
    'suffix',
    'anything-but',
    'exists',
    'wildcard',
    'numeric',
    'cidr',
  ],
  ...['=', '<', '<=', '>', '>=', 'regex', 'not-wildcard', 'not-equals-ignore-case'],
  ...['date-after', 'date-on-or-after', 'date-before', 'date-on-or-before', 'in-date-range'],
  ...['ip-address-in-range', 'ip-address-not-in-range'],
]);

/**
 * Reads a pattern as alternatives of conjunctions: `$or` multiplies them. Repeated keys merge; for the same path the
 * last one wins, also over one written before an `$or`.
 *
 * @throws InvalidPattern for every pattern that EventBridge refuses.
 */
export function parsePattern(json: string): readonly Conjunction[] {
  let root: JsonNode;
  try {
    root = readJson(firstValue(json));
  } catch (error) {
    throw new InvalidPattern(error instanceof Error ? error.message : String(error));
  }
  if (root.kind !== 'object') throw new InvalidPattern('Filter is not an object');
  return addObject([new Map()], '', root, false);
}

function addObject(
  alternatives: readonly Conjunction[],
  path: string,
  node: JsonNode & { kind: 'object' },
  insideOr: boolean,
): readonly Conjunction[] {
  if (node.entries.length === 0) throw new InvalidPattern('Empty objects are not allowed');
  return node.entries.reduce((soFar, [key, value]) => {
    if (key === '$or') return addOr(soFar, path, value);
    if (insideOr && RESERVED_IN_OR.has(key)) {
      throw new InvalidPattern(`${key} is Ruler reserved fieldName which cannot be used inside $or.`);
    }
    const name = path === '' ? key : `${path}.${key}`;
    if (value.kind === 'object') return addObject(soFar, name, value, insideOr);
    if (value.kind !== 'array') throw new InvalidPattern(`"${key}" must be an object or an array`);
    if (value.items.length === 0) throw new InvalidPattern('Empty arrays are not allowed');
    const elements = value.items.map(compileElement);
    return soFar.map((fields) => new Map(fields).set(name, elements));
  }, alternatives);
}

function addOr(alternatives: readonly Conjunction[], path: string, node: JsonNode): readonly Conjunction[] {
  if (node.kind !== 'array') throw new InvalidPattern('It must be an Array followed with $or.');
  if (node.items.length < 2) {
    throw new InvalidPattern('There must have at least 2 Objects in $or relationship.');
  }
  if (alternatives.length * node.items.length > MOST_COMBINATIONS) {
    throw new InvalidPattern(`$or makes more than ${MOST_COMBINATIONS} combinations of rules.`);
  }
  return node.items.flatMap((item) => {
    if (item.kind !== 'object') {
      throw new InvalidPattern('Only JSON object is allowed in array of $or relationship.');
    }
    return addObject(alternatives, path, item, true);
  });
}
