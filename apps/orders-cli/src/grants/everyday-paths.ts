import { openFunction } from '../invoke.ts';
import { rebuild, REBUILDS, type Rebuild } from '../rebuild/rebuild.ts';
import { outputOf } from '../session.ts';
import type { Path } from './proof.ts';

export const MUG = { name: 'Mug', unitPrice: '9.50' };
const ADDRESS = { name: 'Ada', line1: '1 Mill Lane', city: 'Leeds', country: 'United Kingdom' };

const CATALOGUE: Path = {
  name: 'the catalogue',
  async walk(shop) {
    await shop.staff('PUT', '/products/MUG', MUG);
    for (const sku of ['MUG', 'MUG', 'NOTHING'])
      await shop.staff('POST', `/products/${sku}/receipts`, { receipt: `goods-${sku}`, quantity: 100 });
    await shop.staff('PUT', '/products/BOWL', MUG);
    await shop.staff('DELETE', '/products/BOWL');
    await shop.settled();
    await shop.customer('GET', '/products?q=mug');
    await shop.customer('GET', '/products/NOTHING');
  },
};

const CUSTOMER: Path = {
  name: 'a customer’s order',
  async walk(shop) {
    const lines = [{ sku: 'MUG', quantity: 1 }];
    const order = { lines, shippingAddress: ADDRESS, paymentToken: 'tok_approve' };
    const { orderId } = await shop.customer<{ orderId: string }>('POST', '/orders', order);
    await shop.settled();
    await shop.customer('GET', `/orders/${orderId}`);
    await shop.customer('GET', '/orders/nothing');
    await shop.customer('GET', '/orders');
  },
};

const CANCELLED: Path = {
  name: 'an order that its customer cancels',
  async walk(shop) {
    const orderId = await shop.shop.place({ customerId: 'ada', paymentToken: 'tok_slow_500' });
    await shop.customer('POST', `/orders/${orderId}/cancel`);
  },
};

const ACTIVITY: Path = {
  name: 'what visitors do',
  async walk(shop) {
    const at = new Date(shop.shop.cloud.clock.now()).toISOString();
    await shop.customer('POST', '/activity/me', {
      activities: [{ type: 'view', sku: 'MUG', at, id: 'a-1' }],
    });
    await shop.settled();
    await shop.shop.cloud.clock.advance(120_000);
  },
};

const FATES: Path = {
  name: 'orders of every other fate',
  async walk({ shop }) {
    const address = { ...ADDRESS, line1: 'Undeliverable' };
    await shop.place({ lines: [{ sku: 'MUG', quantity: -1, unitPrice: '1' }], total: '1' });
    await shop.place({ paymentToken: 'tok_decline' });
    await shop.place({ paymentToken: 'tok_lost_answer' });
    await shop.place({ lines: [{ sku: 'MUG', quantity: 1_000_000, unitPrice: '1' }] });
    await shop.place({ shippingAddress: address });
    await shop.place({ shippingAddress: { ...ADDRESS, line1: 'Lost answer' } });
  },
};

const LARGE: Path = {
  name: 'an order of more SKUs than a transaction takes',
  async walk({ shop }) {
    const skus = Array.from({ length: 99 }, (_, index) => `PART-${index}`);
    await shop.receive('parts', Object.fromEntries(skus.map((sku) => [sku, 1])));
    await shop.place({ lines: skus.map((sku) => ({ sku, quantity: 1, unitPrice: '1' })) });
  },
};

const MESSAGES: Path = {
  name: 'messages to customers, one of which comes back',
  async walk({ shop }) {
    await shop.place({ email: 'ada@example.com', phone: '+442079460001', smsUpdates: true });
    await shop.place({ email: 'bounce@simulator.amazonses.com' });
  },
};

const FIGURES: Path = {
  name: 'figures and lists for staff',
  async walk(shop) {
    const orderId = await shop.shop.place();
    await shop.settled();
    for (const query of [`q=${orderId}`, 'q=customer-1', 'status=PAID', 'status=SHIPPED'])
      await shop.staff('GET', `/orders?${query}`);
    for (const figures of ['/sales?by=day', '/funnel', '/activity']) await shop.staff('GET', figures);
  },
};

const REBUILT: Path = {
  name: 'orders rebuild',
  async walk({ shop }) {
    for (const what of Object.keys(REBUILDS) as Rebuild[]) {
      const asked = await openFunction(shop.session, outputOf(shop.session, REBUILDS[what]));
      await rebuild(what, asked.ask, () => undefined).finally(() => asked.close());
    }
  },
};

/** What customers, visitors and staff do day by day. */
export const EVERYDAY: readonly Path[] = [
  ...[CATALOGUE, CUSTOMER, CANCELLED, ACTIVITY, FATES, LARGE, MESSAGES, FIGURES, REBUILT],
];
