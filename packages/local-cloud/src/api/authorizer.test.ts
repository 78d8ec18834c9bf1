import { generateKeyPair, SignJWT } from 'jose';
import { route, TestApi } from './api.fixture.ts';

const ISSUER = 'https://issuer.example/pool';
const AUDIENCE = 'shop';

const api = new TestApi();
const jwt = { authorization: 'JWT', authorizerId: 'a1' } as const;

beforeAll(() =>
  api.open(
    [
      route('GET /me', jwt),
      route('POST /staff', { ...jwt, scopes: ['staff/write', 'staff/all'] }),
      route('GET /machine', { authorization: 'AWS_IAM' }),
    ],
    [{ id: 'a1', issuer: ISSUER, audience: [AUDIENCE] }],
  ),
);
beforeEach(() => api.reset());
afterAll(() => api.close());

describe('a JWT route', () => {
  const token = (rest: object = {}) =>
    api.issuer.token({ issuer: ISSUER, audience: AUDIENCE, subject: 'customer-1', ...rest });
  const seconds = (later: number) => Math.floor(api.clock.now() / 1000) + later;
  const me = (authorization?: string) =>
    api.fetch('/me', { headers: authorization === undefined ? {} : { authorization } });

  it('lets a token of its issuer pass and hands on its claims as texts', async () => {
    const given = await token({ groups: ['staff', 'admin'] });
    expect((await me(`Bearer ${given}`)).status).toBe(200);
    const { iat } = JSON.parse(Buffer.from(given.split('.')[1]!, 'base64url').toString()) as { iat: number };
    expect(api.lastEvent.requestContext['authorizer']).toEqual({
      jwt: {
        claims: {
          iss: ISSUER,
          aud: AUDIENCE,
          sub: 'customer-1',
          'cognito:groups': '[staff admin]',
          iat: String(iat),
          exp: String(iat + 3600),
        },
        scopes: null,
      },
    });
  });

  it('takes a token without the word Bearer', async () => {
    expect((await me(await token())).status).toBe(200);
  });

  it('refuses a token once it has expired', async () => {
    const given = await token({ lifetimeSeconds: 600 });
    expect((await me(given)).status).toBe(200);
    await api.clock.advance(601_000);
    expect((await me(given)).status).toBe(401);
  });

  /** A token with any claims, under the issuer's key id, signed by its own or by another key. */
  async function signed(claims: object, pair = api.keyPair, kid?: string): Promise<string> {
    const { keys } = await api.issuer.jwks();
    return new SignJWT({ iss: ISSUER, aud: AUDIENCE, exp: seconds(60), ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: kid ?? keys[0]!.kid! })
      .sign((await pair).privateKey);
  }

  it.each<[string, () => Promise<string> | string | undefined]>([
    ['no token', () => undefined],
    ['no token at all', () => 'Bearer nonsense'],
    ['another issuer', () => token({ issuer: 'https://other.example' })],
    ['another audience', () => token({ audience: 'other' })],
    ['another key', () => signed({}, generateKeyPair('RS256'))],
    ['an unknown key', () => signed({}, api.keyPair, 'other')],
    ['no signature', () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`],
    ['a changed payload', async () => (await token()).replace(/\.[^.]+\./, '.e30.')],
  ])('refuses %s with 401', async (_what, make) => {
    const response = await me(await make());
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ message: 'Unauthorized' });
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(api.calls).toEqual([]);
  });

  it.each<[string, () => object, number]>([
    ['refuses a token that was issued later than now', () => ({ iat: seconds(60) }), 401],
    ['refuses a token that is not valid yet', () => ({ nbf: seconds(60) }), 401],
    ['refuses a token without an end', () => ({ exp: undefined }), 401],
    ['takes client_id where there is no audience', () => ({ aud: undefined, client_id: AUDIENCE }), 200],
    ['does not take client_id where there is one', () => ({ aud: 'other', client_id: AUDIENCE }), 401],
  ])('%s', async (_what, claims, status) => {
    expect((await me(await signed(claims()))).status).toBe(status);
  });

  it('asks for one of its scopes', async () => {
    const staff = async (scopes: string[]) =>
      api.fetch('/staff', { method: 'POST', headers: { authorization: await token({ scopes }) } });
    const refused = await staff(['staff/read']);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toEqual({ message: 'Forbidden' });
    expect((await staff(['staff/read', 'staff/all'])).status).toBe(200);
    expect(api.lastEvent.requestContext['authorizer']).toMatchObject({
      jwt: { scopes: ['staff/read', 'staff/all'] },
    });
  });
});

describe('an AWS_IAM route', () => {
  it('lets pass who signed, and says who it was', async () => {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/eu-central-1/execute-api/aws4_request, SignedHeaders=host, Signature=0';
    expect((await api.fetch('/machine', { headers: { authorization } })).status).toBe(200);
    expect(api.lastEvent.requestContext['authorizer']).toMatchObject({
      iam: { accessKey: 'AKIDEXAMPLE', accountId: '111111111111' },
    });
  });

  it.each(['', 'Bearer x', 'AWS4-HMAC-SHA256'])(
    'refuses the authorization "%s" with 403',
    async (authorization) => {
      const response = await api.fetch('/machine', { headers: { authorization } });
      expect(response.status).toBe(403);
      expect(await response.json()).toEqual({ message: 'Forbidden' });
    },
  );
});

it('a route whose authorizer is missing is refused at the start', () => {
  expect(() => api.server([route('GET /', jwt)])).toThrow('names the authorizer a1');
});
