import { PaymentDeclined, PaymentGatewayUnavailable, toStripeAmount } from '@orderstream/domain';
import type Stripe from 'stripe';
import type { Charge, ChargeRequest, PaymentGateway, PaymentSubject } from '../payment-gateway.ts';
import type { PaymentRecord, PaymentRecords } from './payment-records.ts';
import { standingOf, type PaymentStanding } from './payment-standing.ts';
import { isGivenBack, refundsOf } from './refunds.ts';
import type { StripeAccount } from './stripe-account.ts';
import { chargeError, hasMovedOn, PaymentRefusedByProvider, stageError } from './stripe-errors.ts';

const WITH_CHARGE = { expand: ['latest_charge'] };
const WITH_REFUNDS = { expand: ['latest_charge.refunds'] };

/** A card decides at once. Stripe takes no other choice of means beside this one. */
const CARD_ONLY = {
  allowed_payment_method_types: ['card'],
  capture_method: 'automatic',
} satisfies Partial<Stripe.PaymentIntentCreateParams>;

/** Stripe wants a page to send the customer back to. Nobody is ever sent: a payment that asks for it is declined. */
const RETURN_URL = 'https://example.com/';

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
  readonly #records: Pick<PaymentRecords, 'find' | 'claim' | 'seal'>;

  constructor(account: Pick<StripeAccount, 'ask'>, records: Pick<PaymentRecords, 'find' | 'claim' | 'seal'>) {
    this.#account = account;
    this.#records = records;
  }

  async find(subject: PaymentSubject): Promise<Charge | 'sealed' | undefined> {
    const { isSealed, paymentIntentId } = await this.#records.find(subject);
    if (isSealed) return 'sealed';
    if (paymentIntentId === undefined) return undefined;
    const standing = standingOf(await this.#look(subject.orderId, paymentIntentId));
    if (standing.is === 'charged') return standing.charge;
    return standing.is === 'sealed' ? 'sealed' : undefined;
  }

  async charge(request: ChargeRequest, signal: AbortSignal): Promise<Charge | 'sealed'> {
    const { orderId, amount, currency, token } = request;
    const units = toStripeAmount(amount, currency);
    if (units === undefined) {
      throw new PaymentRefusedByProvider(orderId, `it does not take ${amount} ${currency}`);
    }
    if (typeof units === 'string') throw new PaymentDeclined(orderId, units);
    if (!PAYMENT_METHOD.test(token)) throw new PaymentDeclined(orderId, 'unknown_token');

    const intent = await this.#recorded(request, units);
    if (intent === 'sealed') return 'sealed';
    const standing = standingOf(intent);
    if (standing.is !== 'open') return outcome(orderId, standing);
    refuseOtherAmount(orderId, intent, units, currency);
    return this.#confirm(request, intent.id, signal);
  }

  async refund(subject: PaymentSubject): Promise<void> {
    const record = await this.#records.seal(subject);
    for (let look = 0; look < LOOKS; look += 1) {
      if (await this.#undone(subject.orderId, record)) return;
    }
    throw new PaymentGatewayUnavailable(subject.orderId, 'the payment moves on while it is undone');
  }

  /** The key's one PaymentIntent, made now if there is none. Another run may make one at the same time: one is recorded. */
  async #recorded(request: ChargeRequest, units: number): Promise<Stripe.PaymentIntent | 'sealed'> {
    const known = await this.#records.find(request);
    if (known.isSealed) return 'sealed';
    if (known.paymentIntentId !== undefined) return this.#look(request.orderId, known.paymentIntentId);
    const made = await this.#create(request, units);
    const { isSealed, paymentIntentId = made.id } = await this.#records.claim(request, made.id);
    if (isSealed) return 'sealed';
    return paymentIntentId === made.id ? made : this.#look(request.orderId, paymentIntentId);
  }

  /** Under no idempotency key of ours: Stripe would repeat a failure for a day, and a second one moves no money. */
  async #create({ orderId, currency }: ChargeRequest, amount: number): Promise<Stripe.PaymentIntent> {
    const params = { ...CARD_ONLY, amount, currency: currency.toLowerCase(), metadata: { orderId } };
    return this.#ask(orderId, (stripe) => stripe.paymentIntents.create(params), chargeError);
  }

  async #look(orderId: string, id: string, having = WITH_CHARGE): Promise<Stripe.PaymentIntent> {
    return this.#ask(orderId, (stripe) => stripe.paymentIntents.retrieve(id, having));
  }

  /** Moves the money. Under no idempotency key of ours: a repetition must be told how it stands, not what was said once. */
  async #confirm(
    { orderId, token }: ChargeRequest,
    id: string,
    signal: AbortSignal,
  ): Promise<Charge | 'sealed'> {
    if (signal.aborted) throw new PaymentGatewayUnavailable(orderId, 'nobody waits any more');
    const params = { ...WITH_CHARGE, payment_method: token, return_url: RETURN_URL };
    const confirming = async (stripe: Stripe) => {
      try {
        return await stripe.paymentIntents.confirm(id, params);
      } catch (error) {
        if (hasMovedOn(error)) return stripe.paymentIntents.retrieve(id, WITH_CHARGE);
        throw error;
      }
    };
    return outcome(orderId, standingOf(await this.#ask(orderId, confirming, chargeError)));
  }

  /** Cancels what was not charged, refunds what was. @returns false when it changed in between. */
  async #undone(orderId: string, { paymentIntentId: id, isSettled }: PaymentRecord): Promise<boolean> {
    if (id === undefined) return true;
    const intent = await this.#look(orderId, id, WITH_REFUNDS);
    if (intent.status === 'canceled') return true;
    if (intent.status !== 'succeeded') {
      return this.#unlessMoved(orderId, async (stripe) => {
        await stripe.paymentIntents.cancel(id);
        return true;
      });
    }
    if (isSettled) return true;
    const charged = intent.amount_received;
    const refunds = refundsOf(orderId, intent);
    if (isGivenBack(orderId, charged, refunds)) return true;
    return this.#unlessMoved(orderId, async (stripe) => {
      const refund = await stripe.refunds.create({ payment_intent: id });
      return isGivenBack(orderId, charged, [...refunds, refund]);
    });
  }

  async #unlessMoved(orderId: string, undo: (stripe: Stripe) => Promise<boolean>): Promise<boolean> {
    return this.#ask(orderId, async (stripe) => {
      try {
        return await undo(stripe);
      } catch (error) {
        if (hasMovedOn(error)) return false;
        throw error;
      }
    });
  }

  async #ask<Answer>(
    orderId: string,
    question: (stripe: Stripe) => Promise<Answer>,
    told = stageError,
  ): Promise<Answer> {
    try {
      return await this.#account.ask(question);
    } catch (error) {
      throw told(orderId, error);
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
