import { illegalArgument, parsingError } from './errors.ts';
import { fuzzinessIn } from './fuzziness.ts';
import {
  flagIn,
  isObject,
  listIn,
  numberIn,
  objectIn,
  onlyMember,
  refuseOthers,
  textIn,
  textOf,
  wholeIn,
  wordIn,
} from './json.ts';
import type { Json } from './json.ts';
import type { MinimumMatch, TextQuery } from './query.ts';

/** What both kinds of text queries take. */
const COMMON = [
  'query',
  'operator',
  'minimum_should_match',
  'fuzziness',
  'prefix_length',
  'max_expansions',
  'lenient',
  'boost',
];
const TYPES = ['best_fields', 'most_fields', 'cross_fields'] as const;

/** `{ "match": { "name": "heart" } }`, or with parameters `{ "name": { "query": "heart", … } }`. */
export function parseMatch(content: unknown): TextQuery {
  const [field, given] = onlyMember(content, 'match');
  const query = isObject(given) ? given : { query: given };
  refuseOthers(query, COMMON, (name) => `[match] query does not support [${name}]`);
  return {
    ...common('match', query),
    type: 'best_fields',
    fields: [{ name: field, boost: 1 }],
    tieBreaker: 0,
  };
}

/** `{ "multi_match": { "query": "heart", "fields": ["name^3", "description"], … } }`. */
export function parseMultiMatch(content: unknown): TextQuery {
  const query = objectIn(content, 'multi_match');
  const names = [...COMMON, 'fields', 'type', 'tie_breaker'];
  refuseOthers(query, names, (name) => `[multi_match] query does not support [${name}]`);
  const fields = listIn(query['fields']).map(boostedField);
  if (fields.length === 0) throw parsingError('[multi_match] requires [fields] here');
  const type = wordIn(query['type'] ?? 'best_fields', TYPES, 'multi_match.type');
  if (type === 'cross_fields' && query['fuzziness'] !== undefined)
    throw illegalArgument('Fuzziness not allowed for type [cross_fields]');
  const given = query['tie_breaker'];
  const tieBreaker = given === undefined ? 0 : numberIn(given, 'multi_match.tie_breaker');
  return { ...common('multi_match', query), type, fields, tieBreaker };
}

function common(type: string, query: Json): Omit<TextQuery, 'fields' | 'type' | 'tieBreaker'> {
  const { query: text, operator = 'or', fuzziness, boost = 1 } = query;
  if (text === undefined || text === null) throw parsingError(`[${type}] No text specified for text query`);
  return {
    kind: 'text',
    text: typeof text === 'object' ? textIn(text, `${type}.query`) : text,
    operator: wordIn(operator, ['or', 'and'], `${type}.operator`),
    minimumMatch: minimumIn(query['minimum_should_match']),
    fuzziness: fuzziness === undefined ? undefined : fuzzinessIn(fuzziness),
    prefixLength: wholeIn(query['prefix_length'] ?? 0, `${type}.prefix_length`),
    maxExpansions: wholeIn(query['max_expansions'] ?? 50, `${type}.max_expansions`, 1),
    lenient: flagIn(query['lenient'] ?? false, `${type}.lenient`),
    boost: numberIn(boost, `${type}.boost`),
  };
}

/** `name^3`: the field and what its score counts. */
function boostedField(value: unknown): { name: string; boost: number } {
  const text = textIn(value, 'multi_match.fields');
  const [name = '', boost] = text.split('^');
  if (name.includes('*'))
    throw parsingError(`[multi_match] patterns of fields are not run here: [${name}]. Name them`);
  return { name, boost: boost === undefined ? 1 : numberIn(boost, `multi_match.fields: ${text}`) };
}

/**
 * How many clauses must match: `2`, `-1`, `75%`, `-25%`.
 *
 * @see https://docs.opensearch.org/latest/query-dsl/minimum-should-match/
 */
export function minimumIn(value: unknown): MinimumMatch | undefined {
  if (value === undefined) return undefined;
  const [, number, percent] = /^\s*(-?\d+)(%?)\s*$/.exec(textOf(value)) ?? [];
  if (number === undefined)
    throw parsingError(
      `minimum_should_match must be a whole number or a percentage here, and is [${textOf(value)}]`,
    );
  return percent === '%' ? { percent: Number(number) } : { count: Number(number) };
}
