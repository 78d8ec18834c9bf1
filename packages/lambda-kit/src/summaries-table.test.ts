import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { NumberValue } from '@aws-sdk/lib-dynamodb';
import { Throttled } from '@orderstream/domain';
import { stubbedClient } from './stubbed-client.fixture.ts';
import { MOST_ADDITIONS, SummariesTable } from './summaries-table.ts';

const MARKER = { metric: 'sale#1#order-1', bucket: '0' };
const ADDITION = {
  metric: 'sales#1#2011-11#0',
  bucket: 'day#2011-11-14',
  add: { orders: 1, revenue: '0.10' },
};

/** A table whose transactions are answered in turn: by these codes of their writes, or with success. */
function aTable(...refusals: string[][]) {
  const sent: ReturnType<typeof JSON.parse>[] = [];
  const pauses: number[] = [];
  const client = stubbedClient((input) => {
    sent.push(input);
    const codes = refusals.shift();
    if (codes === undefined) return {};
    throw new TransactionCanceledException({
      $metadata: {},
      message: '',
      CancellationReasons: codes.map((Code) => ({ Code })),
    });
  });
  const table = new SummariesTable(client, 'summaries', async (milliseconds) => pauses.push(milliseconds));
  return { table, sent, pauses };
}

it('counts and marks in one transaction, exactly', async () => {
  const { table, sent } = aTable();

  expect(await table.countOnce(MARKER, [ADDITION, { ...ADDITION, expiresAt: 7 }])).toBe(true);

  const [marker, kept, expiring] = sent[0].TransactItems;
  expect(marker.Put).toMatchObject({ Item: MARKER, ConditionExpression: 'attribute_not_exists(metric)' });
  expect(marker.Put.Item).not.toHaveProperty('expiresAt');
  expect(kept.Update).toMatchObject({
    Key: { metric: ADDITION.metric, bucket: ADDITION.bucket },
    UpdateExpression: 'ADD #orders :orders, #revenue :revenue',
    ExpressionAttributeValues: { ':orders': NumberValue.from('1'), ':revenue': NumberValue.from('0.10') },
  });
  expect(expiring.Update.UpdateExpression).toBe(
    'SET expiresAt = :expiresAt ADD #orders :orders, #revenue :revenue',
  );
  expect(sent).toHaveLength(1);
});

it('gives the marker the time after which it may go, where there is one', async () => {
  const { table, sent } = aTable();

  await table.countOnce({ ...MARKER, expiresAt: 9 }, []);

  expect(sent[0].TransactItems[0].Put.Item).toMatchObject({ ...MARKER, expiresAt: 9 });
});

it('leaves alone what was counted before', async () => {
  const { table, sent, pauses } = aTable(['ConditionalCheckFailed', 'None']);

  expect(await table.countOnce(MARKER, [ADDITION])).toBe(false);
  expect([sent.length, pauses.length]).toEqual([1, 0]);
});

it.each([
  [['None', 'TransactionConflict']],
  [['TransactionConflict', 'None']],
  [['None', 'ThrottlingError']],
])('waits out other transactions: %j', async (codes) => {
  const { table, sent, pauses } = aTable(codes, codes);

  expect(await table.countOnce(MARKER, [ADDITION])).toBe(true);
  expect([sent.length, pauses.length]).toEqual([3, 2]);
});

it('asks to come again when they do not end', async () => {
  const { table } = aTable(...Array.from({ length: 6 }, () => ['None', 'TransactionConflict']));

  await expect(table.countOnce(MARKER, [ADDITION])).rejects.toThrow(Throttled);
});

it('does not repeat what DynamoDB finds wrong', async () => {
  const { table, sent } = aTable(['None', 'ValidationError']);

  await expect(table.countOnce(MARKER, [ADDITION])).rejects.toThrow('ValidationError');
  expect(sent).toHaveLength(1);
});

it('takes no more additions than a transaction has room for', async () => {
  const { table, sent } = aTable();

  await table.countOnce(
    MARKER,
    Array.from({ length: MOST_ADDITIONS }, () => ADDITION),
  );
  await expect(
    table.countOnce(
      MARKER,
      Array.from({ length: MOST_ADDITIONS + 1 }, () => ADDITION),
    ),
  ).rejects.toThrow('100 additions');

  expect(sent.map(({ TransactItems }) => TransactItems.length)).toEqual([100]);
});
