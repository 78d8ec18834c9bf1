import { analyze } from './analysis.ts';
import { ShardError } from './errors.ts';
import { editsFor } from './fuzziness.ts';
import { needed, type TextQuery } from './query.ts';
import type { SearchIndex } from './search-index.ts';

/** What a field is to a document: how many words of the query it holds, and how well they match together. */
interface Match {
  readonly words: number;
  readonly score: number;
}

type Matches = ReadonlyMap<string, Match>;

/**
 * Scores of the documents, by id, that a text query finds in analysed fields.
 *
 * @param fields those of the query that are analysed in this index.
 */
export function textScores(
  query: TextQuery,
  fields: TextQuery['fields'],
  index: SearchIndex,
): ReadonlyMap<string, number> {
  const words = analyze(String(query.text));
  const least = leastWords(query, words.length);
  if (words.length === 0) return new Map();
  const byField = fields.map((field) => words.map((word) => wordScores(query, field, word, index)));
  if (query.type === 'cross_fields') {
    const asOne = words.map((_, position) =>
      best(
        byField.flatMap((scores) => scores[position] ?? []),
        query.tieBreaker,
      ),
    );
    return scoresOf(together(asOne), least);
  }
  const perField = byField.map((scores) => scoresOf(together(scores), least));
  return query.type === 'most_fields' ? best(perField, 1) : best(perField, query.tieBreaker);
}

/** How many words of the query a document must hold. */
function leastWords({ operator, minimumMatch }: TextQuery, words: number): number {
  if (operator === 'and') return words;
  return Math.max(1, minimumMatch === undefined ? 1 : needed(minimumMatch, words));
}

function wordScores(
  query: TextQuery,
  { name, boost }: TextQuery['fields'][number],
  word: string,
  index: SearchIndex,
): ReadonlyMap<string, number> {
  if (index.mapping.fields.get(name)?.searched === false)
    throw new ShardError(
      'query_shard_exception',
      `Cannot search on field [${name}] since it is not indexed.`,
      index.name,
    );
  const { prefixLength, maxExpansions } = query;
  const edits = editsFor(word, query.fuzziness);
  const found = index.text.scores(name, word, { edits, prefixLength, maxExpansions });
  const factor = boost * query.boost;
  return new Map([...found].map(([id, score]) => [id, score * factor]));
}

/** The words' scores in one field, added up. */
function together(words: readonly ReadonlyMap<string, number>[]): Matches {
  const matches = new Map<string, { words: number; score: number }>();
  for (const scores of words)
    for (const [id, score] of scores) {
      const match = matches.get(id);
      if (match === undefined) matches.set(id, { words: 1, score });
      else {
        match.words += 1;
        match.score += score;
      }
    }
  return matches;
}

function scoresOf(matches: Matches, leastWords: number): ReadonlyMap<string, number> {
  const enough = [...matches].filter(([, { words }]) => words >= leastWords);
  return new Map(enough.map(([id, { score }]) => [id, score]));
}

/** The best of several scores, and `share` of the others. */
function best(all: readonly ReadonlyMap<string, number>[], share: number): ReadonlyMap<string, number> {
  const [only] = all;
  if (only && all.length === 1) return only;
  const found = new Map<string, number>();
  for (const id of new Set(all.flatMap((scores) => [...scores.keys()]))) {
    const scores = all.map((one) => one.get(id) ?? 0);
    const highest = Math.max(...scores);
    const sum = scores.reduce((total, score) => total + score, 0);
    found.set(id, highest + share * (sum - highest));
  }
  return found;
}
