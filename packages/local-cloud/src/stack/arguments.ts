import * as z from 'zod';

/** What is known of a field beyond its type: that it does nothing here, or that fields of its own are inside. */
type FieldNote = { readonly inert: string } | { readonly block: z.ZodRawShape };

const notes = new WeakMap<z.core.$ZodType, FieldNote>();

function noted<Field extends z.core.$ZodType>(field: Field, note: FieldNote): Field {
  notes.set(field, note);
  return field;
}

/** A string. Terraform turns numbers and booleans into strings where one is expected. */
export const text = z.preprocess(
  (value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value),
  z.string(),
);

/** A boolean, or its name. */
export const flag = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean(),
);

/** A whole number, or its digits, from `min` to `max`. */
export function whole(min: number, max: number) {
  const digits = (value: unknown) =>
    typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  return z.preprocess(digits, z.int().min(min).max(max));
}

/** A string that holds a JSON document: a policy, a pattern, a definition. */
export const jsonText = z.string().refine(isJson, { error: 'must be JSON' });

/** An argument that does nothing here; the reason is listed with the stack. */
export function inert(reason: string) {
  return noted(z.unknown().optional(), { inert: reason });
}

/** An argument that is known and not run; `remedy` says what to do instead. */
export function refused(remedy: string) {
  return z.never({ error: `is not supported here. ${remedy}` }).optional();
}

/** A block that stands at most once. CDKTF writes it as an object, Terraform also takes a list of one. */
export function block<Shape extends z.ZodRawShape>(shape: Shape) {
  const inner = z.strictObject(shape);
  const unwrap = (value: unknown): unknown => (Array.isArray(value) && value.length <= 1 ? value[0] : value);
  return noted(z.preprocess(unwrap, inner.optional()), { block: shape });
}

/** A block that may be repeated. */
export function blocks<Shape extends z.ZodRawShape>(shape: Shape) {
  const inner = z.strictObject(shape);
  const wrap = (value: unknown): unknown => (value === undefined ? [] : [value].flat());
  return noted(z.preprocess(wrap, z.array(inner)), { block: shape });
}

/** Arguments of Terraform itself, which every resource may have. */
const metaArguments = {
  depends_on: z.unknown().optional(),
  lifecycle: z.unknown().optional(),
  tags: z.unknown().optional(),
  tags_all: z.unknown().optional(),
  timeouts: z.unknown().optional(),
  provider: z
    .literal('aws', { error: 'this is a second provider. Every resource is in the one region of the stack' })
    .optional(),
  region: refused('Remove it: every resource is in the one region of the stack'),
  count: refused('Write the resources out with a loop in TypeScript'),
  for_each: refused('Write the resources out with a loop in TypeScript'),
  provisioner: refused('Remove it: nothing is provisioned here'),
  connection: refused('Remove it: nothing is provisioned here'),
};

/** The arguments of a resource type: those given here, the ones of Terraform itself, and no others. */
export function args<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject({ ...metaArguments, ...shape });
}

/** The arguments of a type that does nothing here: anything, as long as it is one resource of this stack. */
export function anyArgs(nameArgument: string) {
  return z.looseObject({ ...metaArguments, [nameArgument]: text });
}

/** Arguments by name, without those of Terraform itself: what an error message offers instead of a wrong one. */
export function offeredArguments(schema: z.ZodObject): string[] {
  return Object.keys(schema.shape).filter((name) => !Object.hasOwn(metaArguments, name));
}

/** The inert arguments that `raw` sets, by dotted name, each once. */
export function inertArguments(shape: z.ZodRawShape, raw: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  collectInert(shape, raw, '', found);
  return found;
}

function collectInert(shape: z.ZodRawShape, raw: unknown, prefix: string, found: Map<string, string>): void {
  if (typeof raw !== 'object' || raw === null) return;
  for (const [name, value] of Object.entries(raw)) {
    const note = shape[name] && notes.get(shape[name]);
    if (note === undefined) continue;
    if ('inert' in note) found.set(prefix + name, note.inert);
    else for (const item of [value].flat()) collectInert(note.block, item, `${prefix}${name}.`, found);
  }
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
