import { durationOf } from './duration.ts';
import { UsageError } from './errors.ts';

it.each([
  ['0s', 0],
  ['30s', 30_000],
  ['10m', 600_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['1h30m', 5_400_000],
])('%s is %d ms', (text, ms) => {
  expect(durationOf(text)).toBe(ms);
});

it.each(['', '10', 'm', '-5m', '1.5h', '10 m', '401d', '5w'])('%j is refused', (text) => {
  expect(() => durationOf(text)).toThrow(UsageError);
});
