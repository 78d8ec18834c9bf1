import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { StripeAddress } from './stripe-account.ts';
import { StripeBooks, type StripeAnswer, type StripeCall } from './stripe-books.fixture.ts';

/**
 * How the stub answers a call instead of as it should: `broken` says 500, and again whenever it is asked under the same
 * idempotency key; `lost` does it and drops the connection; `silent` does it and says nothing; `busy` refuses because of a
 * call under the same idempotency key; `limited` because of too many calls; `declined` as if a card were to blame.
 */
export type Fault = 'broken' | 'lost' | 'silent' | 'busy' | 'limited' | 'declined';

export type CallKind = StripeCall['kind'];

export interface SeenCall extends StripeCall {
  readonly idempotencyKey: string | undefined;
  readonly apiVersion: string | undefined;
}

const error = (status: number, body: Readonly<Record<string, unknown>>): StripeAnswer => ({
  status,
  body: { error: body },
});
const REFUSALS: Readonly<Record<'broken' | 'busy' | 'limited' | 'declined', StripeAnswer>> = {
  broken: error(500, { type: 'api_error', message: 'An unknown error occurred' }),
  busy: error(409, { type: 'idempotency_error', code: 'idempotency_key_in_use', message: 'In use' }),
  limited: error(429, { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests' }),
  declined: error(402, { type: 'card_error', code: 'card_declined', message: 'Declined' }),
};

/** Stripe's API on the loopback: its HTTP side, with idempotency keys and faults. What it knows stands in its books. */
export class StripeStub {
  readonly books = new StripeBooks();
  readonly calls: SeenCall[] = [];
  /** Keys of the account that it takes. */
  readonly keys = new Set(['sk_test_contract1']);
  readonly #saved = new Map<string, { readonly call: string; readonly answer: StripeAnswer }>();
  readonly #faults: { readonly kind: CallKind; readonly fault: Fault }[] = [];
  readonly #hooks: { readonly kind: CallKind; readonly hook: () => Promise<unknown> }[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request).then((answer) => {
        if (answer === 'lost') return request.socket.destroy();
        if (answer === 'silent') return undefined;
        response.writeHead(answer.status, { 'content-type': 'application/json', 'request-id': 'req_1' });
        return response.end(JSON.stringify(answer.body));
      });
    });
  }

  static async start(): Promise<StripeStub> {
    const stub = new StripeStub();
    stub.#server.listen(0, '127.0.0.1');
    await once(stub.#server, 'listening');
    return stub;
  }

  get address(): StripeAddress {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The stub has no port.');
    return { host: '127.0.0.1', port: address.port, protocol: 'http' };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** The next call of the kind goes wrong, or the next `times` of them. */
  fail(kind: CallKind, fault: Fault, times = 1): void {
    for (let i = 0; i < times; i += 1) this.#faults.push({ kind, fault });
  }

  /** Something that happens just before the next call of the kind is served. */
  before(kind: CallKind, hook: () => Promise<unknown>): void {
    this.#hooks.push({ kind, hook });
  }

  async #answer(request: IncomingMessage): Promise<StripeAnswer | 'lost' | 'silent'> {
    const call = readCall(request, await text(request));
    const { 'idempotency-key': key, 'stripe-version': version, authorization = '' } = request.headers;
    this.calls.push({ ...call, idempotencyKey: headerOf(key), apiVersion: headerOf(version) });
    if (!this.keys.has(authorization.replace('Bearer ', ''))) {
      return error(401, { type: 'invalid_request_error', message: 'Invalid API Key provided' });
    }
    const hooked = this.#hooks.findIndex(({ kind }) => kind === call.kind);
    if (hooked !== -1) await this.#hooks.splice(hooked, 1)[0]?.hook();
    const failed = this.#faults.findIndex(({ kind }) => kind === call.kind);
    const fault = failed === -1 ? undefined : this.#faults.splice(failed, 1)[0]?.fault;
    if (fault === 'busy' || fault === 'limited' || fault === 'declined') return REFUSALS[fault];
    const serve = () => (fault === 'broken' ? REFUSALS.broken : this.books.serve(call));
    const answer = this.#once(headerOf(key), call, serve);
    return fault === 'lost' || fault === 'silent' ? fault : answer;
  }

  /** Under an idempotency key, what was said first is said again; another question under it is refused. */
  #once(key: string | undefined, call: StripeCall, serve: () => StripeAnswer): StripeAnswer {
    if (key === undefined) return serve();
    const saved = this.#saved.get(key);
    if (saved === undefined) {
      const answer = serve();
      this.#saved.set(key, { call: JSON.stringify(call), answer });
      return answer;
    }
    if (saved.call === JSON.stringify(call)) return saved.answer;
    return error(400, {
      type: 'idempotency_error',
      message: 'Keys can only be used with the same parameters',
    });
  }
}

function headerOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function readCall({ method = '', url = '' }: IncomingMessage, body: string): StripeCall {
  const { pathname, searchParams } = new URL(url, 'http://stripe');
  const params = Object.fromEntries(method === 'GET' ? searchParams : new URLSearchParams(body));
  const [, , collection, id = '', verb] = pathname.split('/');
  if (collection === 'refunds') return { kind: 'refund', id: params['payment_intent'] ?? '', params };
  if (method === 'GET') return { kind: 'retrieve', id, params };
  if (verb === 'confirm' || verb === 'cancel') return { kind: verb, id, params };
  return { kind: 'create', id: '', params };
}
