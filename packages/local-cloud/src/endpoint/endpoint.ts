import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { BrokenConnection } from './broken-connection.ts';
import { credentialOf } from './credential.ts';
import { errorDocument } from './error-document.ts';
import { plainHeaders, readBody, send } from './http.ts';
import { answerLocal, isLocalPath } from './local-paths.ts';
import type { LocalHandler } from './local-paths.ts';
import { isFromThisMachine } from './loopback.ts';
import { route } from './route.ts';
import type { RawRequest, Route } from './route.ts';
import { AwsError } from './service.ts';
import type { Caller, ServiceHandler, ServiceResponse } from './service.ts';
import { unknownOperation } from './unknown-operation.ts';

/** As long as SDK clients keep idle connections, and a little more: the client closes first, never a call under way. */
const KEEP_ALIVE_MS = 65_000;

const MAXIMUM_BODY_BYTES = 16 * 1024 * 1024;

/** How errors are written that belong to no AWS service. */
const NO_SERVICE: Route = { service: '', operation: '', protocol: 'rest-json' };

export interface EndpointOptions {
  /** By service name, see `ServiceRequest.service`. Looked at for each call, so it may be filled after `listen`. */
  readonly handlers: Readonly<Record<string, ServiceHandler>>;
  /** Functions by the access key id that they sign with; every other key is an operator's. */
  readonly callers: { get(accessKeyId: string): Caller | undefined };
  /** Whether operators are answered; functions, and what is asked under `/_local`, always are. Always unless it is given. */
  readonly isOpen?: () => boolean;
  /** Handlers of `/_local/<name>`. */
  readonly local?: Readonly<Record<string, LocalHandler>>;
  /** Told of everything that went wrong in a handler and is no AWS error; `call` says in which call. */
  readonly onError?: (error: unknown, call: string) => void;
  /** 16 MB unless it is given. */
  readonly maximumBodyBytes?: number;
}

/**
 * The one port on which every AWS service of the local cloud is reached, by unmodified SDK clients, function bundles and
 * the `aws` command line (`AWS_ENDPOINT_URL`). Listens on the loopback interface only.
 */
export class Endpoint {
  readonly #options: EndpointOptions;
  readonly #server: Server;

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      void this.#serve(request, response);
    });
  }

  /**
   * Starts listening.
   *
   * @param port 0 for any free one. @returns the port.
   * @throws Error with the remedy when the port is taken.
   */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port)));
      this.#server.listen(port, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  /** Stops listening and ends every connection, also those with a call under way. Safe to call twice. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  /**
   * Answers one call, without going through the port. What goes wrong becomes an error document.
   *
   * @throws BrokenConnection of a handler, and nothing else: the caller is to get no answer.
   */
  async answer(request: RawRequest, requestId: string = randomUUID()): Promise<ServiceResponse> {
    const credential = credentialOf(request.headers, request.url);
    const found = route(request, credential?.service);
    try {
      if (isLocalPath(request.url)) return await answerLocal(request, this.#options.local ?? {});
      if (!found) throw notAnAwsCall();
      const handler = this.#handler(found, request);
      const caller = this.#caller(credential?.accessKeyId);
      if (caller.kind === 'operator' && this.#options.isOpen?.() === false) throw notOpen();
      return await handler({
        service: found.service,
        operation: found.operation,
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: request.body,
        caller,
      });
    } catch (error) {
      if (error instanceof BrokenConnection) throw error;
      const call = found ? `${found.service} ${found.operation}` : `${request.method} ${request.url}`;
      return errorDocument(this.#asAwsError(error, call), found ?? NO_SERVICE, requestId);
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    try {
      send(response, await this.#answerHttp(request, requestId), requestId);
    } catch (error) {
      // Nobody is left to answer when the client went away.
      const isExpected = request.errored || error instanceof BrokenConnection;
      if (!isExpected) this.#options.onError?.(error, `${request.method} ${request.url}`);
      response.destroy();
    }
  }

  async #answerHttp(request: IncomingMessage, requestId: string): Promise<ServiceResponse> {
    const { method = 'GET', url = '/' } = request;
    const headers = plainHeaders(request);
    const body = await readBody(request, this.#options.maximumBodyBytes ?? MAXIMUM_BODY_BYTES);
    if (!isFromThisMachine(headers['host'], headers['origin'])) {
      return errorDocument(notFromThisMachine(headers['host']), NO_SERVICE, requestId);
    }
    if (body === undefined) return this.#tooLarge({ method, url, headers, body: Buffer.of() }, requestId);
    return this.answer({ method, url, headers, body }, requestId);
  }

  #tooLarge(request: RawRequest, requestId: string): ServiceResponse {
    const limit = this.#options.maximumBodyBytes ?? MAXIMUM_BODY_BYTES;
    const found = route(request, credentialOf(request.headers, request.url)?.service);
    const code = found?.service === 'lambda' ? 'RequestEntityTooLargeException' : 'RequestEntityTooLarge';
    const error = new AwsError(code, `A body may have up to ${limit} bytes here.`, 413);
    return errorDocument(error, found ?? NO_SERVICE, requestId);
  }

  #handler({ service, operation }: Route, { method, url }: RawRequest): ServiceHandler {
    const { handlers } = this.#options;
    const handler = Object.hasOwn(handlers, service) ? handlers[service] : undefined;
    if (handler) return handler;
    const call = operation === method ? `${method} ${url}` : operation;
    const instead = 'The local cloud has the services that its stacks are made of.';
    throw unknownOperation(`${call} of the service "${service}"`, instead, Object.keys(handlers).sort());
  }

  #caller(accessKeyId = 'anonymous'): Caller {
    return (
      this.#options.callers.get(accessKeyId) ?? { kind: 'operator', name: accessKeyId, roleArn: undefined }
    );
  }

  #asAwsError(error: unknown, call: string): AwsError {
    if (error instanceof AwsError) return error;
    this.#options.onError?.(error, call);
    return new AwsError('InternalFailure', `${call} failed inside the local cloud: ${String(error)}`, 500);
  }
}

/** As a service says that it is away for a moment: clients try again. */
function notOpen(): AwsError {
  return new AwsError('ServiceUnavailable', 'The local cloud is starting. Try again in a moment.', 503);
}

function notAnAwsCall(): AwsError {
  return new AwsError(
    'MissingAuthenticationToken',
    "This is the local cloud's AWS endpoint. Give its address to an AWS client, as AWS_ENDPOINT_URL or --endpoint-url.",
    403,
  );
}

function notFromThisMachine(host: string | undefined): AwsError {
  return new AwsError(
    'AccessDenied',
    `Only programs on this machine are answered, not pages of other sites (host ${host ?? 'unknown'}). Use 127.0.0.1 or localhost.`,
    403,
  );
}

function listenError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== 'EADDRINUSE') return error;
  return new Error(`Port ${port} is in use: stop what listens there, or choose another one with --port.`, {
    cause: error,
  });
}
