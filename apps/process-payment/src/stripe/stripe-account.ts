import { TIMEOUTS } from '@orderstream/domain';
import Stripe from 'stripe';

/** The version of Stripe's API that the adapter is written for; the account's own default does not matter. */
export const STRIPE_API_VERSION = '2026-10-28.endive';

/** Milliseconds that a key is used before it is read again, so that a new one is taken up though the old still works. */
const KEY_AGE = 300_000;

/** A secret or restricted key of the account, in test or live mode. */
const KEY = /^(sk|rk)_(test|live)_[A-Za-z0-9_]{8,250}$/;

/** Where Stripe is, in tests. */
export type StripeAddress = Required<Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'>>;

/**
 * A client with a key. It repeats nothing by itself (but what met a closed connection, once, under an idempotency key that
 * it makes for that call): the workflow does. It gives up before the gateway's time is over.
 */
export function stripeClient(key: string, address?: StripeAddress, timeout = (TIMEOUTS.gateway - 1) * 1000) {
  return new Stripe(key, {
    apiVersion: STRIPE_API_VERSION,
    maxNetworkRetries: 0,
    timeout,
    telemetry: false,
    ...address,
  });
}

/** The secret holds no key of Stripe's. What it holds instead is not shown. */
export class StripeKeyInvalid extends Error {
  constructor() {
    super(
      "The secret in PAYMENT_SECRET_ARN holds no key of Stripe's (sk_… or rk_…). Put one there: aws secretsmanager put-secret-value.",
    );
    this.name = 'StripeKeyInvalid';
  }
}

/** Our account at Stripe. The key is kept for a few minutes, and read again when Stripe refuses it. */
export class StripeAccount {
  readonly #readKey: () => Promise<string>;
  readonly #connect: (key: string) => Stripe;
  readonly #now: () => number;
  #kept: { readonly key: string; readonly client: Stripe; readonly until: number } | undefined;

  constructor(
    readKey: () => Promise<string>,
    connect: (key: string) => Stripe = stripeClient,
    now: () => number = Date.now,
  ) {
    this.#readKey = readKey;
    this.#connect = connect;
    this.#now = now;
  }

  /**
   * Asks Stripe; once more, when it refuses a key that has been replaced since: it did nothing then.
   *
   * @throws StripeKeyInvalid, and what the secret's reader and Stripe throw.
   */
  async ask<Answer>(question: (stripe: Stripe) => Promise<Answer>): Promise<Answer> {
    const kept = this.#kept;
    const asked = kept !== undefined && this.#now() < kept.until ? kept : await this.#renewed();
    try {
      return await question(asked.client);
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeAuthenticationError)) throw error;
      const renewed = await this.#renewed();
      if (renewed.key === asked.key) throw error;
      return question(renewed.client);
    }
  }

  async #renewed() {
    const key = (await this.#readKey()).trim();
    if (!KEY.test(key)) throw new StripeKeyInvalid();
    const client = this.#kept?.key === key ? this.#kept.client : this.#connect(key);
    this.#kept = { key, client, until: this.#now() + KEY_AGE };
    return this.#kept;
  }
}
