import { ShardError } from './errors.ts';
import type { Aggregation, Aggregations, RangeBucket, TermsOrder } from './aggregation.ts';
import { countedField } from './fielddata.ts';
import type { Json } from './json.ts';
import type { Field } from './mapping.ts';
import { matcherOf } from './matcher.ts';
import type { SearchIndex, StoredDocument } from './search-index.ts';
import type { Value } from './values.ts';

/** A document with the index it is in: a search may go over several. */
export interface Found {
  readonly index: SearchIndex;
  readonly document: StoredDocument;
}

type Of<Kind> = Extract<Aggregation, { readonly kind: Kind }>;

/** Counts what was found. @param indexes all that were searched. */
export function aggregate(
  aggregations: Aggregations,
  found: readonly Found[],
  indexes: readonly SearchIndex[],
): Json {
  const answers = [...aggregations].map(([name, aggregation]) => [name, one(aggregation, found, indexes)]);
  return Object.fromEntries(answers);
}

function one(aggregation: Aggregation, found: readonly Found[], indexes: readonly SearchIndex[]): Json {
  const inside = (part: readonly Found[]) => aggregate(aggregation.inside, part, indexes);
  if (aggregation.kind === 'filter') {
    const matchers = new Map(indexes.map((index) => [index, matcherOf(aggregation.query, index)]));
    const part = found.filter(({ index, document }) => matchers.get(index)?.(document) !== undefined);
    return { doc_count: part.length, ...inside(part) };
  }
  const fields = indexes.map((index) => countedField(aggregation.field, index));
  const field = fields.find((known) => known !== undefined);
  if (aggregation.kind === 'terms') return terms(aggregation, field, found, inside);
  for (const [position, index] of indexes.entries()) refuseUncounted(aggregation, fields[position], index);
  if (aggregation.kind === 'range') return range(aggregation, found, inside);
  return metric(aggregation, field, found);
}

function terms(
  { field: name, size, minimumCount, order }: Of<'terms'>,
  field: Field | undefined,
  found: readonly Found[],
  inside: (part: readonly Found[]) => Json,
): Json {
  const groups = new Map<Value, Found[]>();
  for (const one of found)
    for (const value of new Set(one.document.values.get(name))) {
      const group = groups.get(value);
      if (group) group.push(one);
      else groups.set(value, [one]);
    }
  const all = [...groups]
    .filter(([, group]) => group.length >= minimumCount)
    .map(([key, group]) => ({ key, group }))
    .sort(byOrder(order));
  const buckets = all.slice(0, size);
  return {
    doc_count_error_upper_bound: 0,
    sum_other_doc_count: all.slice(size).reduce((sum, { group }) => sum + group.length, 0),
    buckets: buckets.map(({ key, group }) => ({
      ...keyOf(field, key),
      doc_count: group.length,
      ...inside(group),
    })),
  };
}

function byOrder(order: readonly TermsOrder[]) {
  type Bucket = { readonly key: Value; readonly group: readonly Found[] };
  const keys = [...order, { by: '_key', order: 'asc' } as const];
  return (a: Bucket, b: Bucket): number => {
    for (const { by, order: direction } of keys) {
      const [one, other] = by === '_count' ? [a.group.length, b.group.length] : [a.key, b.key];
      if (one !== other) return one < other === (direction === 'asc') ? -1 : 1;
    }
    return 0;
  };
}

function keyOf(field: Field | undefined, key: Value): Json {
  if (typeof key === 'boolean') return { key: key ? 1 : 0, key_as_string: String(key) };
  return field?.type === 'date' ? { key, key_as_string: isoOf(Number(key)) } : { key };
}

function range(
  { field, ranges, keyed }: Of<'range'>,
  found: readonly Found[],
  inside: (part: readonly Found[]) => Json,
): Json {
  const buckets = ranges.map((bucket): [string, Json] => {
    const { from, to } = bucket;
    const part = found.filter(({ document }) =>
      document.values
        .get(field)
        ?.some((value) => Number(value) >= (from ?? -Infinity) && Number(value) < (to ?? Infinity)),
    );
    const bounds = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
    return [bucketKey(bucket), { ...bounds, doc_count: part.length, ...inside(part) }];
  });
  return {
    buckets: keyed ? Object.fromEntries(buckets) : buckets.map(([key, bucket]) => ({ key, ...bucket })),
  };
}

/** `10.0-20.0`, `*-10.0`: numbers as Java writes them. */
function bucketKey({ key, from, to }: RangeBucket): string {
  const written = (bound: number | undefined) =>
    bound === undefined ? '*' : Number.isInteger(bound) ? `${bound}.0` : String(bound);
  return key ?? `${written(from)}-${written(to)}`;
}

function metric(
  { kind, field: name }: Of<'min' | 'max' | 'stats'>,
  field: Field | undefined,
  found: readonly Found[],
): Json {
  const values = found.flatMap(({ document }) => document.values.get(name) ?? []).map(Number);
  const isDate = field?.type === 'date';
  const least = values.reduce<number | null>((a, b) => (a === null || b < a ? b : a), null);
  const most = values.reduce<number | null>((a, b) => (a === null || b > a ? b : a), null);
  const value = (label: string, number: number | null) => ({
    [label]: number,
    ...(isDate && number !== null && { [`${label}_as_string`]: isoOf(number) }),
  });
  if (kind === 'min') return value('value', least);
  if (kind === 'max') return value('value', most);
  const sum = values.reduce((a, b) => a + b, 0);
  return {
    count: values.length,
    ...value('min', least),
    ...value('max', most),
    ...value('avg', values.length === 0 ? null : sum / values.length),
    sum,
  };
}

function isoOf(epoch: number): string {
  return new Date(epoch).toISOString();
}

function refuseUncounted({ kind }: Aggregation, field: Field | undefined, index: SearchIndex): void {
  if (field === undefined || ['long', 'integer', 'double'].includes(field.type)) return;
  if (field.type === 'date' && kind !== 'range') return;
  const reason = `Field [${field.name}] of type [${field.type}] is not supported for aggregation [${kind}]`;
  throw new ShardError('illegal_argument_exception', reason, index.name);
}
