/** Characters that stand between two letters of one word (`o'clock`, `example.com`), by Unicode's rules MidLetter and MidNumLet. */
const BETWEEN_LETTERS = String.raw`['.:\u00B7\u2018\u2019\u2024\u2027\uFE13\uFE52\uFE55\uFF07\uFF0E\uFF1A]`;
/** And between two digits of one number (`1,000.50`), by MidNum and MidNumLet. */
const BETWEEN_DIGITS = String.raw`[.,;'\u2018\u2019\u2024\u037E\u060C\uFE10\uFE14\uFE50\uFE52\uFE54\uFF07\uFF0C\uFF0E\uFF1B]`;
/** Scripts without spaces between words: each character is a word of its own. */
const ALONE = String.raw`[\p{Script=Han}\p{Script=Hiragana}]`;
const LETTER = String.raw`(?!${ALONE})\p{L}`;
const MARKS = String.raw`[\p{M}\u200D]*`;

const WORD = new RegExp(
  String.raw`${ALONE}${MARKS}|(?:(?:${LETTER}|[\p{N}_])${MARKS}` +
    String.raw`(?:(?<=\p{L}${MARKS})${BETWEEN_LETTERS}(?=${LETTER})|(?<=\p{N}${MARKS})${BETWEEN_DIGITS}(?=\p{N}))?)+`,
  'gu',
);
const HAS_LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** Longest word; a longer one is cut into pieces of this length. */
const LONGEST_WORD = 255;

/**
 * OpenSearch's standard analyzer: splits text on Unicode's word boundaries and lower-cases the words, so that
 * `T-LIGHT HOLDER` becomes `t`, `light`, `holder`. There are no stop words.
 *
 * @see https://docs.opensearch.org/latest/analyzers/supported-analyzers/standard/
 * @see https://www.unicode.org/reports/tr29/#Word_Boundaries
 */
export function analyze(text: string): string[] {
  const words: string[] = [];
  for (const word of text.match(WORD) ?? []) {
    if (!HAS_LETTER_OR_DIGIT.test(word)) continue;
    const lower = word.toLowerCase();
    if (lower.length <= LONGEST_WORD) words.push(lower);
    else
      for (let at = 0; at < lower.length; at += LONGEST_WORD) words.push(lower.slice(at, at + LONGEST_WORD));
  }
  return words;
}
