import type * as z from 'zod/mini';
import type { WrongField } from './problem.ts';

/** Most that are told of one request: more than an order of the most lines can have wrong, each line twice. */
const MOST_TOLD = 5_000;

/** Characters of a field's name that are told; whoever sends an unknown field chooses its name. */
const LONGEST_NAME = 100;

/** What {@link readAs} makes of a value: what the schema makes of it, or everything that is wrong with it. */
export type Read<Data> =
  | { readonly data: Data; readonly errors?: never }
  | { readonly data?: never; readonly errors: readonly WrongField[] };

/**
 * Reads what a caller sent. What is wrong is told field by field, as the rule that it breaks: the value is never
 * repeated, for it may be a token or an address.
 */
export function readAs<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): Read<z.infer<Schema>> {
  const { success, data, error } = schema.safeParse(value, { error: ruleOf });
  return success ? { data } : { errors: wrongFieldsOf(error) };
}

/** Parameters of a query that a route does not know: a caller who sends them expects something of them. */
export function unknownParameters(
  query: Readonly<Record<string, unknown>>,
  known: readonly string[] = [],
): WrongField[] {
  const unknown = Object.keys(query).filter((name) => !known.includes(name));
  return unknown.slice(0, MOST_TOLD).map((name) => unknownField([name]));
}

/** What zod found wrong, field by field; an unknown field is named as such. */
function wrongFieldsOf(error: z.core.$ZodError): WrongField[] {
  const all = error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ field: fieldAt(issue.path), problem: issue.message }];
    return issue.keys.map((key) => unknownField([...issue.path, key]));
  });
  if (all.length <= MOST_TOLD) return all;
  const more = { field: 'body', problem: `has ${all.length - MOST_TOLD} more fields that are wrong` };
  return [...all.slice(0, MOST_TOLD), more];
}

function unknownField(path: readonly PropertyKey[]): WrongField {
  return { field: fieldAt(path), problem: 'is not known here: leave it out' };
}

function fieldAt(path: readonly PropertyKey[]): string {
  const name = path.map(String).join('.') || 'body';
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME)}…`;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

/** The rule that a value breaks, where the schema has no words of its own for it. */
const ruleOf: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type') {
    const rule = `must be ${KINDS[issue.expected] ?? issue.expected}`;
    return issue.input === undefined ? `is missing: it ${rule}` : rule;
  }
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_union' && Array.isArray(issue.options))
    return `must be one of ${issue.options.map(String).join(', ')}`;
  if (issue.code === 'too_big') return sized(issue.origin, 'at most', issue.maximum);
  if (issue.code === 'too_small') return sized(issue.origin, 'at least', issue.minimum);
  return undefined;
};

function sized(origin: string, bound: string, size: number | bigint): string {
  const things = { string: 'characters', array: 'entries' }[origin];
  return things === undefined ? `must be ${bound} ${size}` : `must have ${bound} ${size} ${things}`;
}
