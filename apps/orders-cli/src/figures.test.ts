import { figuresOf, orderRowOf } from './figures.ts';

describe('the figures', () => {
  const placed = { orderId: '1', placedAt: '2026-01-01T00:00:00.000Z', total: '9.505' };
  const shipped = { ...placed, status: 'SHIPPED', closedAt: '2026-01-01T00:00:01.500Z' };

  it('count orders by their end and sum what shipped, exactly', () => {
    const rows = [shipped, shipped, { ...placed, status: 'PAID' }, { ...placed, status: 'FAILED' }].map(
      orderRowOf,
    );

    expect(figuresOf(rows)).toEqual({
      placed: 4,
      shipped: 2,
      rejected: 0,
      cancelled: 0,
      failed: 1,
      open: 1,
      revenue: '19.01',
    });
    expect(rows[0]?.shippedAfterMs).toBe(1_500);
  });

  it('count an order that cannot be read as open', () => {
    const rows = [{ ...placed, status: 'BOGUS' }, { orderId: '2' }].map(orderRowOf);

    expect(figuresOf(rows)).toMatchObject({ placed: 2, open: 2, revenue: '0.00' });
    expect(rows.map(({ orderId }) => orderId)).toEqual(['1', '2']);
  });
});
