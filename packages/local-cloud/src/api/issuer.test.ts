import { jwtVerify, createLocalJWKSet } from 'jose';
import { MovableClock } from '../clock.ts';
import { LocalIssuer } from './issuer.ts';

const clock = new MovableClock();
afterAll(() => clock.stop());

it('signs tokens that its published keys verify', async () => {
  const issuer = new LocalIssuer(clock);
  const token = await issuer.token({
    issuer: 'https://issuer.example/pool',
    audience: 'shop',
    subject: 'person-1',
    groups: ['staff'],
    scopes: ['a', 'b'],
    lifetimeSeconds: 60,
  });
  const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(await issuer.jwks()));
  expect(protectedHeader.alg).toBe('RS256');
  expect(payload).toEqual({
    iss: 'https://issuer.example/pool',
    aud: 'shop',
    sub: 'person-1',
    'cognito:groups': ['staff'],
    scope: 'a b',
    iat: expect.any(Number),
    exp: payload.iat! + 60,
  });
});

it('publishes nothing of its private key', async () => {
  const { keys } = await new LocalIssuer(clock).jwks();
  expect(Object.keys(keys[0]!).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
});

it('describes itself under the name of any issuer', () => {
  expect(new LocalIssuer(clock).configuration('https://issuer.example/pool')).toMatchObject({
    issuer: 'https://issuer.example/pool',
    jwks_uri: 'https://issuer.example/pool/.well-known/jwks.json',
  });
});
