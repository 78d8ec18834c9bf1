import { apiUrl } from '../api/http-apis.ts';
import { externalCache } from '../cache/local-cache.ts';
import { Endpoint } from '../endpoint/endpoint.ts';
import type { LocalHandler } from '../endpoint/local-paths.ts';
import type { Caller, ServiceHandler } from '../endpoint/service.ts';
import { freePort } from '../free-port.ts';
import type { Stack } from '../stack/model.ts';
import { countApis, readStack } from '../stack/read.ts';
import type { HostAndPort } from '../stack/resource-type.ts';
import type { LocalCloudOptions } from './options.ts';

/** The account that a stack without one belongs to here. */
export const ACCOUNT_ID = '000000000000';

/**
 * The endpoint, listening before anything stands behind it: queue URLs, outputs and the functions' environments name its
 * address. Until the cloud is ready, every call is refused.
 */
export interface Door {
  readonly endpoint: Endpoint;
  readonly handlers: Record<string, ServiceHandler>;
  readonly callers: Map<string, Caller>;
  readonly local: Record<string, LocalHandler>;
  readonly endpointUrl: string;
  readonly apiPort: number;
  /** Of a cache that runs already. */
  readonly cacheUrl: string | undefined;
  readonly cacheAddress: HostAndPort;
  ready: boolean;
  /** Why the cloud can't be ready any more. */
  ended: Error | undefined;
}

/** Opens the endpoint and finds the ports of what will stand beside it. @throws Error when the port is in use. */
export async function openDoor(options: LocalCloudOptions): Promise<Door> {
  const handlers = {};
  const callers = new Map<string, Caller>();
  const local = {};
  const { onError, cacheUrl = process.env['CACHE_URL'] } = options;
  const givenCache = cacheUrl ? externalCache(cacheUrl) : undefined;
  const endpoint = new Endpoint({
    ...{ handlers, callers, local },
    // What comes from outside would meet parts that are half started.
    isOpen: () => door.ready || door.ended !== undefined,
    onError: (error, call) => {
      // Why the cloud ends is said once, and not again for every call that meets it.
      if (error !== door.ended) onError?.(error, call);
    },
  });
  const port = await endpoint.listen(options.port ?? 0);
  const apis = countApis(options.stackFile);
  const firstPort = await freePort(apis + 1);
  const door: Door = {
    endpoint,
    handlers,
    callers,
    local,
    endpointUrl: `http://127.0.0.1:${port}`,
    apiPort: options.apiPort || firstPort,
    cacheUrl,
    cacheAddress: givenCache ?? { host: '127.0.0.1', port: firstPort + apis },
    ready: false,
    ended: undefined,
  };
  return door;
}

/** Reads the stack, its addresses being those of this door. @throws Error naming what is not run here. */
export function readStackFor(
  { endpointUrl, apiPort, cacheAddress }: Door,
  { stackFile }: LocalCloudOptions,
): Stack {
  return readStack(stackFile, {
    accountId: ACCOUNT_ID,
    queueUrl: (name) => `${endpointUrl}/${ACCOUNT_ID}/${name}`,
    apiUrl: (_id, place) => apiUrl(apiPort, place),
    searchEndpoint: () => new URL(endpointUrl).host,
    cacheAddress: () => cacheAddress,
  });
}

/** What happens when the table engine ends or the journal fails: a cloud that is still starting fails to, one that is ready says so. */
export function endOf(door: Door, { onEnd }: LocalCloudOptions): (error: Error) => void {
  return (error) => {
    const wasReady = door.ready;
    door.ended = error;
    door.ready = false;
    if (wasReady) onEnd?.(error);
  };
}
