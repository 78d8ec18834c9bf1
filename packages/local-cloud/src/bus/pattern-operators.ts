import { parseAddress, parseBlock } from './pattern-address.ts';
import type { JsonNode } from './pattern-json.ts';
import { comparable, ordered, SpelledNumber } from './pattern-number.ts';
import { compileRange } from './pattern-range.ts';
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

const ONLY_ONE = 'Only one key allowed in match expression';
const TOO_MANY = 'Too many elements in numeric expression';

/** Operators that hold for strings: what is compared with, and how. */
const TEXT_OPERATORS = new Map<string, (text: string) => (value: string) => boolean>([
  ['exactly', (text) => (value) => value === text],
  // A text is compared with the quotes around it, so a quote in the pattern can stand for the end of the value.
  ['prefix', (text) => (value) => `${value}"`.startsWith(text)],
  ['suffix', (text) => (value) => `"${value}`.endsWith(text)],
  ['equals-ignore-case', (text) => matcher(`^${eitherCase(text)}$`)],
  ['wildcard', (text) => checked(() => glob(text))],
  ['cidr', (text) => checked(() => parseBlock(text))],
]);

/** The same inside `prefix` and `suffix`: `{"prefix": {"equals-ignore-case": "x"}}`. */
const CASELESS = new Map<string, (text: string) => (value: string) => boolean>([
  ['prefix', (text) => matcher(`^${eitherCase(text)}`)],
  ['suffix', (text) => matcher(`${eitherCase(text)}$`)],
]);

/** What AWS calls an operator whose operand is no text, where that is not its name. */
const REFUSED_AS = new Map([
  ['exactly', 'exact'],
  ['cidr', 'prefix'],
]);

/** What `anything-but` may hold besides values, and the refusal of an operand that is no text. */
const NEGATABLE = new Map([
  ['prefix', 'prefix/suffix match pattern must be a string'],
  ['suffix', 'prefix/suffix match pattern must be a string'],
  [
    'equals-ignore-case',
    'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
  ],
  ['wildcard', 'wildcard match pattern must be a string'],
]);

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

function compileExpression(node: JsonNode & { kind: 'object' }): Element {
  const [operator, operand] = firstEntry(node, 'Match expression name not found');
  const element = compileOperator(operator, operand);
  onlyEntry(node, operator === 'numeric' || operator === 'anything-but' ? TOO_MANY : ONLY_ONE);
  return element;
}

function compileOperator(operator: string, operand: JsonNode): Element {
  if (operator === 'exists') {
    if (operand.kind !== 'literal' || operand.value === null) {
      throw new InvalidPattern('exists match pattern must be either true or false.');
    }
    return operand.value ? present(() => true) : { absent: true };
  }
  if (operator === 'numeric') return present(onNumber(numericRange(operand)));
  if (operator === 'anything-but') return present(anythingBut(operand));
  return present(onText(textOperator(operator, operand)));
}

function textOperator(operator: string, operand: JsonNode): (value: string) => boolean {
  const compile = TEXT_OPERATORS.get(operator);
  if (!compile) throw new InvalidPattern(`Unrecognized match type ${operator}`);
  const caseless = CASELESS.get(operator);
  if (!caseless || operand.kind !== 'object') {
    return compile(textOf(operand, `${REFUSED_AS.get(operator) ?? operator} match pattern must be a string`));
  }
  const name = `${operator.charAt(0).toUpperCase()}${operator.slice(1)}`;
  const [inner, text] = firstEntry(operand, `${name} expression name not found`);
  if (inner !== 'equals-ignore-case') throw new InvalidPattern(`Unsupported ${operator} pattern: ${inner}`);
  const test = caseless(textOf(text, 'equals-ignore-case match pattern must be a string'));
  onlyEntry(operand, ONLY_ONE);
  return test;
}

function anythingBut(operand: JsonNode): Test {
  if (operand.kind !== 'object') {
    const excluded = values(operand);
    return (leaf) => !excluded.has(leaf);
  }
  const [operator, inner] = firstEntry(operand, 'Anything-But expression name not found');
  const refusal = NEGATABLE.get(operator);
  if (refusal === undefined) throw new InvalidPattern(`Unsupported anything-but pattern: ${operator}`);
  const texts = listed(inner);
  if (texts.length === 0) throw new InvalidPattern('Empty arrays are not allowed');
  const excluded = texts.map((item) => {
    if (textOf(item, refusal) === '' && CASELESS.has(operator)) {
      throw new InvalidPattern('Null prefix/suffix not allowed');
    }
    return textOperator(operator, item);
  });
  onlyEntry(operand, TOO_MANY);
  return (leaf) => typeof leaf !== 'string' || !excluded.some((test) => test(leaf));
}

/** The values of `anything-but`: one or several, all strings or all numbers. */
function values(operand: JsonNode): ReadonlySet<Leaf> {
  const found = listed(operand).map((item) => {
    if (item.kind === 'string') return item.text;
    if (item.kind === 'number') return checked(() => ordered(item.text));
    throw new InvalidPattern('Inside anything but list, start|null|boolean is not supported.');
  });
  if (new Set(found.map((value) => typeof value)).size !== 1) {
    throw new InvalidPattern(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
  }
  return new Set(found);
}

/** What `anything-but` names: a list or one value. */
function listed(operand: JsonNode): readonly JsonNode[] {
  if (operand.kind === 'array') return operand.items;
  if (operand.kind === 'string' || operand.kind === 'number') return [operand];
  throw new InvalidPattern('Value of anything-but must be an array or single string/number value.');
}

function numericRange(operand: JsonNode): (value: number) => boolean {
  if (operand.kind !== 'array') throw new InvalidPattern('Value of numeric must be an array.');
  return checked(() => compileRange(operand.items));
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

function firstEntry(
  { entries }: JsonNode & { kind: 'object' },
  missing: string,
): readonly [string, JsonNode] {
  const [entry] = entries;
  if (!entry) throw new InvalidPattern(missing);
  return entry;
}

function onlyEntry({ entries }: JsonNode & { kind: 'object' }, refusal: string): void {
  if (entries.length > 1) throw new InvalidPattern(refusal);
}

function textOf(node: JsonNode, refusal: string): string {
  if (node.kind !== 'string') throw new InvalidPattern(refusal);
  return node.text;
}

function present(test: Test): Element {
  return { absent: false, test };
}

function onNumber(test: (value: number) => boolean): Test {
  return (leaf) => typeof leaf === 'number' && test(leaf);
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
