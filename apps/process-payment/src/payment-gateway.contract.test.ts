import { compareMoney, RetryableError } from '@orderstream/domain';
import { storedOrder, type OrderWrite } from '@orderstream/lambda-kit';
import { describeAgainstEngine } from '@orderstream/test-engine';
import type { ChargeRequest } from './payment-gateway.ts';
import { chargeOrder } from './process-payment.ts';
import { ledgerTable, sandboxProvider, stripeProvider, type Provider } from './providers.fixture.ts';

const KEY = 'charge#1';
const SUBJECT = { key: KEY, orderId: '1' };
const signal = new AbortController().signal;

/** What every payment provider behind the port has to do: the first law of money, however often and late it is asked. */
describeAgainstEngine('the contract of a payment gateway', () => {
  describe.each([
    ['the sandbox', sandboxProvider, stripeProvider],
    ['Stripe', stripeProvider, sandboxProvider],
  ])('kept by %s', (_, open, openOther) => {
    let provider: Provider;
    let table: string;

    beforeEach(async () => {
      table = await ledgerTable();
      provider = await open(table);
    });

    afterEach(() => provider.stop());

    const request = (token = provider.tokens.good): ChargeRequest => ({
      ...SUBJECT,
      amount: '2.12',
      currency: 'GBP',
      token,
    });
    const charge = (token?: string) => provider.gateway.charge(request(token), signal);
    const find = () => provider.gateway.find(SUBJECT, signal);
    const refund = () => provider.gateway.refund(SUBJECT, signal);
    /** As the workflow does: what passes is asked again. */
    const patiently = async (ask: () => Promise<void>) => {
      for (;;) {
        const failure: unknown = await ask().then(
          () => undefined,
          (error: unknown) => error,
        );
        if (failure === undefined) return;
        if (!(failure instanceof RetryableError)) throw failure;
      }
    };
    const keeps = async (amount: string) => {
      const kept = await provider.kept(KEY);
      if (compareMoney(kept, amount) !== 0) throw new Error(`It kept ${kept} instead of ${amount}.`);
    };

    it('finds nothing where nothing happened', async () => {
      expect(await find()).toBeUndefined();
    });

    it('charges the amount, and finds the same charge', async () => {
      const charged = await charge();

      expect(charged).toMatchObject({ amount: '2.12', chargeId: expect.stringMatching(/^ch_/) });
      expect(await find()).toEqual(charged);
      await keeps('2.12');
    });

    it('charges once, however often it is asked', async () => {
      const first = await charge();

      expect(await charge()).toEqual(first);
      await keeps('2.12');
    });

    it('charges once when it is asked twice at a time', async () => {
      const [one, other] = await Promise.all([charge(), charge()]);

      expect(one).toEqual(other);
      await keeps('2.12');
    });

    it('takes nothing where it declines, and declines again', async () => {
      for (let times = 0; times < 2; times += 1) {
        await expect(charge(provider.tokens.declined)).rejects.toMatchObject({ name: 'PaymentDeclined' });
      }
      expect(await find()).toBeUndefined();
      await keeps('0');
    });

    it('declines a token that it does not know, without repeating it', async () => {
      const failure = await charge(provider.tokens.unknown).catch((error: unknown) => error);

      expect(failure).toMatchObject({ name: 'PaymentDeclined', details: { reason: 'unknown_token' } });
      expect(`${String(failure)}${JSON.stringify(failure)}`).not.toContain('nobody_knows');
    });

    it('charges once after it was not available', async () => {
      const token = provider.fails('nothing done');

      await expect(charge(token)).rejects.toMatchObject({ name: 'PaymentGatewayUnavailable' });
      expect(await find()).toBeUndefined();
      await keeps('0');
      await charge(token);
      await keeps('2.12');
    });

    it('finds the charge whose answer was lost, and does not charge again', async () => {
      const token = provider.fails('answer lost');

      await expect(charge(token)).rejects.toMatchObject({ name: 'PaymentGatewayUnavailable' });
      expect(await find()).toMatchObject({ amount: '2.12' });
      expect(await charge(token)).toEqual(await find());
      await keeps('2.12');
    });

    it('gives everything back, and never charges again', async () => {
      await charge();
      await refund();

      await keeps('0');
      expect(await find()).toBe('sealed');
      expect(await charge()).toBe('sealed');
      await keeps('0');
    });

    it('gives back once, however often it is asked', async () => {
      await charge();
      await refund();
      await refund();

      await keeps('0');
    });

    it('gives back a charge whose answer was lost', async () => {
      await charge(provider.fails('answer lost')).catch(() => undefined);
      await refund();

      await keeps('0');
    });

    it.each<[string, () => Promise<unknown>]>([
      ['nothing was charged', async () => undefined],
      ['it declined', () => charge(provider.tokens.declined).catch(() => undefined)],
      ['it was not available', () => charge(provider.fails('nothing done')).catch(() => undefined)],
    ])('seals a key under which %s', async (_, happened) => {
      await happened();
      await refund();

      expect(await find()).toBe('sealed');
      expect(await charge()).toBe('sealed');
      await keeps('0');
    });

    it('answers with what it has charged when it is asked for another amount', async () => {
      const charged = await charge();

      expect(await provider.gateway.charge({ ...request(), amount: '9.99' }, signal)).toEqual(charged);
      await keeps('2.12');
    });

    it.each<[string, OrderWrite['done']]>([
      ['meant to charge', false],
      ['did not say that it would', true],
    ])(
      'an order with another total than the one that an earlier run %s is not paid by it',
      async (_, done) => {
        const paying = { total: '9.99', currency: 'GBP', paymentToken: provider.tokens.good };
        const order = storedOrder({ orderId: '1', status: 'VALIDATED', ...paying });
        const advance = jest.fn(async (): Promise<OrderWrite> => ({ done, order }));
        await charge();

        await expect(chargeOrder({ advance }, provider.gateway, { orderId: '1' })).rejects.toMatchObject({
          name: 'ChargeDiffers',
          details: { amount: '2.12', due: '9.99' },
        });
        expect(advance).toHaveBeenCalledTimes(1);
        await refund();
        await keeps('0');
      },
    );

    it.each<[string, (other: Provider) => Promise<unknown>]>([
      ['charged', () => Promise.resolve()],
      ['sealed', (other) => other.gateway.refund(SUBJECT, signal)],
    ])('has nothing to do with a key under which another provider %s', async (_, happened) => {
      const other = await openOther(table);
      try {
        await other.gateway.charge(request(other.tokens.good), signal);
        await happened(other);
        const before = [await other.kept(KEY), await other.gateway.find(SUBJECT, signal)];

        for (const ask of [find, charge, refund]) {
          await expect(ask()).rejects.toMatchObject({ name: 'LedgerOfAnotherProvider' });
        }
        expect([await other.kept(KEY), await other.gateway.find(SUBJECT, signal)]).toEqual(before);
      } finally {
        await other.stop();
      }
    });

    it('keeps nothing when it is asked to charge and to give back at the same time', async () => {
      await Promise.all([charge().catch(() => undefined), patiently(refund)]);

      await keeps('0');
      expect(await charge()).toBe('sealed');
      await keeps('0');
    });
  });
});
