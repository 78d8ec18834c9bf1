import type SearchableMap from 'minisearch/SearchableMap';
import { parsingError } from './errors.ts';
import { textOf } from './json.ts';

/** How many edits of a word still match it; `AUTO` decides by the word's length. */
export type Fuzziness = { readonly edits: 0 | 1 | 2 } | { readonly low: number; readonly high: number };

/** Lengths from which `AUTO` allows one edit, and two. */
const AUTO = { low: 3, high: 6 };

/**
 * @see https://docs.opensearch.org/latest/query-dsl/term/fuzzy/
 * @throws parsing_exception for anything but AUTO, AUTO:low,high, 0, 1 and 2.
 */
export function fuzzinessIn(value: unknown): Fuzziness {
  const text = textOf(value).toUpperCase();
  if (text === 'AUTO') return AUTO;
  if (text === '0' || text === '1' || text === '2') return { edits: text === '0' ? 0 : text === '1' ? 1 : 2 };
  const [, low, high] = /^AUTO:(\d+),(\d+)$/.exec(text) ?? [];
  if (low !== undefined && high !== undefined && Number(low) < Number(high))
    return { low: Number(low), high: Number(high) };
  throw parsingError(`fuzziness must be AUTO, 0, 1 or 2, and is [${textOf(value)}]`);
}

/** Edits that a word may be away from what is asked for. */
export function editsFor(word: string, fuzziness: Fuzziness | undefined): number {
  if (fuzziness === undefined) return 0;
  if ('edits' in fuzziness) return fuzziness.edits;
  const { length } = [...word];
  return length < fuzziness.low ? 0 : length < fuzziness.high ? 1 : 2;
}

/**
 * The words of a vocabulary that are at most so many edits away, with their distance. An edit inserts, deletes or
 * changes a character, or swaps two neighbours.
 */
export function wordsNear(
  vocabulary: SearchableMap<number>,
  word: string,
  edits: number,
): Map<string, number> {
  if (edits === 0) return new Map(vocabulary.has(word) ? [[word, 0]] : []);
  const found = new Map<string, number>();
  for (const [near, [, distance]] of vocabulary.fuzzyGet(word, edits)) found.set(near, distance);
  for (let at = 0; at + 1 < word.length; at += 1) {
    if (word[at] === word[at + 1]) continue;
    const swapped = `${word.slice(0, at)}${word.charAt(at + 1)}${word.charAt(at)}${word.slice(at + 2)}`;
    for (const [near, distance] of wordsNear(vocabulary, swapped, edits - 1))
      found.set(near, Math.min(distance + 1, found.get(near) ?? Infinity));
  }
  return found;
}
