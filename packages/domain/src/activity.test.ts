import fc from 'fast-check';
import { ACTIVITY_DAYS, activitySchema, storedActivity, type Activity } from './activity.ts';

const SKU = { sku: 'MUG 1' };

it.each<[string, Activity]>([
  ['a view', { type: 'view', ...SKU }],
  ['a search that found nothing', { type: 'search', text: 'unicorn', results: 0 }],
  ['goods put into the basket', { type: 'add-to-basket', ...SKU, quantity: 1_000_000 }],
  ['goods taken out of it', { type: 'remove-from-basket', ...SKU, quantity: 1 }],
  ['a checkout', { type: 'checkout' }],
  ['a purchase', { type: 'purchase', orderId: 'order-1' }],
  ['one with an id and a time', { type: 'checkout', id: 'a-1', at: '2026-11-23T09:15:00Z' }],
])('%s is an activity', (_, activity) => {
  expect(activitySchema.parse(activity)).toEqual(activity);
});

it('takes the spaces around a search away', () => {
  expect(activitySchema.parse({ type: 'search', text: ' red mug ', results: 1 })).toMatchObject({
    text: 'red mug',
  });
});

it.each<[string, string, unknown]>([
  ['no object', '', 'view'],
  ['nothing at all', '', undefined],
  ['no type', 'type', { ...SKU }],
  ['an unknown type', 'type', { type: 'yawn' }],
  ['a type in capitals', 'type', { type: 'VIEW', ...SKU }],
  ['a view of nothing', 'sku', { type: 'view' }],
  ['a SKU with spaces around', 'sku', { type: 'view', sku: ' MUG' }],
  ['a SKU with a line break', 'sku', { type: 'view', sku: 'MUG\n1' }],
  ['a SKU that is too long', 'sku', { type: 'view', sku: 'M'.repeat(65) }],
  ['a SKU that is a number', 'sku', { type: 'view', sku: 85123 }],
  ['a search without text', 'text', { type: 'search', results: 1 }],
  ['a search for spaces', 'text', { type: 'search', text: '  ', results: 1 }],
  ['a search that is too long', 'text', { type: 'search', text: 'x'.repeat(201), results: 1 }],
  ['a search without results', 'results', { type: 'search', text: 'mug' }],
  ['fewer results than none', 'results', { type: 'search', text: 'mug', results: -1 }],
  ['half a result', 'results', { type: 'search', text: 'mug', results: 0.5 }],
  ['no quantity', 'quantity', { type: 'add-to-basket', ...SKU }],
  ['a quantity of nothing', 'quantity', { type: 'add-to-basket', ...SKU, quantity: 0 }],
  ['half a piece', 'quantity', { type: 'remove-from-basket', ...SKU, quantity: 1.5 }],
  ['more pieces than anybody has', 'quantity', { type: 'add-to-basket', ...SKU, quantity: 1_000_001 }],
  ['a purchase of no order', 'orderId', { type: 'purchase' }],
  ['an order id with a slash', 'orderId', { type: 'purchase', orderId: 'a/b' }],
  ['an id with a hash, which would end the key', 'id', { type: 'checkout', id: 'a#b' }],
  ['an empty id', 'id', { type: 'checkout', id: '' }],
  ['a time without a zone', 'at', { type: 'checkout', at: '2026-11-23T09:15:00' }],
  ['a time that no calendar has', 'at', { type: 'checkout', at: '2026-02-30T09:15:00Z' }],
  ['a time with a hash in it', 'at', { type: 'checkout', at: '2026-11-23T09:15:00Z#x' }],
  ['a field that nobody knows', '', { type: 'checkout', who: 'customer#somebody-else' }],
])('%s is none', (_, field, entry) => {
  const { success, error } = activitySchema.safeParse(entry);

  expect(success).toBe(false);
  expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([field]);
});

it('is stored under who did it, in the order of time, for 90 days', () => {
  const stored = storedActivity(
    'session#s-1',
    { type: 'view', ...SKU, id: 'a-1', at: '2026-11-23T09:15:00Z' },
    0,
  );

  expect(stored).toEqual({
    who: 'session#s-1',
    moment: '2026-11-23T09:15:00Z#a-1',
    occurredAt: '2026-11-23T09:15:00Z',
    type: 'view',
    sku: 'MUG 1',
    expiresAt: Date.parse('2027-02-21T09:15:00Z') / 1000,
  });
});

it('happened when it arrived, where it does not tell', () => {
  const now = Date.parse('2026-11-23T09:15:00.123Z');

  expect(storedActivity('customer#c', { type: 'checkout', id: 'a-1' }, now)).toMatchObject({
    moment: '2026-11-23T09:15:00.123Z#a-1',
    occurredAt: '2026-11-23T09:15:00.123Z',
  });
});

it('is the same item however often and whenever it is sent', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.nat(),
      fc.date({ min: new Date('1990'), max: new Date('2100'), noInvalidDate: true }),
      (now, later, date) => {
        const sent = { type: 'checkout' as const, id: 'a-1', at: date.toISOString() };
        const stored = storedActivity('session#s', sent, now);

        expect(storedActivity('session#s', sent, later)).toEqual(stored);
        expect(Number.isInteger(stored.expiresAt)).toBe(true);
        expect(stored.expiresAt).toBe(Math.floor(date.getTime() / 1000) + ACTIVITY_DAYS * 86_400);
      },
    ),
  );
});
