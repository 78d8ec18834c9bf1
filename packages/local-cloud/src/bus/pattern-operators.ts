import { parseAddress, parseBlock } from './pattern-address.ts';
import type { JsonNode } from './pattern-json.ts';
import { comparable, SpelledNumber } from './pattern-number.ts';
import { glob } from './pattern-wildcard.ts';

/** A value at the end of a path in an event. */
export type Leaf = string | number | boolean | null | SpelledNumber;

/** Whether one value satisfies one element of a field's array. */
export type Test = (leaf: Leaf) => boolean;

/** An event pattern that EventBridge would refuse. The message says why, in the words of AWS's matcher. */
export class InvalidPattern extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'InvalidPattern';
  }
}

/** An element of a field's array: a test of its values, or the demand that there is none. */
export type Element = { readonly absent: true } | { readonly absent: false; readonly test: Test };

/** Operators that hold for strings: what is compared with, and how. */
const TEXT_OPERATORS: Readonly<Record<string, (text: string) => (value: string) => boolean>> = {
  exactly: (text) => (value) => value === text,
  prefix: (text) => (value) => value.startsWith(text),
  suffix: (text) => (value) => value.endsWith(text),
  'equals-ignore-case': (text) => matcher(`^${eitherCase(text)}$`),
  wildcard: (text) => checked(() => glob(text)),
  cidr: (text) => checked(() => parseBlock(text)),
};

/** The same inside `prefix` and `suffix`: `{"prefix": {"equals-ignore-case": "x"}}`. */
const CASELESS: Readonly<Record<string, (text: string) => (value: string) => boolean>> = {
  prefix: (text) => matcher(`^${eitherCase(text)}`),
  suffix: (text) => matcher(`${eitherCase(text)}$`),
};

/** What `anything-but` may hold besides values. */
const NEGATABLE = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/**
 * Compiles one element of a field's array: a value, or an object with one operator.
 *
 * @throws InvalidPattern for anything EventBridge does not know.
 */
export function compileElement(node: JsonNode): Element {
  switch (node.kind) {
    case 'object':
      return compileExpression(node);
    case 'string':
      return present(equalsText(node.text));
    case 'number':
      return present(equalsNumber(node.text));
    case 'literal':
      return present((leaf) => leaf === node.value);
    default:
      throw new InvalidPattern('Match value must be String, number, true, false, or null');
  }
}

function compileExpression(node: JsonNode): Element {
  const [operator, operand] = onlyEntry(node, 'Match expression name not found');
  if (operator === 'exists') {
    if (operand.kind !== 'literal' || operand.value === null) {
      throw new InvalidPattern('exists match pattern must be either true or false.');
    }
    return operand.value ? present(() => true) : { absent: true };
  }
  if (operator === 'numeric') return present(numeric(operand));
  if (operator === 'anything-but') return present(anythingBut(operand));
  return present(onText(textOperator(operator, operand)));
}

function textOperator(operator: string, operand: JsonNode): (value: string) => boolean {
  const caseless = CASELESS[operator];
  if (caseless && operand.kind === 'object') {
    const [inner, text] = onlyEntry(operand, `${operator} expression name not found`);
    if (inner !== 'equals-ignore-case') throw new InvalidPattern(`Unsupported ${operator} pattern: ${inner}`);
    return caseless(textOf(inner, text));
  }
  const compile = TEXT_OPERATORS[operator];
  if (!compile) throw new InvalidPattern(`Unrecognized match type ${operator}`);
  return compile(textOf(operator, operand));
}

function anythingBut(operand: JsonNode): Test {
  if (operand.kind !== 'object') {
    const excluded = values(operand);
    return (leaf) => !excluded.has(leaf);
  }
  const [operator, inner] = onlyEntry(operand, 'Anything-But expression name not found');
  if (!NEGATABLE.includes(operator)) {
    throw new InvalidPattern(`Unsupported anything-but pattern: ${operator}`);
  }
  const texts = inner.kind === 'array' ? inner.items : [inner];
  if (texts.length === 0) throw new InvalidPattern('Empty arrays are not allowed');
  const excluded = texts.map((item) => {
    if (item.kind === 'string' && item.text === '' && operator.endsWith('fix')) {
      throw new InvalidPattern('Null prefix/suffix not allowed');
    }
    if (item.kind !== 'string') throw new InvalidPattern(`${operator} match pattern must be a string`);
    return textOperator(operator, item);
  });
  return (leaf) => typeof leaf !== 'string' || !excluded.some((test) => test(leaf));
}

/** The values of `anything-but`: one or several, all strings or all numbers. */
function values(operand: JsonNode): ReadonlySet<Leaf> {
  const items = operand.kind === 'array' ? operand.items : [operand];
  const found = items.map((item) => {
    if (item.kind === 'string') return item.text;
    if (item.kind === 'number') return finite(item.text);
    throw new InvalidPattern('Inside anything but list, start|null|boolean is not supported.');
  });
  if (new Set(found.map((value) => typeof value)).size !== 1) {
    throw new InvalidPattern(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
  }
  return new Set(found);
}

function numeric(operand: JsonNode): Test {
  if (operand.kind !== 'array') throw new InvalidPattern('Value of numeric must be an array.');
  const [first, second] = [comparison(operand.items.slice(0, 2)), operand.items.slice(2)];
  if (second.length === 0) return (leaf) => typeof leaf === 'number' && first.holds(leaf);
  if (!first.operator.startsWith('>')) throw new InvalidPattern('Too many elements in numeric expression');
  if (second.length > 2) throw new InvalidPattern('Too many terms in numeric range expression');
  const last = comparison(second);
  if (!last.operator.startsWith('<')) {
    throw new InvalidPattern(`Bad numeric range operator: ${last.operator}`);
  }
  if (first.bound >= last.bound) throw new InvalidPattern('Bottom must be less than top');
  return (leaf) => typeof leaf === 'number' && first.holds(leaf) && last.holds(leaf);
}

function comparison([sign, bound]: readonly JsonNode[]) {
  if (sign?.kind !== 'string') throw new InvalidPattern('Invalid member in numeric match');
  const operator = sign.text;
  const compare = COMPARISONS[operator];
  if (!compare) throw new InvalidPattern(`Unrecognized numeric range operator: ${operator}`);
  if (bound?.kind !== 'number') throw new InvalidPattern(`Value of ${operator} must be numeric`);
  const limit = finite(bound.text);
  return { operator, bound: limit, holds: (value: number) => compare(value, limit) };
}

/** A text that spells an IP address equals every spelling of that address. */
function equalsText(text: string): Test {
  const address = parseAddress(text);
  if (!address) return (leaf) => leaf === text;
  return onText((value) => {
    const candidate = parseAddress(value);
    return candidate?.bits === address.bits && candidate.value === address.value;
  });
}

function equalsNumber(text: string): Test {
  const number = comparable(text);
  if (number !== undefined) return (leaf) => leaf === number;
  return (leaf) => leaf instanceof SpelledNumber && leaf.text === text;
}

function finite(text: string): number {
  const number = comparable(text);
  if (number === undefined) throw new InvalidPattern(`Cannot compare number : ${text}`);
  return number;
}

function onlyEntry(node: JsonNode, missing: string): readonly [string, JsonNode] {
  const [entry, ...more] = node.kind === 'object' ? node.entries : [];
  if (!entry) throw new InvalidPattern(missing);
  if (more.length > 0) throw new InvalidPattern('Only one key allowed in match expression');
  return entry;
}

function textOf(operator: string, node: JsonNode): string {
  if (node.kind !== 'string') throw new InvalidPattern(`${operator} match pattern must be a string`);
  return node.text;
}

function present(test: Test): Element {
  return { absent: false, test };
}

function onText(test: (value: string) => boolean): Test {
  return (leaf) => typeof leaf === 'string' && test(leaf);
}

function checked<T>(compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    throw new InvalidPattern(error instanceof Error ? error.message : String(error));
  }
}

/** A character matches its own lower and upper case, one by one, as AWS's matcher has it. */
function eitherCase(text: string): string {
  return [...text]
    .map((character) => `(?:${escape(character.toLowerCase())}|${escape(character.toUpperCase())})`)
    .join('');
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function matcher(source: string): (value: string) => boolean {
  const expression = new RegExp(source);
  return (value) => expression.test(value);
}
