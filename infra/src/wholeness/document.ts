/** Arguments of a resource as the Terraform JSON has them. */
export type Arguments = Readonly<Record<string, unknown>>;

/** Type → logical id → arguments. */
type Blocks = Readonly<Record<string, Readonly<Record<string, Arguments>>>>;

/** A synthesized stack, as `cdk.tf.json` has it. */
export interface StackDocument {
  readonly resource: Blocks;
  readonly data?: Blocks;
  readonly output?: Readonly<Record<string, unknown>>;
  readonly provider: Readonly<Record<string, readonly Arguments[]>>;
}

/** A resource or a data source of the document. */
export interface Resource {
  readonly type: string;
  readonly id: string;
  /** As Terraform writes it: `aws_sqs_queue.x`, `data.aws_caller_identity.y`. */
  readonly address: string;
  readonly arguments: Arguments;
}

/** `${aws_sqs_queue.x.arn}`: what is referred to, and which of its attributes. */
export interface Reference {
  readonly whole: string;
  readonly address: string;
  readonly attribute: string;
}

const REFERENCE = /\$\{((?:data\.)?[a-z0-9_]+\.[A-Za-z0-9_-]+)\.([a-z_]+)(?:\.\d+|\[\d+\])?\}/g;

export function referencesIn(text: string): readonly Reference[] {
  return [...text.matchAll(REFERENCE)].map(([whole, address = '', attribute = '']) => ({
    whole,
    address,
    attribute,
  }));
}

/** Every text in a value, however deep it lies; names of fields are none. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isRecord(value) ? Object.values(value).flatMap(textsIn) : [];
}

export function isRecord(value: unknown): value is Arguments {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All arguments but one. */
export function without(given: Arguments, argument: string): Arguments {
  return Object.fromEntries(Object.entries(given).filter(([name]) => name !== argument));
}

/** A nested block; Terraform JSON writes one as an object or as a list of one. */
export function block(value: unknown): Arguments {
  const [one] = blocks(value);
  return one ?? {};
}

/** Nested blocks, in a list or alone. */
export function blocks(value: unknown): readonly Arguments[] {
  return (Array.isArray(value) ? value : [value]).filter(isRecord);
}

/** A list of texts, or the only one. */
export function texts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** What a text says that is JSON; undefined for every other one. */
export function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
