import { MessageChannel, type MessagePort } from 'node:worker_threads';

/** An HTTP request to the endpoint, already read. Header names are lower-case. */
export interface WireRequest {
  readonly method: string;
  /** Path with query string. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** What stands behind the endpoint's HTTP. A rejection is a connection that was lost. */
export type Dispatch = (request: WireRequest) => Promise<WireResponse>;

/**
 * The short way from functions to the endpoint: requests of their SDK clients to `url` come here over a message port
 * instead of a socket, and go through the same `dispatch` as those that come by HTTP.
 */
export interface Wire {
  /** The endpoint's address, `http://127.0.0.1:4566`. */
  readonly url: string;
  readonly dispatch: Dispatch;
}

/** From thread to host; `id` tells which answer belongs to it. */
export interface WireCall {
  readonly id: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** From host to thread; without `answer` the connection is lost. */
export interface WireReply {
  readonly id: number;
  readonly answer?: WireResponse;
}

/** Opens the host's end; the answer is the thread's. */
export function openWire({ dispatch }: Wire): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', ({ id, method, url, headers, body }: WireCall) => {
    const request = {
      method,
      url,
      headers,
      body: Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    };
    dispatch(request).then(
      (answer) => port1.postMessage({ id, answer } satisfies WireReply),
      () => port1.postMessage({ id } satisfies WireReply),
    );
  });
  return port2;
}
