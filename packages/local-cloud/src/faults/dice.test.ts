import { Dice } from './dice.ts';

const throwsOf = (dice: Dice, count: number) => Array.from({ length: count }, (_none, n) => dice.roll(n + 1));

it('the n-th throw is the same each time, whatever was thrown before it', () => {
  const first = throwsOf(new Dice(7, 'slow'), 100);
  const again = new Dice(7, 'slow');

  expect([again.roll(100), again.roll(3)]).toEqual([first[99], first[2]]);
});

it.each([
  ['another seed', new Dice(8, 'slow'), 0],
  ['another name', new Dice(7, 'fast'), 0],
  ['another side of the same throw', new Dice(7, 'slow'), 1],
])('%s shows something else', (_what, other, side) => {
  const dice = new Dice(7, 'slow');
  const same = Array.from({ length: 1000 }, (_none, n) => n).filter(
    (n) => dice.roll(n) < 0.5 === other.roll(n, side) < 0.5,
  );

  expect(same.length).toBeGreaterThan(430);
  expect(same.length).toBeLessThan(570);
});

it.each([0.01, 0.05, 0.5, 0.95])('a chance of %d comes true that often, in each seed', (chance) => {
  for (let seed = 0; seed < 20; seed++) {
    const hits = throwsOf(new Dice(seed, 'slow'), 10_000).filter((shown) => shown < chance).length;
    const spread = 5 * Math.sqrt(10_000 * chance * (1 - chance));

    expect(Math.abs(hits - 10_000 * chance)).toBeLessThan(spread);
  }
});

it('every throw is at least 0 and less than 1', () => {
  const shown = throwsOf(new Dice(-1, ''), 10_000);

  expect(Math.min(...shown)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...shown)).toBeLessThan(1);
});

it('a throw says nothing of the one after it', () => {
  const shown = throwsOf(new Dice(7, 'slow'), 10_000);
  const together = shown.filter((low, n) => low < 0.1 && (shown[n + 1] ?? 1) < 0.1);

  expect(together.length).toBeGreaterThan(60);
  expect(together.length).toBeLessThan(140);
});
