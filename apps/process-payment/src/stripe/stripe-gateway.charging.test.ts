import { describeAgainstEngine } from '@orderstream/test-engine';
import { StripeBench, UNAVAILABLE } from './stripe-gateway.fixture.ts';

describeAgainstEngine('a charge through Stripe', () => {
  let stripe: StripeBench;
  beforeEach(async () => (stripe = await StripeBench.open()));
  afterEach(() => stripe.stop());

  it('asks for an unconfirmed payment by card, and confirms it for nobody’s eyes', async () => {
    await stripe.charge();

    const [create, confirm] = stripe.stub.calls;
    expect(create).toMatchObject({ kind: 'create', apiVersion: '2026-10-28.endive' });
    expect(create?.params).toEqual({
      amount: '212',
      currency: 'gbp',
      capture_method: 'automatic',
      'allowed_payment_method_types[0]': 'card',
      'metadata[orderId]': '1',
    });
    expect(confirm).toMatchObject({ kind: 'confirm', id: 'pi_1' });
    expect(confirm?.params).toEqual({
      payment_method: 'pm_card_visa',
      return_url: 'https://example.com/',
      'expand[0]': 'latest_charge',
    });
    expect(stripe.stub.calls).toHaveLength(2);
  });

  it('confirms nothing once nobody waits', async () => {
    const charging = stripe.charge({}, stripe.gateway, AbortSignal.abort());

    await expect(charging).rejects.toMatchObject(UNAVAILABLE);
    expect(stripe.intents()).toEqual(['requires_payment_method']);
  });

  it.each([
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedStolenCard', 'card_declined'],
    ['pm_card_authenticationRequired', 'authentication_required'],
    ['card_1', 'unknown_token'],
    ['../../v1/refunds', 'unknown_token'],
  ])('declines %s as %s, with one try', async (token, reason) => {
    const declined = { name: 'PaymentDeclined', details: { orderId: '1', reason } };

    await expect(stripe.charge({ token })).rejects.toMatchObject(declined);
    await expect(stripe.charge({ token })).rejects.toMatchObject(declined);
    expect(stripe.stub.calls.filter(({ kind }) => kind === 'confirm').length).toBeLessThan(2);
  });

  it('declines a payment that waits for its customer', async () => {
    stripe.stub.books.nextStatus = 'requires_action';

    await expect(stripe.charge()).rejects.toMatchObject({ details: { reason: 'authentication_required' } });
  });

  it.each([
    ['0.01', 'amount_too_small', 1],
    ['0.00', 'amount_too_small', 0],
    ['1000000.00', 'amount_too_large', 0],
  ])('declines an order for %s as %s', async (amount, reason, calls) => {
    await expect(stripe.charge({ amount })).rejects.toMatchObject({
      name: 'PaymentDeclined',
      details: { reason },
    });
    expect(stripe.stub.calls).toHaveLength(calls);
  });

  it('declines a payment method that has paid for another order', async () => {
    await stripe.charge({ token: 'pm_once1' });

    await expect(stripe.charge({ key: 'charge#2', orderId: '2', token: 'pm_once1' })).rejects.toMatchObject({
      name: 'PaymentDeclined',
      details: { orderId: '2', reason: 'unknown_token' },
    });
  });

  it.each([
    ['an amount that was not rounded', { amount: '2.125' }],
    ['a currency that it counts otherwise', { currency: 'KWD' }],
  ])('asks nothing about %s', async (_, change) => {
    await expect(stripe.charge(change)).rejects.toMatchObject({ name: 'PaymentRefusedByProvider' });
    expect(stripe.stub.calls).toEqual([]);
  });

  it('tells a person when Stripe refuses the key, without the key', async () => {
    stripe.stub.keys.clear();
    const failure = await stripe.charge().catch((error: unknown) => error);

    expect(failure).toMatchObject({ name: 'PaymentRefusedByProvider', details: { statusCode: 401 } });
    expect(`${String(failure)}${JSON.stringify(failure)}`).not.toContain('sk_test');
  });
});
