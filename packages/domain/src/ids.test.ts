import fc from 'fast-check';
import {
  executionName,
  INDEX_SHARDS,
  isOrderId,
  isSku,
  openShard,
  orderOfExecution,
  placedShard,
} from './ids.ts';

it.each(['1', '536365', 'a-B_9', 'x'.repeat(64)])('%s is an order id', (id) => {
  expect(isOrderId(id)).toBe(true);
});
it.each(['', 'a b', 'a/b', 'é', 'x'.repeat(65), '1\n', 1, null])('%j is none', (id) => {
  expect(isOrderId(id)).toBe(false);
});

it.each(['M', 'BANK CHARGES', '85123a', 'gift_0001_20', 'é', '小', 'x'.repeat(64)])('%s is a SKU', (sku) => {
  expect(isSku(sku)).toBe(true);
});
it.each(['', ' ', ' M', 'M ', 'a\tb', 'a\nb', 'a\u0000b', 'a\u200bb', 'x'.repeat(65), 7, undefined])(
  '%j is none',
  (sku) => {
    expect(isSku(sku)).toBe(false);
  },
);

const ids = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);

it('an execution’s name is one that Step Functions takes, also after a thousand restarts, and tells its order', () => {
  fc.assert(
    fc.property(ids, fc.nat(1_000), (id, restart) => {
      const name = executionName(id, restart);

      expect(name).toMatch(/^[A-Za-z0-9_.-]{1,80}$/);
      expect(orderOfExecution(name)).toBe(id);
    }),
  );
  expect([executionName('7'), executionName('7', 2)]).toEqual(['7', '7.r2']);
});

it.each(['', '7.r0', '7.r', '7.r1.r2', '7.x', '.r1', '7 8'])('%j is no name of an execution', (name) => {
  expect(orderOfExecution(name)).toBeUndefined();
});

it('an order’s shards are always the same, and among the few that there are', () => {
  fc.assert(
    fc.property(ids, (id) => {
      const [, shard] = openShard(id).split('#');

      expect(Number(shard)).toBeLessThan(INDEX_SHARDS);
      expect(openShard(id)).toBe(openShard(id));
      expect(placedShard(id, '2011-11-14T08:00:00.000Z')).toBe(`2011-11-14#${shard}`);
    }),
  );
});
