/** What a signed request says about its signer. Signatures are not verified: nothing here is reachable from outside. */
export interface Credential {
  readonly accessKeyId: string;
  /** The service the request is signed for (`dynamodb`, `states`, `s3` …). */
  readonly service: string;
}

/** Reads the credential of a request signed with Signature Version 4, in its header or (presigned) in its URL. */
export function credentialOf(headers: Readonly<Record<string, string>>, url: string): Credential | undefined {
  const { authorization } = headers;
  const scope = authorization === undefined ? presignedScope(url) : signedScope(authorization);
  const parts = scope?.split('/') ?? [];
  const [accessKeyId, , , service] = parts;
  if (parts.length !== 5 || !accessKeyId || !service) return undefined;
  return { accessKeyId, service };
}

/** `AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/<service>/aws4_request, SignedHeaders=…` */
function signedScope(authorization: string): string | undefined {
  return /Credential=([^,\s]+)/.exec(authorization)?.[1];
}

function presignedScope(url: string): string | undefined {
  if (!url.includes('X-Amz-Credential=')) return undefined;
  return new URLSearchParams(url.slice(url.indexOf('?'))).get('X-Amz-Credential') ?? undefined;
}
