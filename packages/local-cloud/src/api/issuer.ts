import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JSONWebKeySet,
} from 'jose';
import type { Clock } from '../clock.ts';

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

async function signingKey({ publicKey, privateKey }: KeyPair): Promise<SigningKey> {
  const jwk = await exportJWK(publicKey);
  const id = await calculateJwkThumbprint(jwk);
  const jwks = { keys: [{ ...jwk, kid: id, alg: 'RS256', use: 'sig' }] };
  return { id, privateKey, jwks, keys: createLocalJWKSet(jwks) };
}
