import { activitySchema, activityText } from './activity.ts';
import { funnelText } from './funnel.ts';
import { outboxSchema, outboxText } from './outbox.ts';
import { salesBy, salesRows, salesText } from './sales.ts';
import { searchText } from './search.ts';

describe('sales', () => {
  const sales = {
    currency: 'GBP',
    rows: [
      { day: '2011-11-14', orders: 107, units: 47_353, revenue: '114419.89', extra: 'x' },
      { day: '2011-11-15', orders: 1, units: 2, revenue: '0.999' },
    ],
    total: { orders: 108, units: 47_355, revenue: '114420.889' },
  };

  it('as JSON have the same fields in the same order, whatever else the API says', () => {
    expect(JSON.stringify(salesRows(sales, 'day'))).toBe(
      '[{"day":"2011-11-14","orders":107,"units":47353,"revenue":"114419.89"},{"day":"2011-11-15","orders":1,"units":2,"revenue":"0.999"}]',
    );
  });

  it('for people line up, with bars and their sum', () => {
    expect(salesText(sales, 'day').split('\n')).toEqual([
      '  day         orders  units  revenue',
      `  2011-11-14     107  47353   114419.89      ${'█'.repeat(30)}`,
      '  2011-11-15       1      2       0.999      █',
      '  total          108  47355  114420.889 GBP',
    ]);
  });

  it('for people are not a thousand rows long', () => {
    const rows = Array.from({ length: 1_000 }, (_, i) => ({
      product: `P${i}`,
      orders: 1,
      units: 1,
      revenue: '1',
    }));

    const lines = salesText({ ...sales, rows }, 'product').split('\n');

    expect(lines).toHaveLength(63);
    expect(lines.at(-2)).toContain('… and 940 more (--json has all)');
  });

  it('say so when there are none', () => {
    expect(salesText({ ...sales, rows: [] }, 'day')).toMatch(/^No sales in that time/);
  });

  it.each([
    [undefined, /--by is missing, but must be one of day, hour, country, product/],
    ['week', /--by is week/],
  ])('by %s are refused', (by, message) => {
    expect(() => salesBy(by)).toThrow(message);
    expect(() => salesBy(by)).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});

describe('the funnel', () => {
  const funnel = {
    reached: { PLACED: 200, VALIDATED: 150, SHIPPED: 100 },
    ends: { SHIPPED: 100, REJECTED: 50, FAILED: 0 },
    open: { PLACED: 50, PAID: 0 },
    reasons: [{ cause: 'OutOfStock', as: 'REJECTED', orders: 50 }],
  };

  it('shows how far orders came, their ends and why', () => {
    const text = funnelText(funnel);

    expect(text).toMatch(/placed +200 +100\.0 % +█{30}/);
    expect(text).toMatch(/shipped +100 +50\.0 % +█{15}$/m);
    expect(text).toMatch(/ended +100 shipped, 50 rejected$/m);
    expect(text).toMatch(/under way +50 placed$/m);
    expect(text).toMatch(/OutOfStock +50 +rejected/);
  });

  it('leaves out what was not counted', () => {
    expect(funnelText({ ...funnel, open: null, reasons: [] })).not.toMatch(/under way|why not/);
    expect(funnelText({ ...funnel, reached: { PLACED: 0 } })).toBe('No orders in that time.');
  });
});

describe('activity', () => {
  const none = {
    ...{ views: 0, searches: 0, emptySearches: 0, addsToBasket: 0 },
    ...{ removalsFromBasket: 0, checkouts: 0, purchases: 0 },
  };
  const report = {
    from: '2026-01-01T09:00',
    to: '2026-01-01T09:59',
    minutes: [
      { minute: '2026-01-01T09:30', ...none, views: 3, searches: 1, emptySearches: 1 },
      { minute: '2026-01-01T09:31', ...none, views: 2 },
    ],
    totals: { ...none, views: 5, searches: 1, emptySearches: 1 },
    topProducts: [{ sku: 'MUG', views: 5 }],
    searchesWithoutResults: [{ text: 'unicorn', searches: 1 }],
    conversion: { viewsToBaskets: '0.4000', checkoutsToPurchases: null },
  };

  it('is shown minute by minute and in sum', () => {
    const text = activityText(activitySchema.parse(report));

    expect(text).toMatch(/T09:30 +3 +1 +1 +0 +0 +0 +█{20}$/m);
    expect(text).toMatch(/T09:31 +2 +0 +0 +0 +0 +0 +█{10}$/m);
    expect(text).toMatch(/total +5 +1 +1 +0 +0 +0$/m);
    expect(text).toMatch(/views to baskets +40\.0 %/);
    expect(text).toMatch(/checkouts to purchases +none yet/);
    expect(text).toMatch(/MUG +5/);
    expect(text).toMatch(/"unicorn" +1/);
  });

  it('of many minutes is the latest, and says so', () => {
    const minutes = Array.from({ length: 100 }, (_, i) => ({ minute: `m-${i}`, ...none, views: i }));

    const text = activityText(activitySchema.parse({ ...report, minutes }));

    expect(text).toMatch(/the last 30 of 100 minutes/);
    expect(text).toMatch(/m-99/);
    expect(text).not.toMatch(/m-69 /);
  });

  it('says so when there is none', () => {
    expect(activityText({ ...report, minutes: [] })).toMatch(/^Nothing is counted from/);
  });
});

describe('a search', () => {
  const product = { sku: '85123A', name: 'HANGING HEART', unitPrice: '2.55', currency: 'GBP', inStock: true };
  const result = {
    total: 41,
    page: 1,
    size: 20,
    products: [product, { ...product, unitPrice: '12.50', inStock: false }],
  };

  it('shows products and how to see more', () => {
    expect(searchText(result, 'heart').split('\n')).toEqual([
      '  85123A  HANGING HEART   2.55 GBP',
      '  85123A  HANGING HEART  12.50 GBP  out of stock',
      '',
      '41 products, page 1 of 3 (--page 2 shows the next)',
    ]);
  });

  it.each([
    [{ ...result, total: 0, products: [] }, 'No product is found for "heart".'],
    [{ ...result, page: 9, products: [] }, '41 products, but there is no page 9. Begin with --page 1.'],
  ])('that finds nothing says so', (nothing, text) => {
    expect(searchText(nothing, 'heart')).toBe(text);
  });
});

describe('the outbox', () => {
  const message = {
    id: 'm-1',
    channel: 'mail',
    at: '2026-01-01T09:30:02.000Z',
    recipient: 'ada@example.com',
    subject: 'Your order',
    outcome: 'sent',
  };

  it('lists what was sent, oldest first, and where to read it', () => {
    const sms = {
      ...message,
      channel: 'sms',
      at: '2026-01-01T09:30:01.000Z',
      subject: '',
      text: `a\n${'b'.repeat(99)}`,
    };

    const lines = outboxText(outboxSchema.parse([message, sms]), 'http://127.0.0.1:4400').split('\n');

    expect(lines[0]).toMatch(
      /^ {2}2026-01-01T09:30:01\.000Z {2}sms {3}ada@example\.com {2}sent {2}a b{57}…$/,
    );
    expect(lines[1]).toMatch(/mail {2}ada@example\.com {2}sent {2}Your order$/);
    expect(lines.at(-1)).toBe('Read them as they look: http://127.0.0.1:4400/_local/outbox?format=html');
  });

  it('says so when it is empty', () => {
    expect(outboxText([], 'x')).toBe('Nothing like that was sent.');
  });
});
