import { storedActivity, Throttled, type StoredActivity } from '@orderstream/domain';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ActivityTable } from './activity-table.ts';
import { DynamoDbServer } from './testing/dynamodb-server.ts';

const dynamodb = new DynamoDbServer();
let client: DynamoDBDocumentClient;
let table: ActivityTable;
const pauses: number[] = [];

beforeAll(async () => {
  client = await dynamodb.start();
});
beforeEach(() => {
  pauses.length = 0;
  table = new ActivityTable(client, 'shop-activity', async (pause) => pauses.push(pause));
});
afterAll(() => dynamodb.stop());

function views(...ids: string[]): StoredActivity[] {
  return ids.map((id) => storedActivity('session#s', { type: 'view', sku: 'MUG', id }, 1_767_260_000_000));
}
const writtenIn = ({ input }: { input: ReturnType<typeof JSON.parse> }): string[] =>
  input.RequestItems['shop-activity'].map(
    (each: { PutRequest: { Item: { moment: { S: string } } } }) =>
      each.PutRequest.Item.moment.S.split('#')[1],
  );

it('writes 25 at a time', async () => {
  dynamodb.answer();

  await table.write(views(...Array.from({ length: 60 }, (_, n) => String(n))));

  expect(dynamodb.calls.map((call) => writtenIn(call).length).toSorted()).toEqual([10, 25, 25]);
});

it('writes what is there twice once: DynamoDB takes no call with it twice', async () => {
  dynamodb.answer();

  await table.write(views('a', 'b', 'a'));

  expect(dynamodb.calls.map(writtenIn)).toEqual([['a', 'b']]);
});

it('writes again what was left out, and nothing else', async () => {
  const [, left] = views('a', 'b');
  const item = { who: { S: left!.who }, moment: { S: left!.moment } };
  dynamodb.answer({ UnprocessedItems: { 'shop-activity': [{ PutRequest: { Item: item } }] } }, {});

  await table.write(views('a', 'b'));

  expect(dynamodb.calls.map(writtenIn)).toEqual([['a', 'b'], ['b']]);
  expect(pauses).toHaveLength(1);
});

it('gives up after four times', async () => {
  const item = { who: { S: 's' }, moment: { S: 'at#a' } };
  const busy = { UnprocessedItems: { 'shop-activity': [{ PutRequest: { Item: item } }] } };
  dynamodb.answer(busy, busy, busy, busy);

  await expect(table.write(views('a'))).rejects.toThrow(Throttled);
  expect(dynamodb.calls).toHaveLength(4);
});
