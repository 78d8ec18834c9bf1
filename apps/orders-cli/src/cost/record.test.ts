import { metered } from './record.ts';

const COUNTED = { total: {}, by: {}, tables: {}, loads: {}, metrics: [] };
const order = (orderId: string, closedAt?: string) => ({
  ...{ orderId, status: closedAt === undefined ? 'PAID' : 'SHIPPED', total: '1', closedAt },
  placedAt: '2026-01-01T09:00:00.000Z',
});

it('counts the orders that have ended since the meter began: those that were kept of an earlier process are not metered', async () => {
  const Items = [
    order('before', '2026-01-01T09:59:59.999Z'),
    order('since', '2026-01-01T10:00:00.000Z'),
    order('later', '2026-01-02T00:00:00.000Z'),
    order('open'),
  ];
  const session = {
    cloud: { meter: () => Promise.resolve({ since: '2026-01-01T10:00:00.000Z', ...COUNTED }) },
    documents: { send: () => Promise.resolve({ Items }) },
    tables: { orders: 'orders' },
  };

  expect(await metered(session as never)).toEqual({
    since: '2026-01-01T10:00:00.000Z',
    orders: 2,
    reading: COUNTED,
  });
});
