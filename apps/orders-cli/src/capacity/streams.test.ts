import { readRecording } from '../cost/recording.ts';
import { demandOf, type Demand } from './demand.ts';
import { streamsOf } from './streams.ts';

const demand = demandOf(readRecording('standard'));
const paceOf = (name: string, more: Partial<Demand> = {}) =>
  streamsOf({ ...demand, ...more }).find((one) => one.name.startsWith(name));

it.each(['Stream of orders', 'Stream of stock'])('lets the dispatcher keep up with the %s', (name) => {
  expect(paceOf(name)).toMatchObject({ keepsUp: true, arithmetic: expect.stringMatching(/at any pace/) });
});

it('takes from a shard of stock what is written to one item in transactions, whatever an order has', () => {
  expect(paceOf('Stream of stock')).toMatchObject({ brings: 500, takes: 2_000 });
  expect(paceOf('Stream of stock', { lines: 60 })).toMatchObject({ brings: 500 });
});

it('says it when a shard brings more than the dispatcher takes', () => {
  expect(paceOf('Stream of orders', { writes: { orders: 1 } })).toMatchObject({
    brings: 5_000,
    keepsUp: false,
    arithmetic: expect.stringMatching(/it falls behind$/),
  });
});
