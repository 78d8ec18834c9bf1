import { compileMath } from './metric-math.ts';

const VALUES: Readonly<Record<string, number>> = { a: 6, b: 3, zero: 0 };
const IDS = new Set(['a', 'b', 'zero', 'none']);

function result(text: string): number | undefined {
  const compiled = compileMath(text, IDS);
  if (typeof compiled === 'string') throw new Error(compiled);
  return compiled((id) => VALUES[id]);
}

it.each([
  ['a', 6],
  ['100 * b / a', 50],
  ['a - b - 1', 2],
  ['a / b / 2', 1],
  ['1 + 2 * a', 13],
  ['(1 + 2) * a', 18],
  ['-a + 0.5', -5.5],
  ['SUM([a, b, none])', 9],
  ['MAX([a, b]) - MIN([a, b])', 3],
  ['AVG([a, b, none])', 4.5],
  ['a + none', undefined],
  ['a / zero', undefined],
  ['SUM([none])', undefined],
])('%s is %p', (text, expected) => {
  expect(result(text)).toBe(expected);
});

it.each([
  ['a +', 'it ends too early'],
  ['a b', '"b" is not expected there'],
  ['SUM(a)', '"[" is expected instead of "a"'],
  ['FILL(a, 0)', '"FILL" is not known here. Known are SUM, MAX, MIN, AVG, a, b, zero, none'],
  ['a % b', '"% b" can\'t be read here'],
])('%s is refused: %s', (text, problem) => {
  expect(compileMath(text, IDS)).toBe(problem);
});
