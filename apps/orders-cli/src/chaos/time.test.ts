import { killMoments } from './storm.ts';
import { waitsForTime } from './time.ts';

it.each([
  ['nothing', {}, 10_000, false],
  ['a wait that was only just seen', { execution: 3 }, 0, false],
  ['waits only, for a moment', { execution: 3, message: 2 }, 300, true],
  ['work, for a moment', { execution: 3, invocation: 1 }, 300, false],
  ['work that has stood still', { execution: 3, invocation: 1 }, 2_000, true],
])('time is moved or not with %s in flight', (_, inFlight, sameForMs, moved) => {
  expect(waitsForTime(inFlight, sameForMs)).toBe(moved);
});

it('kills are spread over the load, at places that the seed names', () => {
  const moments = killMoments(1_000, 4, 7);

  expect(moments).toEqual(killMoments(1_000, 4, 7));
  expect(moments).not.toEqual(killMoments(1_000, 4, 8));
  expect(moments.map((moment) => Math.floor(moment / 250))).toEqual([0, 1, 2, 3]);
});
