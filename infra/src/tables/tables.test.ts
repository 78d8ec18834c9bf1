import { PROD, resourcesOf, resourceWith, synthesize } from '../testing/synthesized.ts';

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
    ['activity', 'who', 'moment'],
    ['summaries', 'metric', 'bucket'],
  ])('have %s by %s', (name, hashKey, rangeKey) => {
    const { hash_key, range_key } = table(`orderstream-local-${name}`);

    expect({ hash_key, range_key }).toEqual({ hash_key: hashKey, range_key: rangeKey });
  });

  it('are seven, each on demand, encrypted and restorable', () => {
    expect(tables).toHaveLength(7);
    for (const one of tables) {
      expect(one).toMatchObject({
        billing_mode: 'PAY_PER_REQUEST',
        server_side_encryption: { enabled: true },
        point_in_time_recovery: { enabled: true },
        deletion_protection_enabled: false,
      });
    }
  });

  it('let changes of orders, products and stock out with both images, and what was done with the new one alone', () => {
    const streamed = tables
      .filter((one) => one['stream_view_type'] === 'NEW_AND_OLD_IMAGES' && one['stream_enabled'] === true)
      .map((one) => one['name']);

    expect(streamed).toEqual([
      'orderstream-local-orders',
      'orderstream-local-products',
      'orderstream-local-stock',
    ]);
    expect(table('orderstream-local-activity')).toMatchObject({
      stream_enabled: true,
      stream_view_type: 'NEW_IMAGE',
    });
    expect(tables.filter((one) => one['stream_enabled'] === true)).toHaveLength(4);
  });

  it('forget activity and its counters in time, and nothing else', () => {
    const forgetful = tables.filter((one) => one['ttl'] !== undefined);

    expect(forgetful.map((one) => one['name'])).toEqual([
      'orderstream-local-activity',
      'orderstream-local-summaries',
    ]);
    for (const one of forgetful) expect(one['ttl']).toEqual({ enabled: true, attribute_name: 'expiresAt' });
  });

  it('find orders by customer, by day, and the open ones by how long they stand still', () => {
    const indexes = table('orderstream-local-orders')['global_secondary_index'];

    expect(indexes).toMatchObject([
      {
        name: 'byCustomer',
        hash_key: 'customerId',
        range_key: 'placedAt',
        non_key_attributes: ['status', 'total', 'currency', 'forgottenAt'],
      },
      {
        name: 'openOrders',
        hash_key: 'openShard',
        range_key: 'updatedAt',
        projection_type: 'INCLUDE',
        non_key_attributes: ['status'],
      },
      { name: 'byDay', hash_key: 'placedShard', range_key: 'placedAt' },
    ]);
  });

  it('are protected from deletion in prod', () => {
    const prod = synthesize(PROD);

    for (const one of Object.values(resourcesOf(prod, 'aws_dynamodb_table'))) {
      expect(one).toMatchObject({ deletion_protection_enabled: true });
    }
  });
});
