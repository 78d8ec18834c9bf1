import { forgetCustomer } from './forget.ts';
import { memoryShop } from './memory-shop.fixture.ts';
import { standOf } from './orders.ts';
import { forgottenText, remainsOf } from './report.ts';

/** What of Ada a text may hold. */
const ADA = /ada|St James|20 7946|tok_|Root=/g;

const order = (orderId: string, more: object = {}) => ({
  orderId,
  status: 'SHIPPED',
  itemVersion: 1_767_260_000_000,
  updatedBy: 'ship-order',
  placedAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  customerId: 'ada',
  email: 'ada@example.com',
  phone: '+44 20 7946 0000',
  country: 'France',
  shippingAddress: { name: 'ada', line1: 'St James Square', city: 'London', country: 'France' },
  paymentToken: 'tok_approve',
  trace: 'Root=1-0',
  total: '12.50',
  ...more,
});
const viewed = (who: string, moment: string) => ({ who, moment, sku: 'MUG' });
const bob = {
  customerId: 'bob',
  email: 'bob@example.com',
  phone: '+33 1 0000',
  shippingAddress: { name: 'bob', line1: 'Rue', city: 'Paris', country: 'France' },
  paymentToken: 'visa',
  trace: 'bob-trace',
};

/** Two orders of Ada's that ended, one of Bob's, and what both looked at. */
const aShop = () =>
  memoryShop(
    [order('o-1'), order('o-2', { status: 'REJECTED' }), order('o-3', bob)],
    [...Array.from({ length: 60 }, (_, i) => viewed('customer#ada', `m-${i}`)), viewed('customer#bob', 'b')],
  );

/** All that the shop's stores hold, as one text. */
const everything = ({ orders, activity, archive, cache }: ReturnType<typeof memoryShop>) =>
  JSON.stringify([...orders.values(), ...activity, ...archive.objects.values(), ...cache.values()]);

/** What of Ada is still somewhere in the shop. */
const tracesOfAda = (shop: ReturnType<typeof memoryShop>) => everything(shop).match(ADA) ?? [];

describe('forgetting a customer', () => {
  it('takes the person out of every store, and nobody else', async () => {
    const shop = aShop();

    const result = await forgetCustomer('ada', shop.tools());

    expect(tracesOfAda(shop)).toEqual([]);
    expect(everything(shop)).toContain('bob@example.com');
    expect(shop.activity).toEqual([viewed('customer#bob', 'b')]);
    expect(shop.orders.get('o-1')).toEqual({
      orderId: 'o-1',
      status: 'SHIPPED',
      itemVersion: 1_767_260_000_002,
      updatedBy: 'forget',
      placedAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
      country: 'France',
      total: '12.50',
      forgottenAt: '2026-01-02T00:00:00.000Z',
    });
    expect(shop.refreshed.toSorted()).toEqual(['o-1', 'o-1', 'o-2', 'o-2']);
    expect(shop.cache.get('o-1')).toMatchObject({
      itemVersion: 1_767_260_000_002,
      forgottenAt: expect.any(String),
    });
    expect(result).toEqual({
      customerId: 'ada',
      orders: expect.arrayContaining(['o-1', 'o-2']),
      kept: [],
      removed: { orders: 2, activity: 60, cache: 2, archive: { objects: 2, lines: 2 } },
    });
  });

  it('keeps the country of an order that has it in the address alone', async () => {
    const shop = memoryShop([order('o-1', { country: undefined })]);

    await forgetCustomer('ada', shop.tools());

    expect(shop.orders.get('o-1')).toMatchObject({ country: 'France' });
  });

  it.each(['PLACED', 'ALLOCATED', 'BOGUS'])(
    'leaves an order that is %s as it is, also in the archive',
    async (status) => {
      const open = order('o-9', { status });
      const shop = memoryShop([order('o-1'), open]);

      const result = await forgetCustomer('ada', shop.tools());

      expect(result.kept).toEqual([{ orderId: 'o-9', status }]);
      expect(shop.orders.get('o-9')).toEqual(open);
      expect(
        [...shop.archive.objects.values()].filter((text) => text.includes('ada@example.com')),
      ).toHaveLength(1);
      expect(shop.orders.get('o-1')).not.toHaveProperty('email');
    },
  );

  it('finds nothing more to do when it is run again', async () => {
    const shop = aShop();
    await forgetCustomer('ada', shop.tools());
    const before = everything(shop);

    const again = await forgetCustomer('ada', shop.tools());

    expect(everything(shop)).toBe(before);
    expect(again.removed).toEqual({ orders: 0, activity: 0, cache: 0, archive: { objects: 0, lines: 0 } });
  });

  it('is done by the next run, wherever one was broken off', async () => {
    const whole = aShop();
    await forgetCustomer('ada', whole.tools());
    const died: number[] = [];

    for (let dieAt = 1; dieAt <= whole.calls(); dieAt += 1) {
      const shop = aShop();
      await forgetCustomer('ada', shop.tools({ dieAt })).catch(() => died.push(dieAt));
      await forgetCustomer('ada', shop.tools());

      expect(tracesOfAda(shop)).toEqual([]);
      expect(everything(shop)).toContain('bob@example.com');
    }
    expect(died).toHaveLength(whole.calls());
  });

  it('cleans the archive only when it holds the forgetting, and says what to do when that does not come', async () => {
    const shop = aShop();
    shop.archiving = false;

    const late = forgetCustomer('ada', shop.tools());

    await expect(late).rejects.toThrow(/does not yet hold the last change of o-1, o-2.*orders forget ada/);
    expect(shop.archive.replaced).toEqual([]);
    expect(shop.orders.get('o-1')).not.toHaveProperty('email');
  });

  it('never says that it is done while the archive lacks the forgetting, however often it is run', async () => {
    const shop = aShop();
    shop.archiving = false;

    for (let run = 0; run < 2; run += 1)
      await expect(forgetCustomer('ada', shop.tools())).rejects.toThrow(
        /does not yet hold the last change of o-1, o-2/,
      );
    expect(shop.orders.get('o-1')).toMatchObject({ customerId: 'ada', forgottenAt: expect.any(String) });
  });

  it('needs no wait for the last write: its line names nobody, whenever it comes', async () => {
    const shop = aShop();
    const before = new Set(shop.archive.objects.keys());

    await forgetCustomer('ada', shop.tools());

    const came = [...shop.archive.objects].filter(([key]) => !before.has(key)).map(([, text]) => text);
    expect(came).toHaveLength(4);
    expect(came.join('')).not.toMatch(ADA);
    expect(shop.archive.replaced.every((key) => before.has(key))).toBe(true);
  });

  it('cleans the archive of an order that is gone from the table only when its removal has arrived', async () => {
    const shop = aShop();
    const arrive = shop.remove('o-2');
    const stuck = forgetCustomer('ada', shop.tools());

    await expect(stuck).rejects.toThrow(/does not yet hold the last change of o-2,/);
    expect(shop.archive.replaced).toEqual([]);
    arrive();
    await forgetCustomer('ada', shop.tools());
    expect(tracesOfAda(shop)).toEqual([]);
  });

  it('waits for a change that is on its way', async () => {
    const shop = aShop();
    const held = new Map<string, string>();
    const tools = shop.tools();
    const { objects } = shop.archive;
    const arriving = {
      ...tools,
      settled: async () => {
        for (const [key, text] of objects) if (text.includes('forgottenAt')) held.set(key, text);
        for (const key of held.keys()) objects.delete(key);
      },
      pause: async () => {
        for (const [key, text] of held) objects.set(key, text);
      },
    };

    const result = await forgetCustomer('ada', arriving);

    expect(held.size).toBe(2);
    expect(result.removed.archive.lines).toBe(2);
    expect(tracesOfAda(shop)).toEqual([]);
  });

  it('does not overwrite what somebody else writes into an object meanwhile', async () => {
    const shop = aShop();
    const [key = ''] = [...shop.archive.objects.keys()];
    const tools = shop.tools();
    let interfered = false;
    const replace: typeof tools.archive.replace = async (...args) => {
      if (args[0] === key && !interfered) {
        interfered = true;
        shop.archive.objects.set(key, `${shop.archive.objects.get(key)}{"eventId":"other"}\n`);
      }
      return tools.archive.replace(...args);
    };

    await forgetCustomer('ada', { ...tools, archive: { ...tools.archive, replace } });

    expect(shop.archive.objects.get(key)).toContain('{"eventId":"other"}\n');
    expect(tracesOfAda(shop)).toEqual([]);
  });

  it('says that there is no cache where there is none', async () => {
    const { removed } = await forgetCustomer('ada', { ...aShop().tools(), refreshCache: undefined });

    expect(removed.cache).toBeNull();
  });
});

it.each([
  [undefined, 'gone'],
  [order('o', { customerId: 'bob' }), 'none'],
  [order('o', { status: 'PAID' }), 'kept'],
  [order('o', { status: 7 }), 'kept'],
  [order('o', { status: 'FAILED' }), 'due'],
  [order('o', { forgottenAt: 'x' }), 'forgotten'],
  [order('o', { customerId: undefined, forgottenAt: 'x' }), 'forgotten'],
])('%j stands as %s', (item, stand) => {
  expect(standOf(item, 'ada')).toBe(stand);
});

it('says what was removed, what is kept and what remains, by store', () => {
  const removed = { orders: 2, activity: 3, cache: null, archive: { objects: 4, lines: 5 } };
  const result = {
    customerId: 'ada',
    orders: ['o-1', 'o-2', 'o-3'],
    kept: [{ orderId: 'o-4', status: 'PAID' }],
    removed,
  };

  const text = forgottenText(result, remainsOf(1));

  expect(text).toMatch(/orders table +2 orders; 1 were forgotten before/);
  expect(text).toMatch(/cache +switched off/);
  expect(text).toMatch(/archive +5 lines in 4 objects/);
  expect(text).toMatch(/search index +holds no personal data/);
  expect(text).toMatch(/Kept, because these orders have not ended.*\n +o-4 +PAID/);
  expect(text).toMatch(/dead letters +1 object, which may hold images of the orders +gone after 90 days/);
  expect(text).toMatch(/results of Athena .*athena\/.* gone after 7 days/);
  expect(text).toMatch(/searches without results .*free texts.* gone after 90 days/);
  expect(text).toMatch(/dead letters of notify-customer .*address +gone after 14 days/);
});
