import http, { type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { Readable, Writable } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';
import type { WireCall, WireReply, WireResponse } from './wire.ts';

/** What the functions' clients are handed for a socket: there is none, and it never fails. */
const NO_SOCKET = {
  connecting: false,
  setKeepAlive: () => undefined,
  setTimeout: () => undefined,
  removeListener: () => undefined,
  destroy: () => undefined,
};

/** Lets requests to the endpoint go over `port` instead of HTTP: `http.request` is replaced for its host and port alone. */
export function useWire(port: MessagePort, endpoint: string): void {
  const { hostname, port: endpointPort } = new URL(endpoint);
  const waiting = new Map<number, WireClientRequest>();
  let lastId = 0;
  port.on('message', ({ id, answer }: WireReply) => {
    const request = waiting.get(id);
    waiting.delete(id);
    request?.answer(answer);
  });
  const send = (request: WireClientRequest, call: Omit<WireCall, 'id'>): void => {
    waiting.set(++lastId, request);
    port.postMessage({ id: lastId, ...call } satisfies WireCall);
  };
  const byHttp = http.request;
  const request = (...parameters: [RequestOptions, (response: unknown) => void]): unknown => {
    const [options, onResponse] = parameters;
    const isEndpoint =
      (options.hostname ?? options.host) === hostname && String(options.port) === endpointPort;
    return isEndpoint
      ? new WireClientRequest(options, onResponse, send)
      : Reflect.apply(byHttp, http, parameters);
  };
  Object.assign(http, { request });
  syncBuiltinESMExports();
}

/** Stands in for `http.ClientRequest`, as far as SDK clients use it. */
class WireClientRequest extends Writable {
  readonly socket = NO_SOCKET;
  readonly #options: RequestOptions;
  readonly #send: (request: WireClientRequest, call: Omit<WireCall, 'id'>) => void;
  readonly #body: Uint8Array[] = [];

  constructor(
    options: RequestOptions,
    onResponse: (response: unknown) => void,
    send: (request: WireClientRequest, call: Omit<WireCall, 'id'>) => void,
  ) {
    super({ autoDestroy: false });
    this.#options = options;
    this.#send = send;
    this.once('response', onResponse);
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.#body.push(chunk);
    done();
  }

  override _final(done: () => void): void {
    const { method = 'GET', path, headers } = this.#options;
    const [first = new Uint8Array(0)] = this.#body;
    const body = this.#body.length > 1 ? Buffer.concat(this.#body) : first;
    this.#send(this, { method, url: path ?? '/', headers: lowerCase(headers), body });
    done();
  }

  /** @param answer undefined when the connection is lost. */
  answer(answer: WireResponse | undefined): void {
    if (this.destroyed) return;
    if (!answer) {
      this.destroy(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
      return;
    }
    const response = new WireIncomingMessage(answer);
    response.once('close', () => this.destroy());
    this.emit('response', response);
  }
}

/** Stands in for `http.IncomingMessage`. */
class WireIncomingMessage extends Readable {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly headers: IncomingHttpHeaders;
  readonly #body: string | Uint8Array;

  constructor({ status, headers, body }: WireResponse) {
    super();
    this.statusCode = status;
    this.statusMessage = http.STATUS_CODES[status] ?? '';
    this.headers = { ...headers };
    this.#body = body;
  }

  override _read(): void {
    if (this.#body.length > 0) this.push(this.#body);
    this.push(null);
  }
}

function lowerCase(headers: RequestOptions['headers']): Record<string, string> {
  const lower: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) lower[name.toLowerCase()] = String(value);
  return lower;
}
