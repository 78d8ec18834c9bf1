import Stripe from 'stripe';
import { StripeKeyInvalid } from './stripe-account.ts';
import { chargeError, declineReason, stageError } from './stripe-errors.ts';

const { errors } = Stripe;
const SECRET = 'pi_1_secret_x';

type Raw = ConstructorParameters<typeof errors.StripeError>[0];

/** An error as the library makes it of Stripe's answer, whose body holds what is nobody's business. */
function refused(statusCode: number, more: Record<string, unknown> = {}) {
  const raw = { statusCode, message: SECRET, payment_intent: { client_secret: SECRET }, ...more };
  return errors.StripeError.generate(raw as Raw & { type: never });
}

const INVALID = { type: 'invalid_request_error' };

describe.each([
  ['to charge', chargeError],
  ['anything else', stageError],
])('asked %s, it tells', (_, told) => {
  it.each<[string, unknown, string]>([
    [
      'no connection',
      new errors.StripeConnectionError({ message: SECRET, type: 'api_error' }),
      'PaymentGatewayUnavailable',
    ],
    ['a server error', refused(500), 'PaymentGatewayUnavailable'],
    ['a gateway error', refused(503), 'PaymentGatewayUnavailable'],
    ['too many calls', refused(429, { code: 'lock_timeout' }), 'PaymentGatewayUnavailable'],
    ['a call under the same key', refused(409, { type: 'idempotency_error' }), 'PaymentGatewayUnavailable'],
    ['another call under the key', refused(400, { type: 'idempotency_error' }), 'PaymentRefusedByProvider'],
    [
      'an unknown parameter',
      refused(400, { code: 'parameter_unknown', param: 'x' }),
      'PaymentRefusedByProvider',
    ],
    ['a request that misses something', refused(400, INVALID), 'PaymentRefusedByProvider'],
    [
      'means of payment that are named in an old way',
      refused(400, { code: 'payment_method_types_no_longer_supported' }),
      'PaymentRefusedByProvider',
    ],
    [
      'a payment that is not there',
      refused(404, { code: 'resource_missing', param: 'intent' }),
      'PaymentRefusedByProvider',
    ],
    ['a failure that is no card’s', refused(402, INVALID), 'PaymentRefusedByProvider'],
    ['a disputed charge', refused(400, { code: 'charge_disputed' }), 'PaymentRefusedByProvider'],
    ['a wrong key', refused(401), 'PaymentRefusedByProvider'],
    ['a key that may not', refused(403), 'PaymentRefusedByProvider'],
    ['a secret without a key', new StripeKeyInvalid(), 'PaymentRefusedByProvider'],
  ])('%s as the workflow knows it, without what else Stripe says', (__, error, name) => {
    expectBare(told('1', error), name);
  });
});

it.each<[string, unknown, string]>([
  ['a declined card', refused(402, { type: 'card_error', code: 'expired_card' }), 'expired_card'],
  [
    'a payment method that is not there',
    refused(400, { code: 'resource_missing', param: 'payment_method' }),
    'unknown_token',
  ],
  ['a payment method that is wrong', refused(400, { param: 'payment_method' }), 'unknown_token'],
  [
    'a payment method of no use',
    refused(400, { code: 'payment_method_unexpected_state' }),
    'payment_method_unexpected_state',
  ],
  [
    'a payment method that was used before',
    refused(400, { ...INVALID, message: `The PaymentMethod was used before ${SECRET}` }),
    'unknown_token',
  ],
  ['too small an amount', refused(400, { code: 'amount_too_small', param: 'amount' }), 'amount_too_small'],
])('%s declines a charge, and nothing else', (_, error, reason) => {
  expectBare(chargeError('1', error), 'PaymentDeclined');
  expect(chargeError('1', error)).toMatchObject({ details: { reason } });
  expectBare(stageError('1', error), 'PaymentRefusedByProvider');
});

function expectBare(told: unknown, name: string): void {
  expect(told).toMatchObject({ name, details: { orderId: '1' } });
  expect(told).not.toHaveProperty('cause');
  expect(`${String(told)}${JSON.stringify(told)}`).not.toContain(SECRET);
}

it('leaves what is not Stripe’s as it is', () => {
  const error = new Error('of the table');

  expect(stageError('1', error)).toBe(error);
  expect(chargeError('1', error)).toBe(error);
});

it.each([
  [{ code: 'card_declined', decline_code: 'insufficient_funds' }, 'insufficient_funds'],
  [{ code: 'expired_card' }, 'expired_card'],
  [{ code: 'card_declined', decline_code: '' }, 'card_declined'],
  [{ code: 'card_declined', decline_code: 'lost_card' }, 'card_declined'],
  [{ code: 'card_declined', decline_code: 'Ada Lovelace' }, 'card_declined'],
  [{}, 'card_declined'],
])('tells a decline %j as %s', (failure, reason) => {
  expect(declineReason(failure)).toBe(reason);
});
