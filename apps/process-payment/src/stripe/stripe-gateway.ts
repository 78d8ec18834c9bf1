import { PaymentDeclined, PaymentGatewayUnavailable, toStripeAmount } from '@orderstream/domain';
import type Stripe from 'stripe';
import type { Charge, ChargeRequest, PaymentGateway } from '../payment-gateway.ts';
import type { PaymentRecord, PaymentRecords, PaymentSubject } from './payment-records.ts';
import { standingOf, type PaymentStanding } from './payment-standing.ts';
import type { StripeAccount } from './stripe-account.ts';
import { hasMovedOn, isRefundedAlready, PaymentRefusedByProvider, stageError } from './stripe-errors.ts';

/** With the charge in the answer; a card is the only means, because it decides at once and needs no other site. */
const WITH_CHARGE = { expand: ['latest_charge'] };
const CARD_ONLY = {
  allowed_payment_method_types: ['card'],
  automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  capture_method: 'automatic',
} satisfies Partial<Stripe.PaymentIntentCreateParams>;

/** A means of payment as Stripe's own pages give it to the shop: used once, and attached to no customer. */
const PAYMENT_METHOD = /^pm_[A-Za-z0-9_]{1,100}$/;

/** Looks at a PaymentIntent that moves while it is undone. */
const LOOKS = 3;

/**
 * Stripe behind the port. Three steps make it one charge at most:
 *
 * 1. a PaymentIntent is created, but not confirmed: no money moves;
 * 2. its id is recorded for the key, if the key has none and is not sealed: exactly one ever is;
 * 3. the recorded one is confirmed: Stripe lets each make one successful charge at most.
 *
 * A run that died anywhere is repeated by reading the record and the PaymentIntent. Sealing seals the record, so that no
 * other PaymentIntent comes after, and cancels or refunds the recorded one, which then can't be confirmed any more.
 *
 * @see https://docs.stripe.com/payments/paymentintents/lifecycle
 */
export class StripeGateway implements PaymentGateway {
  readonly #account: Pick<StripeAccount, 'ask'>;
  readonly #records: Pick<PaymentRecords, 'find' | 'open' | 'claim' | 'seal'>;

  constructor(
    account: Pick<StripeAccount, 'ask'>,
    records: Pick<PaymentRecords, 'find' | 'open' | 'claim' | 'seal'>,
  ) {
    this.#account = account;
    this.#records = records;
  }

  async find(key: string): Promise<Charge | 'sealed' | undefined> {
    const { isSealed, paymentIntentId } = await this.#records.find(key);
    if (isSealed) return 'sealed';
    if (paymentIntentId === undefined) return undefined;
    const standing = standingOf(await this.#look(key, paymentIntentId));
    if (standing.is === 'charged') return standing.charge;
    return standing.is === 'sealed' ? 'sealed' : undefined;
  }

  async charge(request: ChargeRequest, signal: AbortSignal): Promise<Charge | 'sealed'> {
    const { orderId, amount, currency, token } = request;
    const units = toStripeAmount(amount, currency);
    if (units === undefined) {
      throw new PaymentRefusedByProvider(orderId, `it does not take ${amount} ${currency}`);
    }
    if (!PAYMENT_METHOD.test(token)) throw new PaymentDeclined(orderId, 'unknown_token');

    const record = await this.#records.open(request);
    if (record.isSealed) return 'sealed';
    if (record.paymentIntentId !== undefined) {
      const intent = await this.#look(orderId, record.paymentIntentId);
      const standing = standingOf(intent);
      if (standing.is !== 'open') return outcome(orderId, standing);
      refuseOtherAmount(orderId, intent, units, currency);
      return this.#confirm(request, intent.id, signal);
    }

    const intent = await this.#create(request, units, record);
    refuseOtherAmount(orderId, intent, units, currency);
    const claimed = await this.#records.claim(request, intent.id);
    if (claimed.isSealed) return 'sealed';
    if (claimed.paymentIntentId !== intent.id) {
      throw new PaymentGatewayUnavailable(orderId, 'another run charges it already');
    }
    return this.#confirm(request, intent.id, signal);
  }

  async refund(subject: PaymentSubject): Promise<void> {
    const { paymentIntentId } = await this.#records.seal(subject);
    if (paymentIntentId === undefined) return;
    for (let look = 0; look < LOOKS; look += 1) {
      if (await this.#undone(subject.orderId, paymentIntentId)) return;
    }
    throw new PaymentGatewayUnavailable(subject.orderId, 'the payment moves on while it is undone');
  }

  async #create(
    { key, orderId, currency }: ChargeRequest,
    amount: number,
    { attempt = key }: PaymentRecord,
  ): Promise<Stripe.PaymentIntent> {
    const params = { ...CARD_ONLY, amount, currency: currency.toLowerCase(), metadata: { orderId } };
    return this.#ask(orderId, (stripe) => stripe.paymentIntents.create(params, { idempotencyKey: attempt }));
  }

  async #look(orderId: string, id: string): Promise<Stripe.PaymentIntent> {
    return this.#ask(orderId, (stripe) => stripe.paymentIntents.retrieve(id, WITH_CHARGE));
  }

  /** Moves the money. Under no idempotency key of ours: a repetition must be told how it stands, not what was said once. */
  async #confirm(
    { orderId, token }: ChargeRequest,
    id: string,
    signal: AbortSignal,
  ): Promise<Charge | 'sealed'> {
    if (signal.aborted) throw new PaymentGatewayUnavailable(orderId, 'nobody waits any more');
    const params = { ...WITH_CHARGE, payment_method: token, error_on_requires_action: true };
    const confirmed = await this.#ask(orderId, async (stripe) => {
      try {
        return await stripe.paymentIntents.confirm(id, params);
      } catch (error) {
        if (hasMovedOn(error)) return stripe.paymentIntents.retrieve(id, WITH_CHARGE);
        throw error;
      }
    });
    return outcome(orderId, standingOf(confirmed));
  }

  /** Cancels what was not charged, refunds what was. @returns false when it changed in between. */
  async #undone(orderId: string, id: string): Promise<boolean> {
    const intent = await this.#look(orderId, id);
    const { is } = standingOf(intent);
    if (is === 'sealed') return true;
    return this.#ask(orderId, async (stripe) => {
      try {
        if (is !== 'charged') await stripe.paymentIntents.cancel(id);
        else refuseFailed(orderId, await stripe.refunds.create({ payment_intent: id }));
        return true;
      } catch (error) {
        if (isRefundedAlready(error)) return true;
        if (hasMovedOn(error)) return false;
        throw error;
      }
    });
  }

  async #ask<Answer>(orderId: string, question: (stripe: Stripe) => Promise<Answer>): Promise<Answer> {
    try {
      return await this.#account.ask(question);
    } catch (error) {
      throw stageError(orderId, error);
    }
  }
}

/** What a standing means to the caller of `charge`. */
function outcome(orderId: string, standing: PaymentStanding): Charge | 'sealed' {
  switch (standing.is) {
    case 'charged':
      return standing.charge;
    case 'sealed':
      return 'sealed';
    case 'declined':
      throw new PaymentDeclined(orderId, standing.reason);
    case 'undecided':
      throw new PaymentGatewayUnavailable(orderId, `the payment is ${standing.status}`);
    case 'open':
      throw new PaymentGatewayUnavailable(orderId, 'the payment was not tried');
  }
}

/** Never charges what an earlier run meant to, when the order has another total since. */
function refuseOtherAmount(
  orderId: string,
  { id, amount, currency }: Stripe.PaymentIntent,
  units: number,
  wanted: string,
): void {
  if (amount === units && currency === wanted.toLowerCase()) return;
  throw new PaymentRefusedByProvider(orderId, `${id} is about ${amount} ${currency}, not ${units} ${wanted}`);
}

function refuseFailed(orderId: string, { id, status }: Stripe.Refund): void {
  if (status !== 'failed' && status !== 'canceled') return;
  throw new PaymentRefusedByProvider(orderId, `refund ${id} is ${status}`);
}
