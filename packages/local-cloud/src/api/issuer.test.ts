import { jwtVerify, createLocalJWKSet } from 'jose';
import { MovableClock } from '../clock.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '../journal/journal.ts';
import { NOTHING_KEPT } from '../journal/state.ts';
import { keptKeyPair, LocalIssuer } from './issuer.ts';

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

describe('the key of a cloud that keeps its state', () => {
  let folder: string;
  const open: Journal[] = [];
  const journal = () => {
    const one = new Journal(join(folder, 'journal.sqlite'));
    open.push(one);
    return one;
  };
  const issuer = () => new LocalIssuer(clock, keptKeyPair(journal()));
  const request = { issuer: 'https://issuer.example/pool', audience: 'shop', subject: 'person-1' };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'issuer-'));
  });
  afterEach(() => {
    for (const one of open.splice(0)) one.close();
    rmSync(folder, { recursive: true });
  });

  it('is the same after a crash: tokens from before are verified, and the other way round', async () => {
    const before = issuer();
    const token = await before.token(request);
    const after = issuer();

    expect(await after.jwks()).toEqual(await before.jwks());
    expect((await jwtVerify(token, await after.keys())).payload.sub).toBe('person-1');
    expect((await jwtVerify(await after.token(request), await before.keys())).payload.sub).toBe('person-1');
  });

  it.each([
    ['no key', 'open sesame'],
    ['half a key', { kty: 'RSA', n: 'AQAB', e: 'AQAB' }],
  ])('that is %s is refused with the remedy', (_what, value) => {
    const state = journal();
    state.put('issuer', 'key', value);

    expect(() => keptKeyPair(state)).toThrow(
      "The issuer's key in the state can't be read: start with --fresh",
    );
  });

  it('is a new one each time where nothing is kept', async () => {
    const [one, other] = [keptKeyPair(NOTHING_KEPT), keptKeyPair(NOTHING_KEPT)];

    expect(await new LocalIssuer(clock, one).jwks()).not.toEqual(await new LocalIssuer(clock, other).jwks());
  });
});
