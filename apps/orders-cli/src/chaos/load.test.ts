import { CHUNK_SKUS, orderProblems } from '@orderstream/domain';
import { chaosLoad, lastPrices, UNREADABLE_PREFIX, USUAL_LOAD, type Act } from './load.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const load = (orders = 400, seed = 7) => chaosLoad(orders, seed, NOW);
const imports = (acts: readonly Act[]) => acts.flatMap((act) => (act.do === 'import' ? [act.order] : []));

it('one seed gives one load, another another', () => {
  expect(load()).toEqual(load());
  expect(load(400, 8)).not.toEqual(load());
});

it('has as many orders as were asked for, and no two under one name', () => {
  const names = load().flatMap((act) =>
    act.do === 'order' ? [act.key] : act.do === 'import' ? [act.order.orderId] : [],
  );

  expect(names).toHaveLength(400);
  expect(new Set(names).size).toBe(400);
});

it('has all that may go wrong with an order', () => {
  const acts = load();
  const fates = new Set(acts.flatMap((act) => (act.do === 'order' ? [act.order.fate] : [])));
  const orders = imports(acts);

  expect([...fates].sort()).toEqual(
    ['cancelled', 'declined', 'out of stock', 'ships', 'troubled', 'undeliverable'].sort(),
  );
  expect(orders.some(({ lines }) => lines.length > CHUNK_SKUS)).toBe(true);
  expect(orders.some(({ lines }) => new Set(lines.map(({ sku }) => sku)).size < lines.length)).toBe(true);
  expect(orders.some((order) => orderProblems(order, 'GBP').length > 0)).toBe(true);
  expect(acts.some((act) => act.do === 'order' && act.rival)).toBe(true);
  expect(acts.some((act) => act.do === 'order' && act.twice)).toBe(true);
  expect(acts.some((act) => act.do === 'price')).toBe(true);
});

it('has records that are no orders, under names that tell', () => {
  const ids = load().flatMap((act) => (act.do === 'unreadable' ? [String(act.item['orderId'])] : []));

  expect(ids.length).toBeGreaterThan(20);
  expect(ids.every((id) => id.startsWith(UNREADABLE_PREFIX))).toBe(true);
});

it('follows its shape', () => {
  const acts = chaosLoad(100, 7, NOW, { ...USUAL_LOAD, rivals: 1 });

  expect(acts.every((act) => (act.do !== 'order' && act.do !== 'import') || act.rival)).toBe(true);
});

it('has one more price for each product whose price has changed', () => {
  const acts = chaosLoad(50, 7, NOW, { ...USUAL_LOAD, prices: 1 });
  const skus = (some: readonly Act[]) => some.flatMap((act) => (act.do === 'price' ? [act.sku] : []));

  expect(new Set(skus(acts)).size).toBe(50);
  expect(skus(lastPrices(acts))).toEqual([...new Set(skus(acts))]);
});
