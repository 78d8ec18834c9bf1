/** A call as far as Stripe's books are concerned. */
export interface StripeCall {
  readonly kind: 'create' | 'retrieve' | 'confirm' | 'cancel' | 'refund';
  /** Of the PaymentIntent. */
  readonly id: string;
  /** As they were sent: nested ones as `metadata[orderId]`. */
  readonly params: Readonly<Record<string, string>>;
}

export interface StripeAnswer {
  readonly status: number;
  readonly body: unknown;
}

interface Refusal {
  readonly type: string;
  readonly code?: string;
  readonly decline_code?: string;
  readonly param?: string;
  readonly message: string;
}

interface Intent {
  id: string;
  amount: number;
  currency: string;
  status: string;
  last_payment_error: Refusal | null;
  charge: { id: string; created: number; amount: number; refunded: number } | null;
}

const OPEN = ['requires_payment_method', 'requires_confirmation', 'requires_action'];
const DECLINES: Readonly<Record<string, Refusal>> = {
  pm_card_chargeDeclinedInsufficientFunds: {
    type: 'card_error',
    code: 'card_declined',
    decline_code: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
  },
  pm_card_chargeDeclinedStolenCard: {
    type: 'card_error',
    code: 'card_declined',
    decline_code: 'stolen_card',
    message: 'Your card was declined.',
  },
  pm_card_authenticationRequired: {
    type: 'card_error',
    code: 'authentication_required',
    decline_code: 'authentication_required',
    message: 'This payment requires authentication.',
  },
};

/**
 * What Stripe knows and how it changes, as its pages describe it: a PaymentIntent makes one successful charge at most,
 * a canceled one none, and no charge gives back more than it took. Payment methods are Stripe's own test ones.
 *
 * @see https://docs.stripe.com/api/payment_intents, https://docs.stripe.com/testing
 */
export class StripeBooks {
  readonly intents = new Map<string, Intent>();
  /** A status that the next confirmation ends in, whatever the payment method is. */
  nextStatus: string | undefined;
  /** The status of the next refund. */
  nextRefund = 'succeeded';

  serve(call: StripeCall): StripeAnswer {
    if (call.kind === 'create') return this.#create(call);
    const intent = this.intents.get(call.id);
    if (intent === undefined) return refusal(404, missing('intent', call.id));
    if (call.kind === 'retrieve') return answer(intent, call);
    return { confirm: this.#confirm, cancel: this.#cancel, refund: this.#refund }[call.kind].call(
      this,
      intent,
      call,
    );
  }

  /** What was taken and not given back, over all PaymentIntents, in the currency's smallest unit. */
  kept(): number {
    return this.charges().reduce((sum, { amount, refunded }) => sum + amount - refunded, 0);
  }

  /** The successful charges. */
  charges() {
    return [...this.intents.values()].flatMap(({ charge }) => (charge === null ? [] : [charge]));
  }

  #create(call: StripeCall): StripeAnswer {
    const { amount = '', currency = '' } = call.params;
    if (Number(amount) < 30) {
      const problem = { code: 'amount_too_small', param: 'amount', message: 'Amount is too small' };
      return refusal(400, { type: 'invalid_request_error', ...problem });
    }
    const id = `pi_${this.intents.size + 1}`;
    const status = 'requires_payment_method';
    const intent = { id, amount: Number(amount), currency, status, last_payment_error: null, charge: null };
    this.intents.set(id, intent);
    return answer(intent, call);
  }

  #confirm(intent: Intent, call: StripeCall): StripeAnswer {
    if (!OPEN.includes(intent.status)) return unexpected(intent);
    const method = call.params['payment_method'] ?? '';
    const declined = DECLINES[method];
    if (declined !== undefined) {
      Object.assign(intent, { status: 'requires_payment_method', last_payment_error: declined });
      return refusal(402, declined);
    }
    if (method !== 'pm_card_visa') return refusal(400, missing('payment_method', method));
    intent.status = this.nextStatus ?? 'succeeded';
    this.nextStatus = undefined;
    if (intent.status === 'succeeded') {
      intent.charge = { id: `ch_${intent.id}`, created: 1_767_225_600, amount: intent.amount, refunded: 0 };
    }
    return answer(intent, call);
  }

  #cancel(intent: Intent, call: StripeCall): StripeAnswer {
    if (!OPEN.includes(intent.status)) return unexpected(intent);
    intent.status = 'canceled';
    return answer(intent, call);
  }

  #refund({ id, charge }: Intent): StripeAnswer {
    if (charge === null || charge.refunded === charge.amount) {
      const code = charge === null ? 'charge_not_refundable' : 'charge_already_refunded';
      return refusal(400, { type: 'invalid_request_error', code, message: 'Nothing to refund' });
    }
    const status = this.nextRefund;
    this.nextRefund = 'succeeded';
    if (status !== 'failed') charge.refunded = charge.amount;
    return { status: 200, body: { id: 're_1', object: 'refund', payment_intent: id, status } };
  }
}

function answer({ charge, ...intent }: Intent, { params }: StripeCall): StripeAnswer {
  const whole = charge && {
    ...{ id: charge.id, object: 'charge', created: charge.created, amount: charge.amount },
    ...{ amount_refunded: charge.refunded, refunded: charge.refunded === charge.amount },
  };
  const isExpanded = Object.entries(params).some(
    ([name, value]) => name.startsWith('expand') && value === 'latest_charge',
  );
  const body = {
    object: 'payment_intent',
    ...intent,
    amount_received: charge?.amount ?? 0,
    client_secret: `${intent.id}_secret_contract`,
    latest_charge: isExpanded ? whole : (charge?.id ?? null),
  };
  return { status: 200, body };
}

function refusal(status: number, error: Refusal): StripeAnswer {
  return { status, body: { error } };
}

function missing(param: string, id: string): Refusal {
  return {
    type: 'invalid_request_error',
    code: 'resource_missing',
    param,
    message: `No such ${param}: '${id}'`,
  };
}

function unexpected({ id, status }: Intent): StripeAnswer {
  const message = `This PaymentIntent's status is ${status}: ${id}`;
  return refusal(400, { type: 'invalid_request_error', code: 'payment_intent_unexpected_state', message });
}
