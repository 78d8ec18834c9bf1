import { retryDelay } from './retry-delay.ts';

it('waits twice as long for every try, up to a minute', () => {
  expect([1, 2, 3, 10, 11, 5_000].map(retryDelay)).toEqual([100, 200, 400, 51_200, 60_000, 60_000]);
});
