import { orderProblems } from '@orderstream/domain';
import { forSale } from './catalogue.ts';
import { newOrder } from './new-order.ts';
import { readPlacement } from './placement.ts';
import { PLACEMENT } from './testing/fake-shop.ts';

it.each([
  ['0.00000001', 1_000_000],
  ['0.000000005', 1],
  ['100000000', 1_000_000],
  ['999999999999.99999999', 1],
])('an order of the longest name, the most lines and a price of %s is valid', (unitPrice, quantity) => {
  const product = { sku: 'M'.repeat(64), name: 'N'.repeat(500), unitPrice, currency: 'GBP' };
  const lines = Array.from({ length: 5 }, () => ({ sku: product.sku, quantity }));
  const products = new Map(forSale([product]).map((each) => [each.sku, each]));
  const circumstances = { orderId: 'o-1', customerId: 'ada', now: 0, currency: 'GBP', writer: 'order-api' };

  const order = newOrder(readPlacement({ ...PLACEMENT, lines }), {
    ...circumstances,
    products,
    trace: undefined,
  });

  expect(orderProblems(order, 'GBP')).toEqual([]);
});
