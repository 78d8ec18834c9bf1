import { TextIndex } from './text-index.ts';

const EXACT = { edits: 0, prefixLength: 0, maxExpansions: 50 };
const FUZZY = { ...EXACT, edits: 1 };

function indexOf(...names: string[]): TextIndex {
  const index = new TextIndex([{ name: 'name', norms: true }]);
  names.forEach((name, position) => index.add({ id: String(position), texts: [name] }));
  return index;
}

describe('a text index', () => {
  it('keeps nothing of documents that were taken out or replaced', () => {
    const index = indexOf('white heart', 'red heart');
    for (let round = 0; round < 1_000; round += 1) {
      const document = { id: 'x', texts: [`heart number${round}`] };
      index.add(document);
      index.remove(document);
    }

    expect([index.size, index.words]).toEqual([2, 6]);
  });

  it('prefers the word itself to one near it, however rare that is', () => {
    const index = indexOf('heart', 'hearts', 'heart', 'heart', 'heart', 'heart');
    const scores = index.scores('name', 'heart', FUZZY);

    expect(scores.get('0')).toBeGreaterThan(scores.get('1')!);
  });

  it('demands the same beginning where that is asked for', () => {
    const index = indexOf('heart', 'heard', 'beart');
    const found = (prefixLength: number) => [
      ...index.scores('name', 'heart', { ...FUZZY, prefixLength }).keys(),
    ];

    expect(found(0).sort()).toEqual(['0', '1', '2']);
    expect(found(1).sort()).toEqual(['0', '1']);
    expect(found(5)).toEqual(['0']);
  });

  it('looks for no more words than it may', () => {
    const index = indexOf('heart', 'heard', 'hearts');
    expect([...index.scores('name', 'heart', { ...FUZZY, maxExpansions: 1 }).keys()]).toEqual(['0']);
  });

  it('counts a word less in a longer text, unless lengths say nothing', () => {
    const names = ['heart', 'heart of a very long name'];
    const scores = (norms: boolean) => {
      const index = new TextIndex([{ name: 'name', norms }]);
      names.forEach((name, position) => index.add({ id: String(position), texts: [name] }));
      return index.scores('name', 'heart', EXACT);
    };

    expect(scores(true).get('0')).toBeGreaterThan(scores(true).get('1')!);
    expect(scores(false).get('0')).toBe(scores(false).get('1'));
  });

  it('finds words that mean something to JavaScript', () => {
    const index = indexOf('__proto__ constructor', 'other');
    expect([...index.scores('name', '__proto__', EXACT).keys()]).toEqual(['0']);
    expect([...index.scores('name', 'constructor', EXACT).keys()]).toEqual(['0']);
    expect([...index.scores('name', 'tostring', EXACT).keys()]).toEqual([]);
  });
});
