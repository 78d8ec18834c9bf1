import type { ClaimsTable } from '../claims-table.ts';
import { UNFINISHED_MS } from '../claim.ts';
import { notify, type NotifyParts } from '../notify.ts';
import type { Notice } from '../notice.ts';
import { anOrder } from './an-order.ts';

/** A message that went out. */
export interface Sent {
  readonly channel: 'mail' | 'sms';
  readonly type: string;
}

type Calls = Pick<NotifyParts['claims'], 'claim' | 'finish' | 'recordReturn'> & NotifyParts['post'];

/** Runs of the function on one table, by a clock that the test moves. */
export class Runs {
  readonly sent: Sent[] = [];
  /** Thrown instead of sending, one after the other; then everything is sent. */
  readonly refusals: Error[] = [];
  readonly #claims: ClaimsTable;
  #now = Date.parse('2026-01-01T12:00:00.000Z');

  constructor(claims: ClaimsTable) {
    this.#claims = claims;
  }

  /** Lets so much time pass that an unfinished run is taken for crashed. */
  later(): void {
    this.#now += UNFINISHED_MS;
  }

  /** Handles a notice to its end. */
  run(notice: Notice, order = anOrder({ orderId: notice.subject.id })): Promise<void> {
    return this.#handle(this.#calls(), order)(notice);
  }

  /**
   * Handles a notice in a process that ends before, or right after, its call with this number (from 1).
   *
   * @returns the call's name; undefined when the run ended before it came so far.
   */
  async crash(notice: Notice, number: number, when: 'before' | 'after'): Promise<string | undefined> {
    let count = 0;
    let crashed: (name: string) => void = () => undefined;
    const crash = new Promise<string>((resolve) => (crashed = resolve));
    const stopping: ProxyHandler<Calls> = {
      get:
        (calls, name: keyof Calls) =>
        async (...input: never[]) => {
          count += 1;
          const here = count === number;
          const method = calls[name] as (...values: never[]) => Promise<unknown>;
          const answer = here && when === 'before' ? undefined : await method(...input);
          if (!here) return answer;
          crashed(name);
          // Nobody is there any more who would go on.
          return new Promise<never>(() => undefined);
        },
    };
    const order = anOrder({ orderId: notice.subject.id, smsUpdates: false });
    const run = this.#handle(new Proxy(this.#calls(), stopping), order)(notice);
    return Promise.race([crash, run.then(() => undefined)]);
  }

  #handle(calls: Calls, order: ReturnType<typeof anOrder>): (notice: Notice) => Promise<void> {
    const orders = { read: async () => order };
    return notify({ orders, claims: calls, post: calls, shop: 'The Shop', now: () => this.#now });
  }

  #calls(): Calls {
    const send = (message: Sent) => {
      const refusal = this.refusals.shift();
      if (refusal !== undefined) throw refusal;
      this.sent.push(message);
      return `message-${this.sent.length}`;
    };
    return {
      claim: (...input) => this.#claims.claim(...input),
      finish: (...input) => this.#claims.finish(...input),
      recordReturn: (...input) => this.#claims.recordReturn(...input),
      sendMail: async (_to, _mail, { type = '' }) => send({ channel: 'mail', type }),
      sendText: async (_to, text) =>
        send({ channel: 'sms', type: text.includes('on its way') ? 'OrderShipped' : 'OrderPlaced' }),
    };
  }
}
