import { compilePattern } from '@orderstream/local-cloud';
import { openShop, type TestShop } from './testing/shop.ts';

jest.setTimeout(120_000);

describe('an order written to the table', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
    await shop.receive('goods', { MUG: 10_000, BOWL: 3 });
  });
  afterAll(() => shop.close());

  const address = (line1: string) => ({ name: 'Ada', line1, city: 'Leeds', country: 'United Kingdom' });

  it('ships, and its events tell the way', async () => {
    const orderId = await shop.place();

    const order = await shop.settled(orderId);

    expect(order).toMatchObject({ status: 'SHIPPED', charge: { amount: '19.01' } });
    expect(order).not.toHaveProperty('openShard');
    const events = await shop.session.cloud.journal('events', {
      path: '$.detail.subject.id',
      value: orderId,
    });
    expect(events.map(({ detailType }) => detailType)).toEqual([
      'OrderPlaced',
      'OrderValidated',
      'OrderPaid',
      'OrderAllocated',
      'OrderShipped',
    ]);
    expect(await shop.violations()).toEqual([]);
  });

  it.each([
    ['whose payment is declined', { paymentToken: 'tok_decline' }, 'REJECTED', 'PaymentDeclined'],
    [
      'that asks for more than there is',
      { lines: [{ sku: 'BOWL', quantity: 4, unitPrice: '1' }] },
      'REJECTED',
      'OutOfStock',
    ],
    [
      'that nobody delivers',
      { shippingAddress: address('Undeliverable') },
      'REJECTED',
      'UndeliverableAddress',
    ],
    [
      'with a price of nothing',
      { lines: [{ sku: 'MUG', quantity: 1, unitPrice: '0' }] },
      'REJECTED',
      'OrderInvalid',
    ],
    [
      'whose customer cancelled',
      { cancelRequestedAt: '2026-01-01T00:00:00Z' },
      'CANCELLED',
      'CancellationRequested',
    ],
  ])('%s is undone and says why', async (_, change, status, cause) => {
    const order = await shop.settled(await shop.place(change));

    expect(order).toMatchObject({ status, closing: { as: status, cause } });
    expect(await shop.violations()).toEqual([]);
  });

  it.each([
    ['the gateway does not answer twice', { paymentToken: 'tok_unavailable_2' }],
    ["the gateway's answer is lost", { paymentToken: 'tok_lost_answer' }],
    ['the carrier does not answer once', { shippingAddress: address('Unavailable 1') }],
    ["the carrier's answer is lost", { shippingAddress: address('Lost answer') }],
  ])('ships all the same when %s', async (_, change) => {
    const orderId = await shop.place(change);
    await waitsForRetry(orderId);

    expect(await shop.settled(orderId)).toMatchObject({ status: 'SHIPPED' });
    expect(await shop.violations()).toEqual([]);
  });

  it('with 1,000 SKUs ships; with the last of them out of stock it gives the others back', async () => {
    const skus = Array.from({ length: 1_000 }, (_, index) => `SKU-${String(index).padStart(4, '0')}`);
    await shop.receive('thousand', Object.fromEntries(skus.map((sku) => [sku, 1])));
    const lines = skus.map((sku) => ({ sku, quantity: 1, unitPrice: '0.01' }));

    const first = await shop.settled(await shop.place({ lines }));
    await shop.receive('thousand but one', Object.fromEntries(skus.slice(0, -1).map((sku) => [sku, 1])));
    const second = await shop.settled(await shop.place({ lines }));

    expect(first['status']).toBe('SHIPPED');
    expect(second).toMatchObject({ status: 'REJECTED', closing: { cause: 'OutOfStock' } });
    expect(await shop.violations()).toEqual([]);
  });

  describe('passes its mapping', () => {
    const passes = (record: object) => {
      const table = shop.cloud.stack.tables.find(({ name }) => name === shop.session.tables.orders);
      const mapping = shop.cloud.stack.mappings.find(({ sourceArn }) => sourceArn === table?.stream?.arn);
      return mapping?.filters.some((filter) => compilePattern(filter)(record));
    };
    const record = (eventName: string, image: object) => ({
      eventName,
      eventSource: 'aws:dynamodb',
      dynamodb: {
        Keys: { orderId: { S: '1' } },
        ...(eventName === 'REMOVE' ? { OldImage: image } : { NewImage: image }),
      },
    });
    const intent = { chargeIntent: { M: { key: { S: 'charge#1' }, at: { S: 'now' } } } };
    const charged = { ...intent, charge: { M: { chargeId: { S: 'ch' } } } };
    const shipping = { ...charged, shippingStartedAt: { S: 'now' } };

    it.each<[string, string, object]>([
      ['is placed', 'INSERT', { status: { S: 'PLACED' } }],
      ['is found valid', 'MODIFY', { status: { S: 'VALIDATED' } }],
      ['is paid', 'MODIFY', { status: { S: 'PAID' }, ...charged }],
      ['has its goods', 'MODIFY', { status: { S: 'ALLOCATED' }, ...charged }],
      ['is shipped', 'MODIFY', { status: { S: 'SHIPPED' }, ...shipping }],
      ['is rejected while it is paid', 'MODIFY', { status: { S: 'REJECTED' }, ...intent }],
      ['fails while it ships', 'MODIFY', { status: { S: 'FAILED' }, ...shipping }],
      ['is given a status that nobody can read', 'MODIFY', { status: { N: '7' } }],
      ['loses its status', 'MODIFY', {}],
      ['is removed', 'REMOVE', { status: { S: 'ALLOCATED' }, ...shipping }],
    ])('when it %s', (_, eventName, image) => {
      expect(passes(record(eventName, image))).toBe(true);
    });

    it.each([
      ['intent to charge', { status: { S: 'VALIDATED' }, ...intent }],
      ['intent to ship', { status: { S: 'ALLOCATED' }, ...shipping }],
    ])('but not when its %s is noted', (_, image) => {
      expect(passes(record('MODIFY', image))).toBe(false);
    });
  });

  /** Moves the clock whenever all that is under way waits for it, until the order's execution has ended. */
  async function waitsForRetry(orderId: string): Promise<void> {
    for (;;) {
      const [execution] = shop.cloud.journal.rows('executions', 'WHERE name = ?', orderId);
      if (execution !== undefined && execution.endedAt !== null) return;
      const { execution: executions = 0, ...others } = shop.cloud.inFlight.counts();
      if (executions > 0 && Object.keys(others).length === 0) await shop.cloud.clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
});
