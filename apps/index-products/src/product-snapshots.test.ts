import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { stubbedClient } from '@orderstream/lambda-kit/fixtures';
import { ProductSnapshots } from './product-snapshots.ts';

const TABLES = { products: 'shop-products', stock: 'shop-stock' };
const asked: object[] = [];
const pauses: number[] = [];

/** Snapshots of tables that answer one thing after the other; an error is thrown. */
function snapshots(...answers: object[]): ProductSnapshots {
  asked.length = 0;
  pauses.length = 0;
  const client = stubbedClient((input) => {
    asked.push(input);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return answer ?? {};
  });
  return new ProductSnapshots(client, TABLES, async (pause) => pauses.push(pause));
}

const conflict = () =>
  new TransactionCanceledException({
    $metadata: {},
    message: 'cancelled',
    CancellationReasons: [{ Code: 'TransactionConflict' }],
  });

it('a product and its stock are read in one transaction', async () => {
  const product = { sku: 'MUG', itemVersion: 1 };

  expect(await snapshots({ Responses: [{ Item: product }, {}] }).read('MUG')).toEqual({
    sku: 'MUG',
    product,
    stock: undefined,
  });
  expect(asked).toEqual([
    {
      TransactItems: [
        { Get: { TableName: 'shop-products', Key: { sku: 'MUG' } } },
        { Get: { TableName: 'shop-stock', Key: { sku: 'MUG' } } },
      ],
    },
  ]);
});

it('another transaction on the stock is waited out', async () => {
  expect(await snapshots(conflict(), { Responses: [{}, {}] }).read('MUG')).toMatchObject({ sku: 'MUG' });
  expect(pauses).toHaveLength(1);
});

it('transactions that do not end leave the event for later', async () => {
  await expect(snapshots(conflict()).read('MUG')).rejects.toMatchObject({ name: 'Throttled' });
  expect(asked).toHaveLength(6);
});

it('the catalogue is read page by page, consistently', async () => {
  const tables = snapshots(
    { Items: [{ sku: 'A' }, { sku: 'B' }], LastEvaluatedKey: { sku: 'B' } },
    { Items: [{ sku: 'C' }] },
  );

  expect([await tables.page(undefined), await tables.page('B')]).toEqual([
    { skus: ['A', 'B'], next: 'B' },
    { skus: ['C'] },
  ]);
  expect(asked).toEqual([
    expect.objectContaining({ TableName: 'shop-products', ConsistentRead: true }),
    expect.objectContaining({ ExclusiveStartKey: { sku: 'B' } }),
  ]);
});
