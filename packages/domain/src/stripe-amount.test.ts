import { fromStripeAmount, isStripeCurrency, toStripeAmount } from './stripe-amount.ts';

it.each([
  ['2.12', 'GBP', 212],
  ['0.50', 'USD', 50],
  ['999999.99', 'USD', 99_999_999],
  ['500', 'JPY', 500],
  ['5', 'ISK', 500],
])('%s %s is %d to Stripe, and back again', (amount, currency, units) => {
  expect(toStripeAmount(amount, currency)).toBe(units);
  expect(fromStripeAmount(units, currency)).toBe(amount);
});

it.each([
  ['2.125', 'GBP', 'not rounded'],
  ['1.234', 'KWD', 'of three digits after the point'],
  ['10.00', 'MGA', 'in a currency that Stripe counts whole'],
  ['100', 'UGX', 'in a currency that Stripe counts in two ways'],
])('%s %s is no amount to Stripe: %s', (amount, currency) => {
  expect(toStripeAmount(amount, currency)).toBeUndefined();
});

it.each([
  ['0.00', 'GBP', 'amount_too_small'],
  ['-1.00', 'GBP', 'amount_too_small'],
  ['1000000.00', 'USD', 'amount_too_large'],
])('%s %s is refused as %s', (amount, currency, refusal) => {
  expect(toStripeAmount(amount, currency)).toBe(refusal);
});

it.each([
  ['GBP', true],
  ['JPY', true],
  ['ISK', true],
  ['KWD', false],
  ['CLF', false],
  ['MGA', false],
  ['UGX', false],
])('whether an order can be paid in %s through Stripe: %s', (currency, can) => {
  expect(isStripeCurrency(currency)).toBe(can);
});
