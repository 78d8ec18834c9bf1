import type { HttpApi } from '../stack/model.ts';
import type { HttpApiServerOptions } from './http-api-server.ts';
import { HttpApiServer } from './http-api-server.ts';

export interface HttpApisOptions extends Omit<HttpApiServerOptions, 'api'> {
  readonly apis: readonly HttpApi[];
  /** Port of the first API; each further one stands on the next. */
  readonly firstPort: number;
}

/** Where an API answers. @param place which one it is, from 0, in the order of the document. */
export function apiUrl(firstPort: number, place: number): string {
  return `http://127.0.0.1:${firstPort + place}`;
}

/** Every HTTP API of the stack, one port each, in a row. */
export class HttpApis {
  /** By the API's name, in the order of the document. */
  readonly urls: Readonly<Record<string, string>>;
  readonly #options: HttpApisOptions;
  readonly #servers: readonly HttpApiServer[];

  /** @throws Error for a route that can't be served, as {@link HttpApiServer} does. */
  constructor(options: HttpApisOptions) {
    const { apis, firstPort } = options;
    this.#options = options;
    this.urls = Object.fromEntries(apis.map(({ name }, place) => [name, apiUrl(firstPort, place)]));
    this.#servers = apis.map((api) => new HttpApiServer({ ...options, api }));
  }

  /** @throws Error with the remedy when one of the ports is taken; those opened before it stay until {@link close}. */
  async listen(): Promise<void> {
    for (const [place, server] of this.#servers.entries()) {
      await server.listen(this.#options.firstPort + place);
    }
  }

  /** Ends all connections to all of them. */
  async close(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.close()));
  }

  /**
   * A token as the APIs' authorizers take it: of the issuer and the audience of the first API that has an authorizer.
   * @throws Error when none has one.
   */
  async token(subject: string, groups: readonly string[] = []): Promise<string> {
    const [authorizer] = this.#options.apis.flatMap(({ authorizers }) => authorizers);
    if (authorizer === undefined)
      throw new Error('The stack has no issuer: its routes need signed requests. Set ORDERSTREAM_ISSUER.');
    const [audience = ''] = authorizer.audience;
    return this.#options.issuer.token({ issuer: authorizer.issuer, subject, groups, audience });
  }
}
