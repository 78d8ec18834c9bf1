import { Throttled } from '@orderstream/domain';
import { FakeShop } from './testing/fake-shop.ts';

const NOW = Date.parse('2026-01-02T12:00:00.000Z');
const SESSION = 'session-0123456789';
const VIEW = { type: 'view', sku: 'MUG' };

let shop: FakeShop;

beforeEach(() => {
  shop = new FakeShop();
  jest.useFakeTimers({ now: NOW, doNotFake: ['nextTick', 'queueMicrotask'] });
});
afterEach(() => jest.useRealTimers());

const guest = (body: unknown) => shop.call({ route: 'POST /activity', body });
const customer = (body: unknown) => shop.call({ route: 'POST /activity/me', body, customer: 'ada' });
const items = () => [...shop.activityItems.values()];

it('a guest’s activity is the session’s', async () => {
  const { status, body } = await guest({ sessionId: SESSION, ...VIEW });

  expect([status, body]).toEqual([202, { accepted: 1, refused: [] }]);
  expect(items()).toEqual([
    {
      ...VIEW,
      who: `session#${SESSION}`,
      moment: expect.stringMatching(/^2026-01-02T12:00:00\.000Z#[0-9a-f-]{36}$/),
      occurredAt: '2026-01-02T12:00:00.000Z',
      expiresAt: NOW / 1000 + 90 * 24 * 60 * 60,
    },
  ]);
});

it('a customer’s activity is the token’s', async () => {
  const { status } = await customer({ activities: [VIEW, { type: 'checkout' }] });

  expect([status, items().map(({ who }) => who)]).toEqual([202, ['customer#ada', 'customer#ada']]);
});

it('what is sent again under its id and time is the same, within a batch and beyond', async () => {
  const view = { ...VIEW, id: 'a-1', at: '2026-01-02T11:59:00.000Z' };

  const first = await guest({ sessionId: SESSION, activities: [view, view] });
  await guest({ sessionId: SESSION, ...view });

  expect([first.body.accepted, items().length]).toEqual([2, 1]);
  expect(items()[0]?.moment).toBe('2026-01-02T11:59:00.000Z#a-1');
});

it('a wrong one keeps none of the others, and is named', async () => {
  const { status, body } = await guest({
    sessionId: SESSION,
    activities: [
      VIEW,
      { type: 'view' },
      { type: 'dance' },
      { ...VIEW, who: 'customer#bob' },
      7,
      { type: 'checkout' },
    ],
  });

  expect([status, body.accepted]).toEqual([202, 2]);
  expect(body.refused).toEqual([
    { index: 1, errors: [{ field: 'sku', problem: expect.any(String) }] },
    { index: 2, errors: [{ field: 'type', problem: expect.any(String) }] },
    { index: 3, errors: [{ field: 'who', problem: 'is not known here: leave it out' }] },
    { index: 4, errors: [{ field: 'body', problem: expect.any(String) }] },
  ]);
  expect(items().map(({ type }) => type)).toEqual(['view', 'checkout']);
});

it.each([
  ['24 hours ago', -24 * 60 * 60 * 1000, 202],
  ['a millisecond longer ago', -24 * 60 * 60 * 1000 - 1, 400],
  ['in 5 minutes', 5 * 60 * 1000, 202],
  ['a millisecond later', 5 * 60 * 1000 + 1, 400],
])('of %s: %d ms gives %d', async (_, offset, expected) => {
  const { status } = await guest({ sessionId: SESSION, ...VIEW, at: new Date(NOW + offset).toISOString() });

  expect([status, items().length]).toEqual([expected, expected === 202 ? 1 : 0]);
});

it.each([
  ['a guest', 25, () => guest({ sessionId: SESSION, activities: Array(25).fill(VIEW) })],
  ['a customer', 100, () => customer({ activities: Array(100).fill(VIEW) })],
])('%s may send %d at once', async (_, count, send) => {
  expect(await send()).toMatchObject({ status: 202, body: { accepted: count } });
});

describe('is refused as a whole, with every field that is wrong:', () => {
  const many = (count: number) => Array(count).fill(VIEW);

  it.each([
    ['no object', guest, 7, ['body']],
    ['a list', guest, [VIEW], ['body']],
    ['no session', guest, { activities: [VIEW] }, ['sessionId']],
    ['a short session', guest, { sessionId: 'short', ...VIEW }, ['sessionId']],
    ['a session with blanks', guest, { sessionId: 'a b c d e f g h i j', ...VIEW }, ['sessionId']],
    ['an empty batch', guest, { sessionId: SESSION, activities: [] }, ['activities']],
    ['too many of a guest', guest, { sessionId: SESSION, activities: many(26) }, ['activities']],
    ['too many of a customer', customer, { activities: many(101) }, ['activities']],
    ['a batch that is none', guest, { sessionId: SESSION, activities: 'x' }, ['activities']],
    [
      'a customer in a guest’s batch',
      guest,
      { sessionId: SESSION, customerId: 'bob', activities: [VIEW] },
      ['customerId'],
    ],
    [
      'a search for what nobody can type',
      guest,
      { sessionId: SESSION, type: 'search', text: 'a\u0000', results: 0 },
      ['text'],
    ],
    ['one that is wrong', guest, { sessionId: SESSION, type: 'view', sku: '' }, ['sku']],
    [
      'a batch of wrong ones',
      guest,
      { sessionId: SESSION, activities: [{ type: 'view' }, 7] },
      ['activities.0.sku', 'activities.1'],
    ],
    ['a session of a customer', customer, { sessionId: SESSION, activities: [VIEW] }, ['sessionId']],
    ['a session of a customer’s one', customer, { sessionId: SESSION, ...VIEW }, ['sessionId']],
    ['another customer', customer, { customerId: 'bob', ...VIEW }, ['customerId']],
  ])('%s', async (_, send, body, fields) => {
    const answer = await send(body);

    expect(answer).toMatchObject({ status: 400, body: { type: 'urn:orderstream:problem:invalid-request' } });
    expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
    expect(items()).toEqual([]);
  });
});

it('a key for the whole is refused: what is in it has ids of its own', async () => {
  const headers = { 'idempotency-key': 'key-1' };

  const answer = await shop.call({ route: 'POST /activity', headers, body: { sessionId: SESSION, ...VIEW } });

  expect([answer.status, answer.body.errors[0].field]).toEqual([400, 'Idempotency-Key']);
  expect(items()).toEqual([]);
});

it('is asked for again when DynamoDB leaves some out', async () => {
  shop.broken = new Throttled('DynamoDB', 'busy');

  expect(await guest({ sessionId: SESSION, ...VIEW })).toMatchObject({ status: 503 });
});
