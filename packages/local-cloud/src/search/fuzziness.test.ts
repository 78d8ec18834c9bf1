import SearchableMap from 'minisearch/SearchableMap';
import { editsFor, fuzzinessIn, wordsNear } from './fuzziness.ts';

describe('AUTO', () => {
  it.each([
    ['a', 0],
    ['ab', 0],
    ['abc', 1],
    ['abcde', 1],
    ['abcdef', 2],
    ['hanging', 2],
    ['äöü', 1],
  ])('allows for %s %i edits', (word, edits) => {
    expect(editsFor(word, fuzzinessIn('AUTO'))).toBe(edits);
  });

  it('may be given other lengths', () => {
    const fuzziness = fuzzinessIn('auto:2,4');
    expect(['a', 'ab', 'abc', 'abcd'].map((word) => editsFor(word, fuzziness))).toEqual([0, 1, 1, 2]);
  });
});

describe('fuzziness', () => {
  it.each([[0], [1], [2], ['2']])('%j is taken as it is', (value) => {
    expect(editsFor('anything', fuzzinessIn(value))).toBe(Number(value));
  });

  it.each([[3], [-1], ['FULL'], [1.5], ['AUTO:4,2'], [null], [{}]])('%j is refused', (value) => {
    expect(() => fuzzinessIn(value)).toThrow('fuzziness must be AUTO, 0, 1 or 2, and is');
  });
});

describe('words near another', () => {
  const near = (word: string, edits: number, ...vocabulary: string[]) =>
    Object.fromEntries(
      wordsNear(SearchableMap.from(vocabulary.map((known) => [known, 1] as [string, number])), word, edits),
    );

  it.each([
    ['heart', 0, { heart: 0 }],
    ['heart', 1, { heart: 0, hearts: 1, hear: 1 }],
    // Two neighbours that are swapped are one edit.
    ['haert', 1, { heart: 1 }],
    ['haert', 2, { heart: 1, hearts: 2, hear: 2 }],
    ['haetr', 2, { heart: 2, hear: 2 }],
    ['zzz', 2, {}],
  ])('%s with %i edits', (word, edits, expected) => {
    expect(near(word, edits, 'heart', 'hearts', 'hear', 'holder')).toEqual(expected);
  });
});
