import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { InvokeResult, Invoker } from '../functions/invoker.ts';
import type { InFlight } from '../in-flight.ts';
import { calledBy } from '../stack/arns.ts';
import type { HttpApi, Route } from '../stack/model.ts';
import { authorizerOf, type Authorize } from './authorizer.ts';
import { preflightAnswer, withCors } from './cors.ts';
import { apiEvent, type ApiIdentity, type ApiRequest } from './event.ts';
import type { LocalIssuer } from './issuer.ts';
import { gatewayResponse, responseOf, responseOfFailure, type ApiResponse } from './response.ts';
import { createRouter, type RouteMatch, type Router } from './routes.ts';

/** Quotas of HTTP APIs: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const BODY_LIMIT_BYTES = 10 * 1024 * 1024;
const HEADER_LIMIT_BYTES = 10_240;
const INTEGRATION_TIMEOUT_MS = 30_000;

/** Longer than clients keep idle connections, so that none is closed just when it is used again. */
const KEEP_ALIVE_MS = 65_000;

export interface HttpApiServerOptions {
  readonly api: HttpApi;
  readonly invoker: Invoker;
  readonly issuer: LocalIssuer;
  /** Asked before a route invokes its function. Throws AwsError when the API may not. */
  readonly authorize?: ((apiId: string, routeKey: string, functionName: string) => void) | undefined;
  /** Told of the status of every answer. */
  readonly onAnswer?: ((apiId: string, status: number) => void) | undefined;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly region: string;
  readonly accountId: string;
}

type GuardedRoute = Route & { readonly authorize: Authorize };

/** One HTTP API of the stack, on a port of the loopback interface. Its one stage is `$default`. */
export class HttpApiServer {
  readonly #options: HttpApiServerOptions;
  readonly #identity: ApiIdentity;
  readonly #route: Router<GuardedRoute>;
  readonly #server: Server;

  /** @throws Error for a route key of a wrong form or an authorizer that is not there. */
  constructor(options: HttpApiServerOptions) {
    const { api, region, accountId } = options;
    this.#options = options;
    this.#identity = { apiId: api.id, accountId, region };
    const guard = (route: Route) => authorizerOf(route, api.authorizers, options);
    this.#route = createRouter(api.routes.map((route) => ({ ...route, authorize: guard(route) })));
    this.#server = createServer(
      { maxHeaderSize: HEADER_LIMIT_BYTES, keepAliveTimeout: KEEP_ALIVE_MS },
      (request, response) => void this.#serve(request, response),
    );
  }

  /**
   * @param port 0 takes any that is free. @returns the port.
   * @throws Error with the remedy when the port is taken.
   */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException) => reject(listenError(error, port, this.#options.api.name));
      this.#server.once('error', fail);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', fail);
        const address = this.#server.address();
        resolve(typeof address === 'object' && address ? address.port : port);
      });
    });
  }

  /** Ends all connections, also those with an answer under way. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const leave = this.#options.inFlight.enter('request');
    const requestId = randomBytes(11).toString('base64');
    try {
      send(response, await this.#answer(message, requestId), requestId);
    } catch (error) {
      if (!message.destroyed) console.error('The HTTP API could not answer:', error);
      if (!response.headersSent) send(response, gatewayResponse(500), requestId);
    } finally {
      this.#options.onAnswer?.(this.#options.api.id, response.statusCode);
      leave();
    }
  }

  async #answer(message: IncomingMessage, requestId: string): Promise<ApiResponse> {
    const target = parseTarget(message.url ?? '');
    if (!target) return gatewayResponse(400);
    const method = message.method ?? '';
    const { cors } = this.#options.api;
    const preflight = preflightAnswer(cors, method, message.headers);
    if (preflight) return preflight;
    const match = this.#route(method, target.path);
    if (!match) return gatewayResponse(404);
    const decision = await match.route.authorize(message.headers.authorization);
    if (!decision.allowed) return decision.response;
    const body = await readBody(message);
    if (!body) return gatewayResponse(413);
    const request: ApiRequest = {
      ...target,
      method,
      body,
      requestId,
      headers: this.#headers(message),
      sourceIp: message.socket.remoteAddress ?? '',
      protocol: `HTTP/${message.httpVersion}`,
      receivedAt: this.#options.clock.now(),
    };
    return withCors(cors, message.headers.origin, await this.#invoke(match, request, decision.context));
  }

  async #invoke(
    match: RouteMatch<Route>,
    request: ApiRequest,
    context: object | undefined,
  ): Promise<ApiResponse> {
    const { invoker, clock, api, authorize } = this.#options;
    const event = JSON.stringify(apiEvent(this.#identity, match, request, context));
    const cause = { kind: 'api', name: match.route.key, trace: request.headers['x-amzn-trace-id']?.[0] };
    const late = Promise.withResolvers<undefined>();
    const timer = clock.setTimeout(() => late.resolve(undefined), INTEGRATION_TIMEOUT_MS);
    try {
      const called = calledBy(match.route);
      authorize?.(api.id, match.route.key, called);
      const invoked = invoker.invoke(called, event, cause);
      const result: InvokeResult | undefined = await Promise.race([invoked, late.promise]);
      return result ? responseOf(result) : gatewayResponse(503);
    } catch (error) {
      return responseOfFailure(error);
    } finally {
      clock.clearTimeout(timer);
    }
  }

  /** The headers that a function sees: those of the connection left out, those that API Gateway adds put in. */
  #headers(message: IncomingMessage): Record<string, readonly string[]> {
    const headers: Record<string, readonly string[]> = {};
    for (const [name, values] of Object.entries(message.headersDistinct))
      if (values && !OF_THE_CONNECTION.has(name)) headers[name] = values;
    headers['x-amzn-trace-id'] ??= [newTrace(this.#options.clock.now())];
    const proxies = headers['x-forwarded-for'] ?? [];
    headers['x-forwarded-for'] = [...proxies, message.socket.remoteAddress ?? ''];
    headers['x-forwarded-port'] = [String(message.socket.localPort)];
    headers['x-forwarded-proto'] = ['http'];
    return headers;
  }
}

function listenError(error: NodeJS.ErrnoException, port: number, name: string): Error {
  if (error.code !== 'EADDRINUSE') return error;
  return new Error(
    `Port ${port} (of the API "${name}"; the APIs stand right above --port) is in use: stop what listens there, or choose another one with --port.`,
    { cause: error },
  );
}

const OF_THE_CONNECTION = new Set(['connection', 'keep-alive', 'te', 'transfer-encoding', 'upgrade']);

/** Path and query of a request's target; undefined when it is no path or wrongly encoded. */
function parseTarget(url: string): Pick<ApiRequest, 'path' | 'queryString'> | undefined {
  if (!url.startsWith('/')) return undefined;
  const [path = '', ...query] = url.split('?');
  try {
    return { path: decodeURIComponent(path), queryString: query.join('?') };
  } catch {
    return undefined;
  }
}

/** The body; undefined when it is too large, after it was read to its end, so that the client reads the answer. */
async function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    if (size <= BODY_LIMIT_BYTES) chunks.push(bytes);
    else chunks.length = 0;
  }
  return size <= BODY_LIMIT_BYTES ? Buffer.concat(chunks, size) : undefined;
}

function newTrace(now: number): string {
  const seconds = Math.floor(now / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`;
}

function send(response: ServerResponse, answer: ApiResponse, requestId: string): void {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.setHeader('apigw-requestid', requestId);
  response.end(answer.body);
}
