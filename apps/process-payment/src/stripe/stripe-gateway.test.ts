import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
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
  let table: string;
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
    table = await ledgerTable();
    records = new PaymentRecords(documentClient(), table);
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
      find: (subject) => records.find(subject),
      claim: () => Promise.reject(new Error('crashed')),
      seal: (subject) => records.seal(subject),
    });
    await expect(charge()).rejects.toThrow('crashed');
    gateway = alive;
  };
  /** The command of docs/operating/payments.md that sets the attribute, as a person would run it. */
  const documented = (attribute: string) =>
    new DynamoDBClient().send(new UpdateItemCommand({ TableName: table, ...commandOf(attribute) }));
  const settle = () => documented('settledAt');
  const refunds = () => stub.books.charges().flatMap((charged) => charged.refunds);
  const intents = () => [...stub.books.intents.values()].map(({ status }) => status);

  it('asks for an unconfirmed payment by card, and confirms it for nobody’s eyes', async () => {
    await charge();

    const [create, confirm] = stub.calls;
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
    expect(stub.calls).toHaveLength(2);
  });

  describe('after a crash', () => {
    it('between creating and recording, it confirms one of the two', async () => {
      await dieUnrecorded();
      await charge();

      expect(intents()).toEqual(['requires_payment_method', 'succeeded']);
      expect(stub.books.kept()).toBe(212);
    });

    it('between recording and confirming, it confirms the recorded one', async () => {
      stub.fail('confirm', 'broken');
      await expect(charge()).rejects.toMatchObject(UNAVAILABLE);
      await charge();

      expect(intents()).toEqual(['succeeded']);
    });

    it('between confirming and answering, it does not charge again', async () => {
      stub.fail('confirm', 'lost', 2);
      await expect(charge()).rejects.toMatchObject(UNAVAILABLE);

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

  it('a run that was overtaken confirms nothing of its own: another payment is the recorded one', async () => {
    const overtaken = gatewayOn({
      find: (subject) => records.find(subject),
      claim: async (subject, id) => {
        await charge();
        return records.claim(subject, id);
      },
      seal: (subject) => records.seal(subject),
    });

    const { signal } = new AbortController();

    expect(await overtaken.charge(REQUEST, signal)).toMatchObject({ chargeId: 'ch_pi_2' });
    expect(intents()).toEqual(['requires_payment_method', 'succeeded']);
  });

  it('takes what was refunded by hand for sealed', async () => {
    await charge();
    stub.books.serve(REFUND);

    expect(await gateway.find(SUBJECT)).toBe('sealed');
    expect(await charge()).toBe('sealed');
  });

  it('finds what was charged before its ledger was lost, once a person has written the pointer to it', async () => {
    const charged = await charge();
    table = await ledgerTable();
    records = new PaymentRecords(documentClient(), table);
    gateway = gatewayOn(records);
    await documented('paymentIntentId');

    expect(await gateway.find(SUBJECT)).toEqual(charged);
    expect(await charge()).toEqual(charged);
    await gateway.refund(SUBJECT);
    expect(stub.books.charges()).toHaveLength(1);
    expect(stub.books.kept()).toBe(0);
  });

  it('lets nobody note that an order was settled before its compensation has begun', async () => {
    await charge();

    await expect(settle()).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });

  describe('meeting a compensation', () => {
    it('asks nothing for a sealed key, and keeps the record of it as it is', async () => {
      await gateway.refund(SUBJECT);
      const sealed = await records.find(SUBJECT);

      expect(await charge()).toBe('sealed');
      expect(stub.calls).toEqual([]);
      expect(await records.claim(SUBJECT, 'pi_9')).toEqual(sealed);
      expect(sealed).toEqual({ paymentIntentId: undefined, isSealed: true, isSettled: false });
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

    it('waits for a refund that is pending, and asks for no other', async () => {
      await charge();
      stub.books.nextRefund = 'pending';

      for (let times = 0; times < 2; times += 1) {
        await expect(gateway.refund(SUBJECT)).rejects.toMatchObject(UNAVAILABLE);
      }
      refunds()[0]!.status = 'succeeded';
      await gateway.refund(SUBJECT);

      expect(refunds()).toHaveLength(1);
      expect(stub.books.kept()).toBe(0);
    });

    describe.each(['failed', 'canceled', 'requires_action'])('a refund that is %s', (status) => {
      const refused = {
        name: 'PaymentRefusedByProvider',
        details: { orderId: '1', reason: `refund re_1 is ${status}` },
      };

      beforeEach(async () => {
        await charge();
        stub.books.nextRefund = status;
        await expect(gateway.refund(SUBJECT)).rejects.toMatchObject(refused);
      });

      it('is told to a person, and never made again by itself', async () => {
        await expect(gateway.refund(SUBJECT)).rejects.toMatchObject(refused);

        expect(refunds()).toHaveLength(1);
      });

      it('is done once a person has made another one', async () => {
        stub.books.serve(REFUND);
        await gateway.refund(SUBJECT);

        expect(stub.books.kept()).toBe(0);
      });

      it('is done once a person has noted that it was settled by another way', async () => {
        await settle();
        await gateway.refund(SUBJECT);

        expect(refunds()).toHaveLength(1);
      });
    });

    it('gives back the rest of what was given back in part by hand', async () => {
      await charge();
      stub.books
        .charges()[0]!
        .refunds.push({ id: 're_0', object: 'refund', amount: 100, status: 'succeeded' });
      await gateway.refund(SUBJECT);

      expect(stub.books.kept()).toBe(0);
    });

    it('a charge that its customer disputes is told to a person, until it is settled', async () => {
      await charge();
      stub.books.charges()[0]!.disputed = true;

      await expect(gateway.refund(SUBJECT)).rejects.toMatchObject({
        name: 'PaymentRefusedByProvider',
        details: { reason: 'charge_disputed' },
      });
      await settle();
      await gateway.refund(SUBJECT);
    });

    it('cancels a payment that was not charged, whatever a person has noted', async () => {
      stub.fail('confirm', 'broken');
      await expect(charge()).rejects.toMatchObject(UNAVAILABLE);
      await records.seal(SUBJECT);
      await settle();
      await gateway.refund(SUBJECT);

      expect(intents()).toEqual(['canceled']);
    });

    it.each<CallKind>(['refund', 'cancel', 'retrieve'])(
      'is no decline, even where Stripe blames a card for a %s that it does not do',
      async (kind) => {
        if (kind !== 'refund') stub.fail('confirm', 'broken');
        await charge().catch(() => undefined);
        stub.fail(kind, 'declined');

        await expect(gateway.refund(SUBJECT)).rejects.toMatchObject({ name: 'PaymentRefusedByProvider' });
      },
    );
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

  it.each([
    ['0.01', 'amount_too_small', 1],
    ['0.00', 'amount_too_small', 0],
    ['1000000.00', 'amount_too_large', 0],
  ])('declines an order for %s as %s', async (amount, reason, calls) => {
    await expect(charge({ amount })).rejects.toMatchObject({
      name: 'PaymentDeclined',
      details: { reason },
    });
    expect(stub.calls).toHaveLength(calls);
  });

  it('declines a payment method that has paid for another order', async () => {
    await charge({ token: 'pm_once1' });

    await expect(charge({ key: 'charge#2', orderId: '2', token: 'pm_once1' })).rejects.toMatchObject({
      name: 'PaymentDeclined',
      details: { orderId: '2', reason: 'unknown_token' },
    });
  });

  it('names the order when it cannot find what was charged', async () => {
    stub.fail('confirm', 'broken');
    await expect(charge()).rejects.toMatchObject(UNAVAILABLE);
    stub.fail('retrieve', 'broken');

    await expect(gateway.find(SUBJECT)).rejects.toMatchObject({ details: { orderId: '1' } });
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

const CONFIRM = {
  kind: 'confirm',
  id: 'pi_1',
  params: { payment_method: 'pm_card_visa', return_url: 'https://shop.example/' },
} as const;
const REFUND = { kind: 'refund', id: 'pi_1', params: {} } as const;

const PAYMENTS = join(import.meta.dirname, '../../../../docs/operating/payments.md');

/** What the documented command that sets the attribute asks DynamoDB for, about order 1 and its payment pi_1. */
function commandOf(attribute: string) {
  const commands = readFileSync(PAYMENTS, 'utf8').split('aws dynamodb update-item').slice(1);
  const command = commands.find((each) => each.includes(`${attribute} = `)) ?? '';
  const option = (name: string) =>
    (new RegExp(`--${name} '([^']*)'`).exec(command)?.[1] ?? '')
      .replaceAll('ORDER-ID', '1')
      .replaceAll('pi_…', 'pi_1');
  return {
    Key: JSON.parse(option('key')),
    UpdateExpression: option('update-expression'),
    ConditionExpression: option('condition-expression'),
    ExpressionAttributeNames: JSON.parse(option('expression-attribute-names') || 'null') ?? undefined,
    ExpressionAttributeValues: JSON.parse(option('expression-attribute-values')),
  };
}
