import type { Flight } from '@orderstream/local-cloud';
import { outputOf } from '../session.ts';
import type { TestShop } from '../testing/shop.ts';

/** A dead letter as the staff's API lists it. */
export interface WaitingLetter {
  readonly id: string;
  readonly kind: string;
}

/** A shop whose every path is walked: by its customers, its staff and its clock. */
export class WalkedShop {
  readonly shop: TestShop;
  readonly #startedAt: number;

  constructor(shop: TestShop) {
    this.shop = shop;
    this.#startedAt = shop.cloud.clock.now();
  }

  async settled(): Promise<void> {
    await this.shop.cloud.settled();
  }

  /** Asks as a member of the staff. @throws Error for every refusal but 404. */
  async staff<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const token = await this.shop.cloud.token('clerk', ['staff']);
    return this.#ask(outputOf(this.shop.session, 'staff_api_url'), { method, path, body, token });
  }

  /** Asks as a customer. @throws Error for every refusal but 404. */
  async customer<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const token = await this.shop.cloud.token('ada');
    return this.#ask(outputOf(this.shop.session, 'api_url'), { method, path, body, token });
  }

  async letters(): Promise<readonly WaitingLetter[]> {
    type Listed = { readonly deadLetters: readonly WaitingLetter[] };
    return (await this.staff<Listed>('GET', '/dead-letters?limit=100')).deadLetters;
  }

  /** Moves the clock on to that hour after the start, once nothing is under way that would run out of its time. */
  async hour(hours: number): Promise<void> {
    await this.settled();
    const { clock } = this.shop.cloud;
    await clock.advance(this.#startedAt + hours * 3_600_000 - clock.now());
  }

  /**
   * Waits until something of these kinds is under way, and moves the clock on, whenever nothing else is, until nothing of
   * them waits to be tried again.
   */
  async givesUp(...kinds: readonly Flight[]): Promise<void> {
    const { clock, inFlight } = this.shop.cloud;
    for (let hasBegun = false; ;) {
      const underWay = Object.keys(inFlight.counts());
      const waiting = underWay.filter((kind) => kinds.some((one) => one === kind));
      if (hasBegun && waiting.length === 0) return;
      hasBegun ||= waiting.length > 0;
      if (hasBegun && waiting.length === underWay.length) await clock.advance(60_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async #ask<Answer>(
    api: string,
    { method, path, body, token }: { method: string; path: string; body: object | undefined; token: string },
  ): Promise<Answer> {
    const answer = await fetch(api + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok && answer.status !== 404) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text === '' ? '{}' : text);
  }
}
