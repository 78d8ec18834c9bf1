import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { awsClientConfig } from './aws-client.ts';

/** The services that are called without their own SDK client. */
export type SignedService = 's3' | 'es' | 'ses' | 'sns' | 'sqs' | 'states' | 'lambda';

export interface SignedRequest {
  readonly service: SignedService;
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** After which the call is given up; 5,000 unless it is given. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;

/** First part of the host name where it is not the service's own name. */
const HOSTS: Partial<Record<SignedService, string>> = { ses: 'email' };

let signers: Partial<Record<SignedService, SignatureV4>> = {};

/** Where a service is reached: its host in the region, or the endpoint that AWS_ENDPOINT_URL names. */
export function serviceUrl(service: SignedService): string {
  const { endpoint, region } = awsClientConfig();
  return endpoint ?? `https://${HOSTS[service] ?? service}.${region}.amazonaws.com`;
}

/**
 * A request to AWS, signed with the function's credentials by the signer that the DynamoDB client brings along. For
 * services of which a function makes one or two calls: a client of their own would add up to 160 KB to its bundle.
 *
 * @throws TypeError or DOMException as `fetch` does, for a broken connection or a call that took too long.
 */
export async function signedFetch(request: SignedRequest): Promise<Response> {
  const { service, url, method, body, timeoutMs = TIMEOUT_MS } = request;
  signers[service] ??= signerOf(service);
  const signed = await signers[service].sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { ...request.headers, host: url.host },
    ...(body === undefined ? {} : { body }),
  });
  return fetch(url, {
    method,
    headers: signed.headers,
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined ? {} : { body }),
  });
}

/** Forgets credentials and region, which a test may have changed. */
export function forgetSigners(): void {
  signers = {};
}

function signerOf(service: SignedService): SignatureV4 {
  const { region, credentials } = awsClientConfig();
  // S3 alone signs the path as it is sent.
  return new SignatureV4({ service, region, credentials, sha256: Sha256, uriEscapePath: service !== 's3' });
}
