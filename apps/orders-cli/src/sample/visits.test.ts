import { activitySchema } from '@orderstream/domain';
import { sampleOrders } from './orders.ts';
import { afterOrder, beforeOrder, guestBeside } from './visits.ts';

const orders = sampleOrders(60, 1);
const guests = orders.flatMap((order, index) => guestBeside(order, index) ?? []);

describe('the visits of the sample', () => {
  it('are all as the API takes them', () => {
    const visits = [...orders.map(beforeOrder), ...guests, afterOrder('o-1')];

    for (const { activities } of visits) {
      for (const activity of activities) expect(activitySchema.parse(activity)).toEqual(activity);
    }
    for (const { sessionId } of guests) expect(sessionId).toMatch(/^[A-Za-z0-9_-]{16,64}$/);
  });

  it('find what customers buy, and not what guests look for', () => {
    const results = (visit: { activities: readonly object[] }) =>
      visit.activities.flatMap((activity) => ('results' in activity ? [activity.results] : []));

    expect(orders.flatMap((order) => results(beforeOrder(order))).every((count) => Number(count) > 0)).toBe(
      true,
    );
    expect(guests).toHaveLength(20);
    expect(guests.flatMap(results)).toEqual(guests.map(() => 0));
  });

  it('put into the basket what is then ordered', () => {
    for (const order of orders) {
      const basket = beforeOrder(order).activities.filter(({ type }) => type === 'add-to-basket');
      expect(basket).toEqual(order.body.lines.map((line) => ({ type: 'add-to-basket', ...line })));
    }
  });
});
