import fc from 'fast-check';
import { compareMoney, orderTotal } from './money.ts';
import { DEFAULT_PRICING, priceOrder, salePriceSchema } from './pricing.ts';

it.each([
  ['49.99', '4.95', '10.988', '65.928'],
  ['50.00', '0', '10', '60'],
  ['0.001', '4.95', '0.9902', '5.9412'],
])('goods of %s ship for %s, with tax of %s: %s', (unitPrice, shipping, tax, total) => {
  expect(priceOrder([{ quantity: 1, unitPrice }])).toEqual({ shipping, tax, total });
});

it.each([
  ['9.50', []],
  ['0.00000001', []],
  ['0.000000001', ['has too many digits for its tax to be exact: give it fewer decimals']],
  ['0', ['must be more than 0']],
  ['-1', ['must not be negative', 'must be more than 0']],
  ['cheap', ['must be a decimal string such as "12.50"', 'must be more than 0']],
])('a product sold at %j is told %j', (price, problems) => {
  const { error } = salePriceSchema.safeParse(price);

  expect(error?.issues.map(({ message }) => message) ?? []).toEqual(problems);
});

it('the price of an order is what an order may cost', () => {
  const lines = fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 99 }),
      unitPrice: fc.nat(99_999).map((mils) => `${mils / 1000}`),
    }),
  );
  fc.assert(
    fc.property(lines, (ordered) => {
      const price = priceOrder(ordered, DEFAULT_PRICING);

      expect(compareMoney(orderTotal({ lines: ordered, ...price }), price.total)).toBe(0);
    }),
  );
});
