import { analyze } from './analysis.ts';

describe('the standard analyzer', () => {
  it.each([
    ['WHITE HANGING HEART T-LIGHT HOLDER', ['white', 'hanging', 'heart', 't', 'light', 'holder']],
    ["don't stop", ["don't", 'stop']],
    ['o’clock', ['o’clock']],
    ["'quoted' words.", ['quoted', 'words']],
    ['example.com, e.g. this', ['example.com', 'e.g', 'this']],
    ['3.5 metres, 1,000 pieces, 3.x', ['3.5', 'metres', '1,000', 'pieces', '3', 'x']],
    ['A:B 1:2', ['a:b', '1', '2']],
    ['snake_case _ __', ['snake_case']],
    ['R2D2 36PENS', ['r2d2', '36pens']],
    ['ÄPFEL Straße cafe\u0301', ['äpfel', 'straße', 'cafe\u0301']],
    ['我们 ひら カタカナ 한국어', ['我', '们', 'ひ', 'ら', 'カタカナ', '한국어']],
    ['абв-где', ['абв', 'где']],
    ['  +-*/()"~^ ', []],
    ['', []],
  ])('splits %j into %j', (text, words) => {
    expect(analyze(text)).toEqual(words);
  });

  it('cuts a word that is longer than 255 characters into pieces', () => {
    expect(analyze('x'.repeat(300)).map(({ length }) => length)).toEqual([255, 45]);
  });
});
