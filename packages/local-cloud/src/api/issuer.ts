import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  type CryptoKey,
  type JSONWebKeySet,
  type JWK,
} from 'jose';
import { generateKeyPairSync } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { State } from '../journal/state.ts';

/** What a token says. */
export interface TokenRequest {
  /** `iss`: the issuer that the API's authorizer names. */
  readonly issuer: string;
  /** `aud`: one of the authorizer's. */
  readonly audience: string;
  /** `sub`: who the caller is. */
  readonly subject: string;
  /** `cognito:groups` */
  readonly groups?: readonly string[];
  /** `scope` */
  readonly scopes?: readonly string[];
  /** An hour when left out. */
  readonly lifetimeSeconds?: number;
}

/** Gives the public key that a token's header names. */
export type TokenKeys = ReturnType<typeof createLocalJWKSet>;

/** A public and a private RSA key. */
export type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

interface SigningKey {
  readonly id: string;
  readonly privateKey: CryptoKey;
  readonly jwks: JSONWebKeySet;
  readonly keys: TokenKeys;
}

/**
 * Plays the identity provider, whichever the stack's authorizers name: it signs what is asked for with a key of its
 * own (RS256, what API Gateway takes). The key is made in the background; the first token waits for it.
 */
export class LocalIssuer {
  readonly #clock: Clock;
  readonly #key: Promise<SigningKey>;

  /** @param keyPair an RSA pair that lasts longer than this issuer; made new when left out. */
  constructor(clock: Clock, keyPair: Promise<KeyPair> = generateKeyPair('RS256')) {
    this.#clock = clock;
    this.#key = keyPair.then(signingKey);
  }

  async token(request: TokenRequest): Promise<string> {
    const { id, privateKey } = await this.#key;
    const issuedAt = Math.floor(this.#clock.now() / 1000);
    const claims = {
      ...(request.groups?.length && { 'cognito:groups': request.groups }),
      ...(request.scopes?.length && { scope: request.scopes.join(' ') }),
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: id, typ: 'JWT' })
      .setIssuer(request.issuer)
      .setAudience(request.audience)
      .setSubject(request.subject)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + (request.lifetimeSeconds ?? 3600))
      .sign(privateKey);
  }

  /** The public keys, as an identity provider publishes them. */
  async jwks(): Promise<JSONWebKeySet> {
    return (await this.#key).jwks;
  }

  /** The same keys, as a verifier uses them. */
  async keys(): Promise<TokenKeys> {
    return (await this.#key).keys;
  }

  /** The discovery document of an issuer (OpenID Connect Discovery 1.0). */
  configuration(issuer: string): object {
    return {
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['token'],
      subject_types_supported: ['public'],
    };
  }
}

const keptKey = z.object({
  kty: z.literal('RSA'),
  ...{ n: z.string(), e: z.string(), d: z.string(), p: z.string(), q: z.string() },
  ...{ dp: z.string(), dq: z.string(), qi: z.string() },
});

/**
 * The key of a cloud that goes on: what its issuer signed before a restart is valid after it. Made the first time, which
 * takes a tenth of a second; where nothing is kept it is made in the background.
 *
 * @throws Error with the remedy for a key that can't be read.
 */
export function keptKeyPair(state: State): Promise<KeyPair> {
  if (!state.isKept) return generateKeyPair('RS256');
  const [[, value] = []] = state.entries('issuer');
  const { data, error } = keptKey.safeParse(value ?? newKey(state));
  if (data) return importKeyPair(data, state);
  throw new Error("The issuer's key in the state can't be read: start with --fresh, which empties it.", {
    cause: error,
  });
}

function newKey(state: State): unknown {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ format: 'jwk' });
  state.put('issuer', 'key', key);
  return key;
}

async function importKeyPair(key: z.infer<typeof keptKey>, state: State): Promise<KeyPair> {
  await state.durable();
  const { kty, n, e } = key;
  return { privateKey: await importRsaKey(key), publicKey: await importRsaKey({ kty, n, e }) };
}

async function importRsaKey(key: JWK): Promise<CryptoKey> {
  const imported = await importJWK(key, 'RS256');
  if (imported instanceof Uint8Array) throw new Error('An RSA key is no secret.');
  return imported;
}

async function signingKey({ publicKey, privateKey }: KeyPair): Promise<SigningKey> {
  const jwk = await exportJWK(publicKey);
  const id = await calculateJwkThumbprint(jwk);
  const jwks = { keys: [{ ...jwk, kid: id, alg: 'RS256', use: 'sig' }] };
  return { id, privateKey, jwks, keys: createLocalJWKSet(jwks) };
}
