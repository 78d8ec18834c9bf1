import { dateIn } from './dates.ts';
import { SearchError } from './errors.ts';
import { isObject, textOf, type Json } from './json.ts';
import type { Field, Mapping } from './mapping.ts';

/** A value as it is compared, sorted and counted; a date is its epoch milliseconds. */
export type Value = string | number | boolean;

/** What a document holds, field by field. */
export interface FieldValues {
  /** Values of fields that are compared whole; none of a field that is absent or null. */
  readonly values: ReadonlyMap<string, readonly Value[]>;
  /** The text of each text field, in the mapping's order. */
  readonly texts: readonly string[];
}

const LARGEST: Readonly<Partial<Record<Field['type'], number>>> = { integer: 2 ** 31 - 1, long: 2 ** 63 };

/** The text fields of a mapping that are searched, in its order. */
export function textFields({ fields }: Mapping): Field[] {
  return [...fields.values()].filter(({ type, searched }) => type === 'text' && searched);
}

/**
 * Reads the fields of a document.
 *
 * @throws mapper_parsing_exception for a value that its field can't hold, and for a member that is no field.
 */
export function readValues(mapping: Mapping, id: string, source: Json): FieldValues {
  refuseUnmapped(mapping, source);
  const values = new Map<string, readonly Value[]>();
  const texts: string[] = [];
  for (const field of mapping.fields.values()) {
    const given = Object.hasOwn(source, field.source) ? source[field.source] : undefined;
    const items = [given].flat(Infinity).filter((item) => item !== null && item !== undefined);
    if (field.type === 'text') {
      if (items.length > 0) values.set(field.name, []);
      const words = items.map((item) => stored(field, id, item)).join('\n');
      if (field.searched) texts.push(words);
      continue;
    }
    const kept = items.map((item) => stored(field, id, item)).filter((item) => fits(field, item));
    if (kept.length > 0) values.set(field.name, kept);
  }
  return { values, texts };
}

/**
 * A value as its field compares it; undefined when the field can't hold it. Whole numbers drop what follows the point.
 */
export function valueFor(field: Field, value: unknown): Value | undefined {
  switch (field.type) {
    case 'text':
    case 'keyword': {
      if (typeof value === 'object') return undefined;
      const text = textOf(value);
      return field.lowerCased ? text.toLowerCase() : text;
    }
    case 'boolean':
      if (value === '' || value === false || value === 'false') return false;
      return value === true || value === 'true' ? true : undefined;
    case 'date':
      return dateIn(value);
    default: {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
      const kept = field.type === 'double' ? number : Math.trunc(number);
      return Math.abs(kept) <= (LARGEST[field.type] ?? Infinity) ? kept : undefined;
    }
  }
}

function stored(field: Field, id: string, item: unknown): Value {
  const value = valueFor(field, item);
  if (value !== undefined) return value;
  throw new SearchError(
    'mapper_parsing_exception',
    `failed to parse field [${field.name}] of type [${field.type}] in document with id '${id}'. ` +
      `Preview of field's value: '${textOf(item).slice(0, 100)}'`,
  );
}

function fits({ type, ignoreAbove }: Field, value: Value): boolean {
  return type !== 'keyword' || typeof value !== 'string' || value.length <= ignoreAbove;
}

function refuseUnmapped({ fields, others }: Mapping, source: Json): void {
  if (others === 'keep') return;
  for (const name of Object.keys(source)) {
    if (fields.has(name)) continue;
    throw new SearchError(
      'strict_dynamic_mapping_exception',
      `mapping set to strict, dynamic introduction of [${name}] within [_doc] is not allowed: ` +
        'no field is mapped by itself here. Map it, or set [dynamic] to false',
    );
  }
}

/** A part of a document's source, for messages and answers. */
export function sourceIn(value: unknown): Json {
  if (isObject(value)) return value;
  throw new SearchError('mapper_parsing_exception', 'failed to parse: a document must be an object');
}
