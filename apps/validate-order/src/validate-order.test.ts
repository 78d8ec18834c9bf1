import { anOrder } from '@orderstream/domain/fixtures';
import { validateOrder } from './validate-order.ts';

const INPUT = { orderId: 'order-1' };

/** A table with one order, and whether it was moved. */
function table(change: Parameters<typeof anOrder>[0]) {
  const advance = jest.fn(async () => ({ done: true, order: undefined }));
  return { read: async () => anOrder(change), advance };
}

it('moves a valid order on', async () => {
  const orders = table({});

  expect(await validateOrder(orders, 'GBP', INPUT)).toEqual({ orderId: 'order-1', status: 'VALIDATED' });
  expect(orders.advance).toHaveBeenCalledWith({ orderId: 'order-1', from: 'PLACED', to: 'VALIDATED' });
});

it('tells everything that is wrong at once', async () => {
  const orders = table({ lines: [{ sku: 'A', quantity: 0, unitPrice: '0' }], currency: 'pounds' });

  await expect(validateOrder(orders, 'GBP', INPUT)).rejects.toMatchObject({
    name: 'OrderInvalid',
    details: {
      problems: [
        'currency: must be a currency code such as GBP',
        'lines.0.quantity: must be at least 1',
        'lines.0.unitPrice: must be more than 0',
      ],
    },
  });
  expect(orders.advance).not.toHaveBeenCalled();
});

it('rejects an order in another currency than the shop’s', async () => {
  await expect(validateOrder(table({}), 'EUR', INPUT)).rejects.toMatchObject({
    name: 'OrderInvalid',
    details: { problems: ['currency: is GBP, but orders are in EUR here'] },
  });
});

it('hears the customer before it looks for faults', async () => {
  const orders = table({ total: '0', cancelRequestedAt: '2026-01-01T00:00:00.000Z' });

  await expect(validateOrder(orders, 'GBP', INPUT)).rejects.toMatchObject({ name: 'CancellationRequested' });
});

it('looks at an order, too, that only says of itself that it is valid', async () => {
  const invalid = table({ status: 'VALIDATED', lines: [{ sku: 'A', quantity: 0, unitPrice: '1' }] });
  const valid = table({ status: 'VALIDATED' });

  await expect(validateOrder(invalid, 'GBP', INPUT)).rejects.toMatchObject({ name: 'OrderInvalid' });
  expect(await validateOrder(valid, 'GBP', INPUT)).toEqual({ orderId: 'order-1', status: 'VALIDATED' });
  expect(valid.advance).not.toHaveBeenCalled();
});
