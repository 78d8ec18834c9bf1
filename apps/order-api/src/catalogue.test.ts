import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Throttled } from '@orderstream/domain';
import { Catalogue } from './catalogue.ts';
import { DynamoDbServer } from './testing/dynamodb-server.ts';

const dynamodb = new DynamoDbServer();
let client: DynamoDBDocumentClient;
let catalogue: Catalogue;
const pauses: number[] = [];

beforeAll(async () => {
  client = await dynamodb.start();
});

beforeEach(() => {
  pauses.length = 0;
  catalogue = new Catalogue(client, 'shop-products', async (milliseconds) => pauses.push(milliseconds));
});

afterAll(() => dynamodb.stop());

const MUG = { sku: { S: 'MUG' }, name: { S: 'Mug' }, unitPrice: { S: '4.25' }, currency: { S: 'GBP' } };
const mug = { sku: 'MUG', name: 'Mug', unitPrice: '4.25', currency: 'GBP' };
const found = (...items: object[]) => ({ Responses: { 'shop-products': items } });
const unread = (...skus: string[]) => ({
  UnprocessedKeys: { 'shop-products': { Keys: skus.map((sku) => ({ sku: { S: sku } })) } },
});
const keysOf = ({ input }: { input: ReturnType<typeof JSON.parse> }): object[] =>
  input.RequestItems['shop-products'].Keys;

it('gives products by SKU, asking once for each', async () => {
  dynamodb.answer(found(MUG));

  expect(await catalogue.products(['MUG', 'NONE', 'MUG'])).toEqual(new Map([['MUG', mug]]));
  expect(dynamodb.calls.map(keysOf)).toEqual([[{ sku: { S: 'MUG' } }, { sku: { S: 'NONE' } }]]);
});

it('asks for a hundred at a time', async () => {
  dynamodb.answer();

  await catalogue.products(Array.from({ length: 250 }, (_, n) => `S${n}`));

  expect(dynamodb.calls.map((call) => keysOf(call).length).toSorted()).toEqual([100, 100, 50]);
});

it('asks again, after a pause, for what DynamoDB left unread', async () => {
  dynamodb.answer({ ...found(), ...unread('MUG') }, found(MUG));

  expect(await catalogue.products(['MUG'])).toEqual(new Map([['MUG', mug]]));
  expect(pauses).toHaveLength(1);
});

it('gives up after four times', async () => {
  dynamodb.answer(unread('MUG'), unread('MUG'), unread('MUG'), unread('MUG'));

  await expect(catalogue.products(['MUG'])).rejects.toThrow(Throttled);
  expect(dynamodb.calls).toHaveLength(4);
});

it('reads one product’s item consistently', async () => {
  dynamodb.answer({ Item: MUG });

  expect(await catalogue.item('MUG')).toEqual(mug);
  expect(dynamodb.calls).toEqual([
    {
      operation: 'GetItem',
      input: { TableName: 'shop-products', Key: { sku: { S: 'MUG' } }, ConsistentRead: true },
    },
  ]);
});

it.each([
  ['no price', { unitPrice: undefined }],
  ['a price of nothing', { unitPrice: { S: '0' } }],
  ['a price that is no decimal string', { unitPrice: { N: '4.25' } }],
  ['a name that no line can hold', { name: { S: 'x'.repeat(501) } }],
  ['a price whose tax cannot be told exactly', { unitPrice: { S: '0.000000001' } }],
  ['a currency that is none', { currency: { S: 'pounds' } }],
  ['no name', { name: { NULL: true } }],
  ['no currency', { currency: { BOOL: true } }],
])('a product with %s is not for sale', async (_, change) => {
  dynamodb.answer(found({ ...MUG, ...change }));

  expect(await catalogue.products(['MUG'])).toEqual(new Map());
});
