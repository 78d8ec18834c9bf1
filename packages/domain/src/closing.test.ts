import { closingFor } from './closing.ts';
import {
  AlreadyClosed,
  BUSINESS_ERRORS,
  BusinessError,
  CancellationRequested,
  CarrierUnavailable,
  OrderInvalid,
  OrderNotFound,
  OutOfStock,
  PaymentDeclined,
  PaymentGatewayUnavailable,
  RETRYABLE_ERRORS,
  RetryableError,
  Throttled,
  UndeliverableAddress,
} from './errors.ts';

const AT = '2026-01-01T00:00:00.000Z';

it.each([
  [new OrderInvalid('1', ['total: is 1']), 'REJECTED'],
  [new PaymentDeclined('1', 'card_declined'), 'REJECTED'],
  [new OutOfStock('1', ['MUG']), 'REJECTED'],
  [new UndeliverableAddress('1'), 'REJECTED'],
  [new CancellationRequested('1'), 'CANCELLED'],
  [new PaymentGatewayUnavailable('1', 'no answer'), 'FAILED'],
  [new CarrierUnavailable('1', 'no answer'), 'FAILED'],
  [new Throttled('AWS', 'slow down'), 'FAILED'],
  [new OrderNotFound('1'), 'FAILED'],
  [new TypeError('x is not a function'), 'FAILED'],
])('%s closes the order as %s', (error, as) => {
  expect(closingFor({}, error, AT)).toMatchObject({ as, cause: error.name, at: AT });
});

it('an order whose customer was told that it is cancelled is cancelled, whatever went wrong', () => {
  const closing = closingFor({ cancelRequestedAt: AT }, new OutOfStock('1', ['MUG']), AT);

  expect(closing).toMatchObject({ as: 'CANCELLED', cause: 'CancellationRequested' });
});

it('errors have the names that the state machine matches, and say what to do', () => {
  const business = [
    new OrderInvalid('1', ['x']),
    new PaymentDeclined('1', 'x'),
    new OutOfStock('1', ['x']),
    new UndeliverableAddress('1'),
    new CancellationRequested('1'),
  ];
  const retryable = [
    new PaymentGatewayUnavailable('1', 'x'),
    new CarrierUnavailable('1', 'x'),
    new Throttled('x', 'y'),
  ];

  expect(business.map(({ name }) => name)).toEqual(BUSINESS_ERRORS);
  expect(retryable.map(({ name }) => name)).toEqual(RETRYABLE_ERRORS);
  expect([...business, new AlreadyClosed('1', 'x')].every((error) => error instanceof BusinessError)).toBe(
    true,
  );
  expect(retryable.every((error) => error instanceof RetryableError)).toBe(true);
  for (const { message } of [...business, ...retryable]) expect(message).toMatch(/\. [A-Z][^.]*\.$/);
});

it('an error that names many things stays short', () => {
  const skus = Array.from({ length: 1_000 }, (_, index) => `SKU ${index}`);

  expect(new OutOfStock('1', skus).message).toContain('SKU 4 and 995 more');
  expect(new OrderInvalid('1', skus).message).toContain('SKU 4; and 995 more');
});
