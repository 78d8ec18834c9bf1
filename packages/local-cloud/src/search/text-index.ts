import MiniSearch from 'minisearch';
import SearchableMap from 'minisearch/SearchableMap';
import { analyze } from './analysis.ts';
import { wordsNear } from './fuzziness.ts';

/** A document as the text index sees it: one text for each of its fields, '' where there is none. */
export interface TextDocument {
  readonly id: string;
  readonly texts: readonly string[];
}

/** What a word of a query may match. */
export interface Nearness {
  readonly edits: number;
  /** Characters at the start that must be the same. */
  readonly prefixLength: number;
  /** The nearest so many words are looked for, no more. */
  readonly maxExpansions: number;
}

/** A field of the index. */
export interface TextField {
  readonly name: string;
  /** Whether a word counts less in a longer text. */
  readonly norms: boolean;
}

/** How Lucene weighs a word's frequency (k) and a text's length (b). */
const BM25 = { k: 1.2, b: 0.75, d: 0 };

/** The analysed fields of an index: which documents hold a word, and how well they match it. */
export class TextIndex {
  readonly #fields: ReadonlyMap<string, { readonly position: number; readonly norms: boolean }>;
  readonly #engine: MiniSearch<TextDocument>;
  /** By field, the words in it and how many documents hold each. */
  readonly #vocabularies: readonly SearchableMap<number>[];

  /** @param fields in the order of a document's texts. */
  constructor(fields: readonly TextField[]) {
    this.#fields = new Map(fields.map(({ name, norms }, position) => [name, { position, norms }]));
    this.#vocabularies = fields.map(() => new SearchableMap<number>());
    this.#engine = new MiniSearch<TextDocument>({
      fields: fields.map((_, position) => String(position)),
      extractField: (document, name) => (name === 'id' ? document.id : (document.texts[Number(name)] ?? '')),
      tokenize: analyze,
      processTerm: (word) => word,
      autoVacuum: false,
    });
  }

  /** How many documents are in it. */
  get size(): number {
    return this.#engine.documentCount;
  }

  /** How many words are kept, in the engine and in the fields' vocabularies. */
  get words(): number {
    return this.#vocabularies.reduce((sum, { size }) => sum + size, this.#engine.termCount);
  }

  add(document: TextDocument): void {
    this.#engine.add(document);
    this.#count(document, 1);
  }

  /** Takes a document out at once and whole: nothing is left to be cleaned up. @param document as it was added. */
  remove(document: TextDocument): void {
    this.#engine.remove(document);
    this.#count(document, -1);
  }

  /** Scores of the documents that hold a word of a query, or one near it, in a field. */
  scores(field: string, word: string, nearness: Nearness): ReadonlyMap<string, number> {
    const known = this.#fields.get(field);
    const weights = known && this.#weights(known.position, word, nearness);
    if (!known || !weights || weights.size === 0) return new Map();
    const found = this.#engine.search('', {
      fields: [String(known.position)],
      tokenize: () => [...weights.keys()],
      boostTerm: (near) => weights.get(near) ?? 0,
      bm25: known.norms ? BM25 : { ...BM25, b: 0 },
    });
    // The engine multiplies a score by the number of words found, which here are forms of one.
    return new Map(found.map(({ id, score, queryTerms }) => [String(id), score / queryTerms.length]));
  }

  /**
   * The words that one of a query stands for, each with its weight: less the further away it is. They count as if all
   * were as frequent as the most frequent of them; else a rare misspelling would beat the word itself.
   */
  #weights(position: number, word: string, nearness: Nearness): Map<string, number> {
    const vocabulary = this.#vocabularies[position];
    if (vocabulary === undefined) return new Map();
    const prefix = word.slice(0, nearness.prefixLength);
    const near = [...wordsNear(vocabulary, word, nearness.edits)]
      .filter(([other]) => other.startsWith(prefix))
      .map(([other, distance]) => ({ other, similarity: similarity(word, other, distance) }))
      .filter((one) => one.similarity > 0)
      .sort((a, b) => b.similarity - a.similarity || (a.other < b.other ? -1 : 1))
      .slice(0, nearness.maxExpansions);
    const rarity = (count: number) => Math.log(1 + (this.size - count + 0.5) / (count + 0.5));
    const counts = near.map(({ other }) => vocabulary.get(other) ?? 1);
    const shared = rarity(Math.max(...counts));
    return new Map(
      near.map(({ other, similarity }, index) => [other, (similarity * shared) / rarity(counts[index] ?? 1)]),
    );
  }

  #count({ texts }: TextDocument, change: 1 | -1): void {
    this.#vocabularies.forEach((vocabulary, position) => {
      for (const word of new Set(analyze(texts[position] ?? ''))) {
        const count = (vocabulary.get(word) ?? 0) + change;
        if (count > 0) vocabulary.set(word, count);
        else vocabulary.delete(word);
      }
    });
  }
}

/** 1 for the same word, and less the more of it is edited. */
function similarity(word: string, other: string, distance: number): number {
  return 1 - distance / Math.min(word.length, other.length);
}
