import { documentClient } from '@orderstream/lambda-kit';
import { describeOnTables, Engine } from '@orderstream/test-engine';
import type { ChargeRequest } from '../payment-gateway.ts';
import { ledgerTable } from '../providers.fixture.ts';
import { PaymentRecords } from './payment-records.ts';
import { StripeAccount, stripeClient } from './stripe-account.ts';
import { StripeGateway } from './stripe-gateway.ts';
import { StripeStub, type CallKind, type Fault } from './stripe-stub.fixture.ts';

const SUBJECT = { key: 'charge#1', orderId: '1' };
const REQUEST: ChargeRequest = { ...SUBJECT, amount: '2.12', currency: 'GBP', token: 'pm_card_visa' };
const UNAVAILABLE = { name: 'PaymentGatewayUnavailable' };

describeOnTables('payments through Stripe', () => {
  let engine: Engine;
  let stub: StripeStub;
  let records: PaymentRecords;
  let gateway: StripeGateway;

  beforeAll(async () => {
    engine = await Engine.start();
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: engine.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'tests',
      AWS_SECRET_ACCESS_KEY: 'tests',
    });
  });

  afterAll(() => engine.stop());

  beforeEach(async () => {
    stub = await StripeStub.start();
    records = new PaymentRecords(documentClient(), await ledgerTable());
    gateway = gatewayOn(records);
  });

  afterEach(() => stub.stop());

  const gatewayOn = (kept: ConstructorParameters<typeof StripeGateway>[1], timeout?: number) =>
    new StripeGateway(
      new StripeAccount(
        async () => 'sk_test_contract1',
        (key) => stripeClient(key, stub.address, timeout),
      ),
      kept,
    );
  const charge = (change: Partial<ChargeRequest> = {}, signal = new AbortController().signal) =>
    gateway.charge({ ...REQUEST, ...change }, signal);
  /** A run that dies before it has recorded its payment. */
  const dieUnrecorded = async () => {
    const alive = gateway;
    gateway = gatewayOn({
      find: (key) => records.find(key),
      open: (subject) => records.open(subject),
      claim: () => Promise.reject(new Error('crashed')),
      seal: (subject) => records.seal(subject),
    });
    await expect(charge()).rejects.toThrow('crashed');
    gateway = alive;
  };
  const intents = () => [...stub.books.intents.values()].map(({ status }) => status);

  it('asks for an unconfirmed payment by card under its own key, and confirms it for nobody’s eyes', async () => {
    await charge();

    const [create, confirm] = stub.calls;
    expect(create).toMatchObject({
      kind: 'create',
      idempotencyKey: expect.stringMatching(/^charge#1\/[0-9a-f-]{36}$/),
      apiVersion: '2026-10-28.endive',
      params: {
        amount: '212',
        currency: 'gbp',
        'allowed_payment_method_types[0]': 'card',
        'metadata[orderId]': '1',
      },
    });
    expect(create?.params).not.toHaveProperty('confirm');
    expect(confirm).toMatchObject({
      kind: 'confirm',
      id: 'pi_1',
      params: { payment_method: 'pm_card_visa', error_on_requires_action: 'true' },
    });
    expect(stub.calls).toHaveLength(2);
  });

  describe('after a crash', () => {
    it('between creating and recording, it goes on with the same payment', async () => {
      await dieUnrecorded();
      await charge();

      expect(intents()).toEqual(['succeeded']);
    });

    it('between creating and recording, a day later, it confirms one of the two', async () => {
      await dieUnrecorded();
      stub.forgetIdempotencyKeys();
      await charge();

      expect(intents()).toEqual(['requires_payment_method', 'succeeded']);
      expect(stub.books.kept()).toBe(212);
    });

    it('between recording and confirming, a day later, it confirms the recorded one', async () => {
      stub.fail('confirm', 'broken');
      await expect(charge()).rejects.toMatchObject(UNAVAILABLE);
      stub.forgetIdempotencyKeys();
      await charge();

      expect(intents()).toEqual(['succeeded']);
    });

    it('between confirming and answering, a day later, it does not charge again', async () => {
      stub.fail('confirm', 'lost', 2);
      await expect(charge()).rejects.toMatchObject(UNAVAILABLE);
      stub.forgetIdempotencyKeys();

      expect(await charge()).toMatchObject({ amount: '2.12' });
      expect(stub.books.charges()).toHaveLength(1);
    });

    it('of a run that was sealed meanwhile, the payment stays unconfirmed', async () => {
      await dieUnrecorded();
      await gateway.refund(SUBJECT);

      expect(await charge()).toBe('sealed');
      expect(intents()).toEqual(['requires_payment_method']);
    });
  });

  it('a run that was overtaken confirms nothing: another payment is the recorded one', async () => {
    const overtaken = gatewayOn({
      find: (key) => records.find(key),
      open: (subject) => records.open(subject),
      claim: async (subject, id) => {
        stub.forgetIdempotencyKeys();
        await charge();
        return records.claim(subject, id);
      },
      seal: (subject) => records.seal(subject),
    });

    await expect(overtaken.charge(REQUEST, new AbortController().signal)).rejects.toMatchObject(UNAVAILABLE);
    expect(intents()).toEqual(['requires_payment_method', 'succeeded']);
    expect(await charge()).toMatchObject({ chargeId: 'ch_pi_2' });
  });

  it('takes what was refunded by hand for sealed', async () => {
    await charge();
    stub.books.serve({ kind: 'refund', id: 'pi_1', params: {} });

    expect(await gateway.find(SUBJECT.key)).toBe('sealed');
    expect(await charge()).toBe('sealed');
  });

  describe('meeting a compensation', () => {
    it('asks nothing for a sealed key, and keeps the record of it as it is', async () => {
      await gateway.refund(SUBJECT);
      const sealed = await records.find(SUBJECT.key);

      expect(await charge()).toBe('sealed');
      expect(stub.calls).toEqual([]);
      expect(await records.claim(SUBJECT, 'pi_9')).toEqual(sealed);
      expect(sealed).toEqual({ attempt: undefined, paymentIntentId: undefined, isSealed: true });
    });

    it('gives back once when it is asked to by two at a time', async () => {
      await charge();
      stub.before('refund', () => gateway.refund(SUBJECT));
      await gateway.refund(SUBJECT);

      expect(stub.books.kept()).toBe(0);
    });

    it('a charge that is sealed before it is recorded is never confirmed', async () => {
      stub.before('create', () => gateway.refund(SUBJECT));

      expect(await charge()).toBe('sealed');
      expect(stub.books.charges()).toEqual([]);
    });

    it('a late charge fails at Stripe: its payment is canceled', async () => {
      stub.before('confirm', () => gateway.refund(SUBJECT));

      expect(await charge()).toBe('sealed');
      expect(intents()).toEqual(['canceled']);
    });

    it('a charge that comes through at the last moment is given back', async () => {
      stub.fail('confirm', 'broken');
      await expect(charge()).rejects.toMatchObject(UNAVAILABLE);
      stub.before('cancel', async () => stub.books.serve(CONFIRM));
      await gateway.refund(SUBJECT);

      expect(stub.books.charges()).toHaveLength(1);
      expect(stub.books.kept()).toBe(0);
    });

    it('a payment that Stripe has not decided is neither given up nor called undone', async () => {
      stub.books.nextStatus = 'processing';
      await expect(charge()).rejects.toMatchObject(UNAVAILABLE);

      await expect(gateway.refund(SUBJECT)).rejects.toMatchObject(UNAVAILABLE);
    });

    it('a refund that fails is told to a person', async () => {
      await charge();
      stub.books.nextRefund = 'failed';

      await expect(gateway.refund(SUBJECT)).rejects.toMatchObject({
        name: 'PaymentRefusedByProvider',
        details: { orderId: '1', reason: 'refund re_1 is failed' },
      });
    });
  });

  it.each<[CallKind, Fault]>([
    ['create', 'broken'],
    ['create', 'busy'],
    ['create', 'limited'],
    ['confirm', 'busy'],
    ['confirm', 'limited'],
    ['confirm', 'silent'],
  ])('finds no answer when to %s it is %s, and charges once when it is asked again', async (kind, fault) => {
    const alive = gateway;
    gateway = fault === 'silent' ? gatewayOn(records, 20) : alive;
    stub.fail(kind, fault);
    await expect(charge()).rejects.toMatchObject(UNAVAILABLE);
    gateway = alive;
    await charge();

    expect(stub.books.kept()).toBe(212);
    expect(stub.books.charges()).toHaveLength(1);
  });

  it('confirms nothing once nobody waits', async () => {
    await expect(charge({}, AbortSignal.abort())).rejects.toMatchObject(UNAVAILABLE);

    expect(intents()).toEqual(['requires_payment_method']);
  });

  it.each([
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedStolenCard', 'card_declined'],
    ['pm_card_authenticationRequired', 'authentication_required'],
    ['card_1', 'unknown_token'],
    ['../../v1/refunds', 'unknown_token'],
  ])('declines %s as %s, with one try', async (token, reason) => {
    const declined = { name: 'PaymentDeclined', details: { orderId: '1', reason } };

    await expect(charge({ token })).rejects.toMatchObject(declined);
    await expect(charge({ token })).rejects.toMatchObject(declined);
    expect(stub.calls.filter(({ kind }) => kind === 'confirm').length).toBeLessThan(2);
  });

  it('declines a payment that waits for its customer', async () => {
    stub.books.nextStatus = 'requires_action';

    await expect(charge()).rejects.toMatchObject({ details: { reason: 'authentication_required' } });
  });

  it('declines an order that is too small to be charged', async () => {
    await expect(charge({ amount: '0.01' })).rejects.toMatchObject({
      name: 'PaymentDeclined',
      details: { reason: 'amount_too_small' },
    });
  });

  it.each([
    ['an amount that was not rounded', { amount: '2.125' }],
    ['a currency that it counts otherwise', { currency: 'KWD' }],
  ])('asks nothing about %s', async (_, change) => {
    await expect(charge(change)).rejects.toMatchObject({ name: 'PaymentRefusedByProvider' });
    expect(stub.calls).toEqual([]);
  });

  it('does not charge what an earlier run meant to, when the order costs something else now', async () => {
    stub.fail('confirm', 'broken');
    await expect(charge()).rejects.toMatchObject(UNAVAILABLE);

    await expect(charge({ amount: '9.99' })).rejects.toMatchObject({
      name: 'PaymentRefusedByProvider',
      details: { reason: 'pi_1 is about 212 gbp, not 999 GBP' },
    });
    expect(stub.books.charges()).toEqual([]);
  });

  it('tells a person when Stripe refuses the key, without the key', async () => {
    stub.keys.clear();
    const failure = await charge().catch((error: unknown) => error);

    expect(failure).toMatchObject({ name: 'PaymentRefusedByProvider', details: { statusCode: 401 } });
    expect(`${String(failure)}${JSON.stringify(failure)}`).not.toContain('sk_test');
  });
});

const CONFIRM = { kind: 'confirm', id: 'pi_1', params: { payment_method: 'pm_card_visa' } } as const;
