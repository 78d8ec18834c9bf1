import { describeAgainstEngine } from '@orderstream/test-engine';
import { StripeBench, SUBJECT, UNAVAILABLE } from './stripe-gateway.fixture.ts';
import type { CallKind } from './stripe-stub.fixture.ts';

const CONFIRM = {
  kind: 'confirm',
  id: 'pi_1',
  params: { payment_method: 'pm_card_visa', return_url: 'https://shop.example/' },
} as const;
const REFUND = { kind: 'refund', id: 'pi_1', params: {} } as const;

describeAgainstEngine('a compensation through Stripe', () => {
  let stripe: StripeBench;
  beforeEach(async () => (stripe = await StripeBench.open()));
  afterEach(() => stripe.stop());

  const settle = () => stripe.documented('settledAt');
  const refunds = () => stripe.stub.books.charges().flatMap((charged) => charged.refunds);

  it('takes what was refunded by hand for sealed', async () => {
    await stripe.charge();
    stripe.stub.books.serve(REFUND);

    expect(await stripe.find()).toBe('sealed');
    expect(await stripe.charge()).toBe('sealed');
  });

  it('lets nobody note that an order was settled before its compensation has begun', async () => {
    await stripe.charge();

    await expect(settle()).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });

  it('asks nothing for a sealed key, and keeps the record of it as it is', async () => {
    await stripe.refund();
    const sealed = await stripe.records.find(SUBJECT);

    expect(await stripe.charge()).toBe('sealed');
    expect(stripe.stub.calls).toEqual([]);
    expect(await stripe.records.claim(SUBJECT, 'pi_9')).toEqual(sealed);
    expect(sealed).toEqual({ paymentIntentId: undefined, isSealed: true, isSettled: false });
  });

  it('gives back once when it is asked to by two at a time', async () => {
    await stripe.charge();
    stripe.stub.before('refund', () => stripe.refund());
    await stripe.refund();

    expect(stripe.stub.books.kept()).toBe(0);
  });

  it('a charge that is sealed before it is recorded is never confirmed', async () => {
    stripe.stub.before('create', () => stripe.refund());

    expect(await stripe.charge()).toBe('sealed');
    expect(stripe.stub.books.charges()).toEqual([]);
  });

  it('a late charge fails at Stripe: its payment is canceled', async () => {
    stripe.stub.before('confirm', () => stripe.refund());

    expect(await stripe.charge()).toBe('sealed');
    expect(stripe.intents()).toEqual(['canceled']);
  });

  it('a charge that comes through at the last moment is given back', async () => {
    await stripe.chargeUnconfirmed();
    stripe.stub.before('cancel', async () => stripe.stub.books.serve(CONFIRM));
    await stripe.refund();

    expect(stripe.stub.books.charges()).toHaveLength(1);
    expect(stripe.stub.books.kept()).toBe(0);
  });

  it('a payment that Stripe has not decided is neither given up nor called undone', async () => {
    stripe.stub.books.nextStatus = 'processing';
    await expect(stripe.charge()).rejects.toMatchObject(UNAVAILABLE);

    await expect(stripe.refund()).rejects.toMatchObject(UNAVAILABLE);
  });

  it('waits for a refund that is pending, and asks for no other', async () => {
    await stripe.charge();
    stripe.stub.books.nextRefund = 'pending';

    for (let times = 0; times < 2; times += 1) {
      await expect(stripe.refund()).rejects.toMatchObject(UNAVAILABLE);
    }
    refunds()[0]!.status = 'succeeded';
    await stripe.refund();

    expect(refunds()).toHaveLength(1);
    expect(stripe.stub.books.kept()).toBe(0);
  });

  describe.each(['failed', 'canceled', 'requires_action'])('a refund that is %s', (status) => {
    const refused = {
      name: 'PaymentRefusedByProvider',
      details: { orderId: '1', reason: `refund re_1 is ${status}` },
    };

    beforeEach(async () => {
      await stripe.charge();
      stripe.stub.books.nextRefund = status;
      await expect(stripe.refund()).rejects.toMatchObject(refused);
    });

    it('is told to a person, and never made again by itself', async () => {
      await expect(stripe.refund()).rejects.toMatchObject(refused);

      expect(refunds()).toHaveLength(1);
    });

    it('is done once a person has made another one', async () => {
      stripe.stub.books.serve(REFUND);
      await stripe.refund();

      expect(stripe.stub.books.kept()).toBe(0);
    });

    it('is done once a person has noted that it was settled by another way', async () => {
      await settle();
      await stripe.refund();

      expect(refunds()).toHaveLength(1);
    });
  });

  it('gives back the rest of what was given back in part by hand', async () => {
    await stripe.charge();
    stripe.stub.books
      .charges()[0]!
      .refunds.push({ id: 're_0', object: 'refund', amount: 100, status: 'succeeded' });
    await stripe.refund();

    expect(stripe.stub.books.kept()).toBe(0);
  });

  it('a charge that its customer disputes is told to a person, until it is settled', async () => {
    await stripe.charge();
    stripe.stub.books.charges()[0]!.disputed = true;

    await expect(stripe.refund()).rejects.toMatchObject({
      name: 'PaymentRefusedByProvider',
      details: { reason: 'charge_disputed' },
    });
    await settle();
    await stripe.refund();
  });

  it('cancels a payment that was not charged, whatever a person has noted', async () => {
    await stripe.chargeUnconfirmed();
    await stripe.records.seal(SUBJECT);
    await settle();
    await stripe.refund();

    expect(stripe.intents()).toEqual(['canceled']);
  });

  it.each<CallKind>(['refund', 'cancel', 'retrieve'])(
    'is no decline, even where Stripe blames a card for a %s that it does not do',
    async (kind) => {
      if (kind !== 'refund') stripe.stub.fail('confirm', 'broken');
      await stripe.charge().catch(() => undefined);
      stripe.stub.fail(kind, 'declined');

      await expect(stripe.refund()).rejects.toMatchObject({ name: 'PaymentRefusedByProvider' });
    },
  );
});
