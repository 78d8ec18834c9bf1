import { describeAgainstEngine } from '@orderstream/test-engine';
import { StripeBench, UNAVAILABLE } from './stripe-gateway.fixture.ts';
import type { CallKind, Fault } from './stripe-stub.fixture.ts';

describeAgainstEngine('a charge through Stripe that is asked for again', () => {
  let stripe: StripeBench;
  beforeEach(async () => (stripe = await StripeBench.open()));
  afterEach(() => stripe.stop());

  describe('after a crash', () => {
    it('between creating and recording, it confirms one of the two', async () => {
      await stripe.dieUnrecorded();
      await stripe.charge();

      expect(stripe.intents()).toEqual(['requires_payment_method', 'succeeded']);
      expect(stripe.stub.books.kept()).toBe(212);
    });

    it('between recording and confirming, it confirms the recorded one', async () => {
      await stripe.chargeUnconfirmed();
      await stripe.charge();

      expect(stripe.intents()).toEqual(['succeeded']);
    });

    it('between confirming and answering, it does not charge again', async () => {
      stripe.stub.fail('confirm', 'lost', 2);
      await expect(stripe.charge()).rejects.toMatchObject(UNAVAILABLE);

      expect(await stripe.charge()).toMatchObject({ amount: '2.12' });
      expect(stripe.stub.books.charges()).toHaveLength(1);
    });

    it('of a run that was sealed meanwhile, the payment stays unconfirmed', async () => {
      await stripe.dieUnrecorded();
      await stripe.refund();

      expect(await stripe.charge()).toBe('sealed');
      expect(stripe.intents()).toEqual(['requires_payment_method']);
    });
  });

  it('a run that was overtaken confirms nothing of its own: another payment is the recorded one', async () => {
    const overtaken = stripe.another({
      claim: async (subject, id) => {
        await stripe.charge();
        return stripe.records.claim(subject, id);
      },
    });

    expect(await stripe.charge({}, overtaken)).toMatchObject({ chargeId: 'ch_pi_2' });
    expect(stripe.intents()).toEqual(['requires_payment_method', 'succeeded']);
  });

  it('finds what was charged before its ledger was lost, once a person has written the pointer to it', async () => {
    const charged = await stripe.charge();
    const restored = await stripe.withLedgerLost();
    await restored.documented('paymentIntentId');

    expect(await restored.find()).toEqual(charged);
    expect(await restored.charge()).toEqual(charged);
    await restored.refund();
    expect(restored.stub.books.charges()).toHaveLength(1);
    expect(restored.stub.books.kept()).toBe(0);
  });

  it.each<[CallKind, Fault]>([
    ['create', 'broken'],
    ['create', 'busy'],
    ['create', 'limited'],
    ['confirm', 'busy'],
    ['confirm', 'limited'],
    ['confirm', 'silent'],
  ])('finds no answer when to %s it is %s, and charges once when it is asked again', async (kind, fault) => {
    const asked = fault === 'silent' ? stripe.another({ timeoutMs: 20 }) : stripe.gateway;
    stripe.stub.fail(kind, fault);
    await expect(stripe.charge({}, asked)).rejects.toMatchObject(UNAVAILABLE);
    await stripe.charge();

    expect(stripe.stub.books.kept()).toBe(212);
    expect(stripe.stub.books.charges()).toHaveLength(1);
  });

  it('names the order when it cannot find what was charged', async () => {
    await stripe.chargeUnconfirmed();
    stripe.stub.fail('retrieve', 'broken');

    await expect(stripe.find()).rejects.toMatchObject({ details: { orderId: '1' } });
  });

  it('does not charge what an earlier run meant to, when the order costs something else now', async () => {
    await stripe.chargeUnconfirmed();

    await expect(stripe.charge({ amount: '9.99' })).rejects.toMatchObject({
      name: 'PaymentRefusedByProvider',
      details: { reason: 'pi_1 is about 212 gbp, not 999 GBP' },
    });
    expect(stripe.stub.books.charges()).toEqual([]);
  });
});
