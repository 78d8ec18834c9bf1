import { createSign, generateKeyPairSync } from 'node:crypto';
import { openShop, type TestShop } from './testing/shop.ts';

jest.setTimeout(120_000);

const HOUR = 60 * 60 * 1_000;

/** A route of the synthesized stack, and where it is served. */
interface ServedRoute {
  readonly key: string;
  readonly url: string;
  readonly isStaffs: boolean;
  readonly needsToken: boolean;
}

let shop: TestShop;
let routes: readonly ServedRoute[];
beforeAll(async () => {
  shop = await openShop();
  routes = shop.cloud.stack.apis.flatMap(({ name, routes: all }) =>
    all.map(({ key, authorization }) => ({
      key,
      url: `${shop.cloud.apiUrls[name]}${key.replace(/^\S+ /, '').replace(/\{[^}]+\}/g, 'nothing')}`,
      isStaffs: name.endsWith('-staff'),
      needsToken: authorization !== 'NONE',
    })),
  );
});
afterAll(() => shop.close());

/** The status with which each of the routes answers; a GET sends nothing, all others an empty object. */
async function statuses(
  asked: readonly ServedRoute[],
  authorization?: string,
): Promise<Record<string, number>> {
  const answers = asked.map(async ({ key, url }) => {
    const method = key.split(' ')[0] ?? '';
    const answer = await fetch(url, {
      method,
      headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
      ...(method === 'GET' ? {} : { body: '{"unknown":1}' }),
    });
    await answer.arrayBuffer();
    return [key, answer.status] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

function allWith(asked: readonly ServedRoute[], status: number): Record<string, number> {
  return Object.fromEntries(asked.map(({ key }) => [key, status]));
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decoded = (part: string): object => JSON.parse(Buffer.from(part, 'base64url').toString());

/** A token whose parts were changed after it was signed. */
function changed(token: string, header: object, claims: object, sign?: (text: string) => string): string {
  const [head = '', body = '', signature = ''] = token.split('.');
  const text = `${encoded({ ...decoded(head), ...header })}.${encoded({ ...decoded(body), ...claims })}`;
  return `${text}.${sign === undefined ? signature : sign(text)}`;
}

it('asks for a token of its issuer and audience on every route but those that anybody may call', () => {
  const open = routes.filter(({ needsToken }) => !needsToken).map(({ key }) => key);

  expect(open.toSorted()).toEqual(['GET /products', 'GET /products/{sku}', 'POST /activity']);
  for (const { authorizers, routes: all } of shop.cloud.stack.apis) {
    const known = authorizers.map(({ id }) => id);
    for (const { key, authorization, authorizerId } of all.filter(({ authorization: by }) => by !== 'NONE'))
      expect([key, authorization, known.includes(authorizerId ?? '')]).toEqual([key, 'JWT', true]);
    for (const { issuer, audience } of authorizers)
      expect([issuer, audience]).toEqual([expect.stringMatching(/./), [expect.stringMatching(/./)]]);
  }
});

const FORGED = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;

it.each<[string, (token: string) => string | undefined]>([
  ['no token', () => undefined],
  ['an empty one', () => ''],
  ['a word', () => 'Bearer token'],
  ['a token without its signature', (token) => `Bearer ${token.replace(/[^.]+$/, '')}`],
  ['a token of another signature', (token) => `Bearer ${changed(token, {}, { jti: 'x' })}`],
  ['a token that says it needs none', (token) => `Bearer ${changed(token, { alg: 'none' }, {}, () => '')}`],
  [
    'a token of staff that they made of their own',
    (token) => `Bearer ${changed(token, {}, { 'cognito:groups': ['staff'] })}`,
  ],
  [
    'a token that they signed themselves',
    (token) =>
      `Bearer ${changed(token, {}, { 'cognito:groups': ['staff'] }, (text) => createSign('RSA-SHA256').update(text).sign(FORGED, 'base64url'))}`,
  ],
])('%s opens no route', async (_, made) => {
  const closed = routes.filter(({ needsToken }) => needsToken);

  const answered = await statuses(closed, made(await shop.cloud.token('ada')));

  expect(answered).toEqual(allWith(closed, 401));
});

it('a customer’s token opens no route of the staff, and a group by another name neither', async () => {
  const staffs = routes.filter(({ isStaffs }) => isStaffs);

  expect(staffs.length).toBeGreaterThanOrEqual(7);
  for (const groups of [[], ['customers'], ['Staff', 'staffs']]) {
    const answered = await statuses(staffs, `Bearer ${await shop.cloud.token('ada', groups)}`);
    expect(answered).toEqual(allWith(staffs, 403));
  }
});

it('a token of the right kind opens them all', async () => {
  const answered = await statuses(routes, `Bearer ${await shop.cloud.token('ada', ['staff'])}`);

  expect(Object.values(answered).filter((status) => [401, 403].includes(status) || status >= 500)).toEqual(
    [],
  );
});

it('a token that has expired opens no route', async () => {
  const closed = routes.filter(({ needsToken }) => needsToken);
  const token = await shop.cloud.token('ada', ['staff']);
  await shop.cloud.clock.advance(HOUR + 60_000);

  expect(await statuses(closed, `Bearer ${token}`)).toEqual(allWith(closed, 401));
});
