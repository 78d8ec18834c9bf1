import { isObject, listIn, refuseOthers, textIn, type Json } from './json.ts';

/** Which part of a document's source is answered: undefined for none of it. */
export type SourceFilter = ((source: Json) => Json) | undefined;

/**
 * Reads `_source`: true, false, names (with `*`), or `{ includes, excludes }`. A name stands for all that is inside.
 *
 * @throws parsing_exception naming what is not run here.
 */
export function parseSourceFilter(given: unknown): SourceFilter {
  if (given === undefined || given === true) return (source) => source;
  if (given === false) return undefined;
  const { includes, excludes } = isObject(given) ? inAndOut(given) : { includes: given, excludes: undefined };
  const wanted = patternsIn(includes);
  const unwanted = patternsIn(excludes);
  return (source) => part(source, '', wanted, unwanted);
}

function inAndOut(given: Json): { includes: unknown; excludes: unknown } {
  refuseOthers(
    given,
    ['includes', 'include', 'excludes', 'exclude'],
    (name) => `[_source] does not support [${name}]`,
  );
  return {
    includes: given['includes'] ?? given['include'],
    excludes: given['excludes'] ?? given['exclude'],
  };
}

function patternsIn(given: unknown): readonly RegExp[] {
  return listIn(given).map((name) => {
    const pattern = textIn(name, '_source').split('*').map(escaped).join('.*');
    return new RegExp(`^${pattern}(?:\\.|$)`, 's');
  });
}

function escaped(text: string): string {
  return text.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function part(object: Json, path: string, wanted: readonly RegExp[], unwanted: readonly RegExp[]): Json {
  const members = Object.entries(object).flatMap(([name, value]) => {
    const inside = `${path}${name}`;
    if (unwanted.some((pattern) => pattern.test(inside))) return [];
    if (wanted.length === 0 || wanted.some((pattern) => pattern.test(inside))) {
      return [
        [name, isObject(value) && unwanted.length > 0 ? part(value, `${inside}.`, [], unwanted) : value],
      ];
    }
    if (!isObject(value)) return [];
    const deeper = part(value, `${inside}.`, wanted, unwanted);
    return Object.keys(deeper).length > 0 ? [[name, deeper]] : [];
  });
  return Object.fromEntries(members);
}
