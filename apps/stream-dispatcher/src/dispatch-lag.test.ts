import { dispatchLag } from './dispatch-lag.ts';
import { placed, stockMoved } from './testing/records.ts';

/** When the records of these tests were written, in epoch seconds. */
const WRITTEN = 1_321_228_800;
const at = (seconds: number) => {
  const record = placed('o-1');
  return { ...record, dynamodb: { ...record.dynamodb, ApproximateCreationDateTime: WRITTEN + seconds } };
};
const now = (WRITTEN + 10) * 1000;

it.each([
  ['is that of the oldest change', [at(8), at(3), at(9)], 7_000],
  ['is none of what is no order', [stockMoved('A', 5, 4)], undefined],
  ['is none of an empty batch', [], undefined],
  ['is never less than nothing, whatever the clocks say', [at(11)], 0],
])('the lag of a batch %s', (_, records, lag) => {
  expect(dispatchLag(records, [], now)).toBe(lag);
});

it('a change that failed is measured when it is handled', () => {
  const [late, other] = [at(1), at(9)];

  expect(dispatchLag([late, other], [late], now)).toBe(1_000);
});
