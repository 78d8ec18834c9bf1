import { request as httpRequest } from 'node:http';
import { generateKeyPair } from 'jose';
import { MovableClock } from '../clock.ts';
import type { InvokeCause, InvokeResult } from '../functions/invoker.ts';
import { InFlight } from '../in-flight.ts';
import type { Cors, JwtAuthorizer, Route } from '../stack/model.ts';
import { HttpApiServer } from './http-api-server.ts';
import { LocalIssuer } from './issuer.ts';

/** An invocation as the test's function saw it. */
export interface Call {
  readonly functionName: string;
  readonly event: Record<string, unknown> & { requestContext: Record<string, unknown> };
  readonly cause: InvokeCause;
}

export function route(key: string, rest: Partial<Route> = {}): Route {
  return { key, functionName: 'order-api', authorization: 'NONE', scopes: [], ...rest };
}

/** An HTTP API on a free port, in front of a function that the test decides on. */
export class TestApi {
  readonly clock = new MovableClock();
  readonly keyPair = generateKeyPair('RS256');
  readonly issuer = new LocalIssuer(this.clock, this.keyPair);
  readonly inFlight = new InFlight();
  base = '';
  calls: Call[] = [];
  /** What the function gives: its result, or a whole InvokeResult. */
  answer: () => unknown = () => 'ok';
  #server: HttpApiServer | undefined;

  server(routes: Route[], authorizers: JwtAuthorizer[] = [], cors?: Cors): HttpApiServer {
    return new HttpApiServer({
      api: { id: 'api123', name: 'shop', routes, authorizers, cors },
      invoker: { invoke: (...call) => this.#invoke(...call) },
      issuer: this.issuer,
      clock: this.clock,
      inFlight: this.inFlight,
      region: 'eu-central-1',
      accountId: '111111111111',
    });
  }

  async open(routes: Route[], authorizers: JwtAuthorizer[] = [], cors?: Cors): Promise<void> {
    this.#server = this.server(routes, authorizers, cors);
    this.base = `http://127.0.0.1:${await this.#server.listen(0)}`;
  }

  async close(): Promise<void> {
    await this.#server?.close();
    this.clock.stop();
  }

  /** Forgets the calls; the function answers with 200 again. */
  reset(): void {
    this.calls = [];
    this.answer = () => ({ statusCode: 200, body: 'ok' });
  }

  get lastEvent(): Call['event'] {
    const call = this.calls.at(-1);
    if (!call) throw new Error('the function was not invoked');
    return call.event;
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.base}${path}`, init);
  }

  /** The status of a request whose target and headers are sent as they are given. */
  statusOf(path: string, headers: Record<string, string | string[]> = {}): Promise<number> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(this.base);
      const sent = httpRequest({ hostname, port, path, headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on('error', reject);
      sent.end();
    });
  }

  async #invoke(functionName: string, payload: string, cause: InvokeCause): Promise<InvokeResult> {
    this.calls.push({ functionName, event: JSON.parse(payload) as Call['event'], cause });
    const result = await this.answer();
    if (typeof result === 'object' && result !== null && 'functionError' in result)
      return result as InvokeResult;
    return { requestId: 'r', payload: JSON.stringify(result ?? null), functionError: undefined };
  }
}
