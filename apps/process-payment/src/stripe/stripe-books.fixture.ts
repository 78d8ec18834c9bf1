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
  charge: { id: string; created: number; amount: number; disputed: boolean; refunds: Refund[] } | null;
}

interface Refund {
  readonly id: string;
  readonly object: 'refund';
  readonly amount: number;
  status: string;
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
};
/** What is said of the means of payment in one way only. */
const MEANS = ['automatic_payment_methods', 'payment_method_types', 'payment_method_configuration'];

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
  /** Payment methods of customers (`pm_once…`) that were used: once is all. */
  readonly #used = new Set<string>();

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
    return this.charges().reduce(
      (sum, { amount, refunds }) => sum + amount - given(refunds, ['succeeded']),
      0,
    );
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
    const isOneOf = Object.keys(call.params).some((name) => MEANS.some((means) => name.startsWith(means)));
    if (isOneOf || call.params['allowed_payment_method_types[0]'] === undefined) {
      return refusal(400, {
        type: 'invalid_request_error',
        message: 'Use allowed_payment_method_types alone',
      });
    }
    const id = `pi_${this.intents.size + 1}`;
    const status = 'requires_payment_method';
    const intent = { id, amount: Number(amount), currency, status, last_payment_error: null, charge: null };
    this.intents.set(id, intent);
    return answer(intent, call);
  }

  #confirm(intent: Intent, call: StripeCall): StripeAnswer {
    if (!OPEN.includes(intent.status)) return unexpected(intent);
    if (call.params['error_on_requires_action'] !== undefined) {
      const problem = { param: 'error_on_requires_action', message: 'Not with these payment methods' };
      return refusal(400, { type: 'invalid_request_error', ...problem });
    }
    if (call.params['return_url'] === undefined) {
      return refusal(400, { type: 'invalid_request_error', message: 'You must provide a return_url' });
    }
    const method = call.params['payment_method'] ?? '';
    const declined = DECLINES[method];
    if (declined !== undefined) {
      Object.assign(intent, { status: 'requires_payment_method', last_payment_error: declined });
      return refusal(402, declined);
    }
    const isOnce = method.startsWith('pm_once');
    const isKnown = isOnce || method === 'pm_card_visa' || method === 'pm_card_authenticationRequired';
    if (!isKnown) return refusal(400, missing('payment_method', method));
    if (this.#used.has(method)) {
      const message = 'The PaymentMethod was used before, without a Customer';
      return refusal(400, { type: 'invalid_request_error', message });
    }
    if (isOnce) this.#used.add(method);
    const asksCustomer = method === 'pm_card_authenticationRequired';
    intent.status = this.nextStatus ?? (asksCustomer ? 'requires_action' : 'succeeded');
    this.nextStatus = undefined;
    if (intent.status === 'succeeded') {
      intent.charge = {
        id: `ch_${intent.id}`,
        created: 1_767_225_600,
        amount: intent.amount,
        disputed: false,
        refunds: [],
      };
    }
    return answer(intent, call);
  }

  #cancel(intent: Intent, call: StripeCall): StripeAnswer {
    if (!OPEN.includes(intent.status)) return unexpected(intent);
    intent.status = 'canceled';
    return answer(intent, call);
  }

  #refund({ charge }: Intent): StripeAnswer {
    const left = charge === null ? 0 : charge.amount - given(charge.refunds);
    if (charge === null || charge.disputed || left === 0) {
      const code = charge?.disputed ? 'charge_disputed' : 'charge_already_refunded';
      return refusal(400, { type: 'invalid_request_error', code, message: 'Nothing to refund' });
    }
    const status = this.nextRefund;
    this.nextRefund = 'succeeded';
    const refund: Refund = { id: `re_${charge.refunds.length + 1}`, object: 'refund', amount: left, status };
    charge.refunds.push(refund);
    return { status: 200, body: refund };
  }
}

/** What was given back, or is to be: a refund that is pending counts as well. */
function given(refunds: readonly Refund[], counted = ['succeeded', 'pending']): number {
  return refunds.filter(({ status }) => counted.includes(status)).reduce((sum, each) => sum + each.amount, 0);
}

function answer({ charge, ...intent }: Intent, { params }: StripeCall): StripeAnswer {
  const expanded = Object.entries(params).find(([name]) => name.startsWith('expand'))?.[1];
  const isExpanded = expanded?.startsWith('latest_charge') === true;
  const whole = charge && {
    ...{ id: charge.id, object: 'charge', created: charge.created, amount: charge.amount },
    refunded: given(charge.refunds) === charge.amount,
    ...(expanded === 'latest_charge.refunds'
      ? { refunds: { object: 'list', data: charge.refunds.toReversed(), has_more: false } }
      : {}),
  };
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
