import { SearchError } from './errors.ts';
import { flagIn, isObject, textOf, wholeIn, type Json } from './json.ts';

/** Kinds of fields that an index may have here. */
export const FIELD_TYPES = ['text', 'keyword', 'boolean', 'long', 'integer', 'double', 'date'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

export interface Field {
  /** Dotted for one inside another (`name.raw`). */
  readonly name: string;
  /** The member of a document it is read from; that of the outer field for one inside another. */
  readonly source: string;
  readonly type: FieldType;
  /** Whether it can be searched. */
  readonly searched: boolean;
  /** Whether a word counts less in a longer text. */
  readonly norms: boolean;
  /** A keyword longer than this is left out. */
  readonly ignoreAbove: number;
  /** Whether a keyword is lower-cased. */
  readonly lowerCased: boolean;
}

export interface Mapping {
  readonly fields: ReadonlyMap<string, Field>;
  /** What happens to a member of a document that is no field: `refuse` it, or keep it unsearched. */
  readonly others: 'refuse' | 'keep';
  /** As it was given, for whoever asks. */
  readonly given: Json;
}

/** Parameters of a field, by its type, beside `type`. */
const PARAMETERS: Readonly<Record<FieldType, readonly string[]>> = {
  text: ['analyzer', 'fields', 'index', 'norms'],
  keyword: ['fields', 'ignore_above', 'normalizer', 'index'],
  boolean: ['fields', 'index'],
  long: ['fields', 'index'],
  integer: ['fields', 'index'],
  double: ['fields', 'index'],
  date: ['fields', 'format', 'index'],
};

const DATE_FORMAT = 'strict_date_optional_time||epoch_millis';

/**
 * Reads the mappings of an index.
 *
 * @throws mapper_parsing_exception naming the field and what of it is not run here.
 */
export function readMapping(given: unknown): Mapping {
  if (given === undefined) return { fields: new Map(), others: 'refuse', given: {} };
  if (!isObject(given)) throw wrong('mappings must be an object');
  for (const name of Object.keys(given))
    if (name !== 'properties' && name !== 'dynamic')
      throw wrong(`Root mapping definition has unsupported parameters: [${name}]`);
  const fields = new Map<string, Field>();
  const { properties = {}, dynamic } = given;
  if (!isObject(properties)) throw wrong('Expected map for property [properties]');
  for (const [name, definition] of Object.entries(properties))
    for (const field of fieldsIn(name, name, definition)) fields.set(field.name, field);
  return { fields, others: othersIn(dynamic), given };
}

/** Fields are never mapped by themselves: what OpenSearch would guess from a first document is refused. */
function othersIn(dynamic: unknown): Mapping['others'] {
  const setting = dynamic === undefined ? 'true' : textOf(dynamic);
  if (setting === 'false') return 'keep';
  if (setting === 'true' || setting === 'strict') return 'refuse';
  throw wrong(`Could not convert [dynamic] to one of true, false, strict: [${setting}]`);
}

function fieldsIn(name: string, source: string, definition: unknown): Field[] {
  if (!isObject(definition)) throw wrong(`Expected map for property [fields] on field [${name}]`);
  if (name === '' || name === '__proto__') throw wrong(`field name [${name}] is not allowed`);
  const { type: typeName, fields = {} } = definition;
  const type = FIELD_TYPES.find((known) => known === typeName);
  if (typeName === undefined) throw wrong(`No type specified for field [${name}]`);
  if (type === undefined)
    throw wrong(`No handler for type [${textOf(typeName)}] declared on field [${name}]`);
  for (const parameter of Object.keys(definition))
    if (parameter !== 'type' && !PARAMETERS[type].includes(parameter))
      throw wrong(`unknown parameter [${parameter}] on mapper [${name}] of type [${type}]`);
  if (!isObject(fields)) throw wrong(`Expected map for property [fields] on field [${name}]`);
  const inner = Object.entries(fields).flatMap(([label, inside]) =>
    fieldsIn(`${name}.${label}`, source, inside),
  );
  return [fieldOf(name, source, type, definition), ...inner];
}

function fieldOf(name: string, source: string, type: FieldType, definition: Json): Field {
  const { analyzer = 'standard', normalizer, format = DATE_FORMAT, index = true, norms = true } = definition;
  if (analyzer !== 'standard')
    throw wrong(`analyzer [${textOf(analyzer)}] has not been configured in mappings`);
  if (normalizer !== undefined && normalizer !== 'lowercase')
    throw wrong(`normalizer [${textOf(normalizer)}] not found for field [${name}]`);
  if (format !== DATE_FORMAT)
    throw wrong(`Invalid format: [${textOf(format)}] on field [${name}]: only ${DATE_FORMAT} is read here`);
  const longest = definition['ignore_above'];
  return {
    name,
    source,
    type,
    searched: flagIn(index, 'index'),
    norms: flagIn(norms, 'norms'),
    ignoreAbove: longest === undefined ? Infinity : wholeIn(longest, 'ignore_above'),
    lowerCased: normalizer === 'lowercase',
  };
}

function wrong(reason: string): SearchError {
  return new SearchError('mapper_parsing_exception', reason);
}
