import { resourcesOf, resourceWith, synthesize } from './testing/synthesized.ts';

const stack = synthesize();
const tables = Object.values(resourcesOf(stack, 'aws_dynamodb_table'));
const table = (name: string) => resourceWith(stack, 'aws_dynamodb_table', 'name', name).arguments;

describe('the tables', () => {
  it.each([
    ['orders', 'orderId', undefined],
    ['products', 'sku', undefined],
    ['stock', 'sku', undefined],
    ['allocations', 'orderId', 'chunk'],
    ['ledger', 'key', undefined],
  ])('have %s by %s', (name, hashKey, rangeKey) => {
    const { hash_key, range_key } = table(`orderstream-local-${name}`);

    expect({ hash_key, range_key }).toEqual({ hash_key: hashKey, range_key: rangeKey });
  });

  it('are five, each on demand, encrypted and restorable', () => {
    expect(tables).toHaveLength(5);
    for (const one of tables) {
      expect(one).toMatchObject({
        billing_mode: 'PAY_PER_REQUEST',
        server_side_encryption: { enabled: true },
        point_in_time_recovery: { enabled: true },
        deletion_protection_enabled: false,
      });
    }
  });

  it('let changes of orders, products and stock out with both images, and of no other table', () => {
    const streamed = tables
      .filter((one) => one['stream_view_type'] === 'NEW_AND_OLD_IMAGES' && one['stream_enabled'] === true)
      .map((one) => one['name']);

    expect(streamed).toEqual([
      'orderstream-local-orders',
      'orderstream-local-products',
      'orderstream-local-stock',
    ]);
    expect(tables.filter((one) => one['stream_enabled'] === true)).toHaveLength(3);
  });

  it('find orders by customer, by day, and the open ones by how long they stand still', () => {
    const indexes = table('orderstream-local-orders')['global_secondary_index'];

    expect(indexes).toMatchObject([
      { name: 'byCustomer', hash_key: 'customerId', range_key: 'placedAt' },
      { name: 'openOrders', hash_key: 'openShard', range_key: 'updatedAt', projection_type: 'KEYS_ONLY' },
      { name: 'byDay', hash_key: 'placedShard', range_key: 'placedAt' },
    ]);
  });

  it('are protected from deletion in prod', () => {
    const prod = synthesize({
      ORDERSTREAM_ENV: 'prod',
      ORDERSTREAM_PAYMENT_GATEWAY: 'sandbox',
      ORDERSTREAM_CARRIER: 'sandbox',
    });

    for (const one of Object.values(resourcesOf(prod, 'aws_dynamodb_table'))) {
      expect(one).toMatchObject({ deletion_protection_enabled: true });
    }
  });
});
