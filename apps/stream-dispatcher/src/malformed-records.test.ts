import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { DynamoDBRecord } from 'aws-lambda';
import { dispatch, type Effects } from './dispatch.ts';
import { quarantineKey } from './quarantine.ts';
import { image, moved, placed, record, removed, stockMoved, TABLES } from './testing/records.ts';

/** What becomes of a record. `handled` names the events and, after a `>`, the execution that follow from it. */
type Fate = 'quarantined' | 'ignored' | `handled: ${string}`;

/** Anything that may arrive in a batch, whatever the types say. */
const any = (value: unknown): DynamoDBRecord => JSON.parse(JSON.stringify(value) ?? 'null');

const order = placed('bad');
const withRecord = (members: object) => any({ ...order, ...members });
const withChange = (members: object) => any({ ...order, dynamodb: { ...order.dynamodb, ...members } });
const withImage = (members: object) => withChange({ NewImage: { ...order.dynamodb.NewImage, ...members } });
const changeOf = (from: ReturnType<typeof record>, members: object) =>
  any({ ...from, dynamodb: { ...from.dynamodb, ...members } });

const SKU = image({ sku: 'BAD' });
const stock = (before: object, after: object) =>
  changeOf(stockMoved('BAD', 5, 0), {
    OldImage: { itemVersion: { N: '1' }, ...before },
    NewImage: { itemVersion: { N: '2' }, ...after },
  });

const CASES: [what: string, record: DynamoDBRecord, fate: Fate][] = [
  ['null', any(null), 'quarantined'],
  ['a number', any(7), 'quarantined'],
  ['a text', any('record'), 'quarantined'],
  ['a list', any([]), 'quarantined'],
  ['an empty object', any({}), 'quarantined'],
  ['a record without an id', withRecord({ eventID: undefined }), 'quarantined'],
  ['a record with an empty id', withRecord({ eventID: '' }), 'quarantined'],
  ['a record without a name', withRecord({ eventName: undefined }), 'quarantined'],
  ['a record with a name that there is not', withRecord({ eventName: 'UPSERT' }), 'quarantined'],
  ['a record with a name in small letters', withRecord({ eventName: 'insert' }), 'quarantined'],
  ['a record whose name is a number', withRecord({ eventName: 7 }), 'quarantined'],
  ['a record without its source', withRecord({ eventSourceARN: undefined }), 'quarantined'],
  ['a record whose source is no ARN', withRecord({ eventSourceARN: 'orders' }), 'quarantined'],
  ['a record whose source is a number', withRecord({ eventSourceARN: 7 }), 'quarantined'],
  ['a record of another table', withRecord({ eventSourceARN: 'arn:aws:x:y:z:table/carts/s' }), 'quarantined'],
  ['a record of a table that climbs', withRecord({ eventSourceARN: 'a:table/../s' }), 'quarantined'],
  ['a record without its change', withRecord({ dynamodb: undefined }), 'quarantined'],
  ['a record whose change is null', withRecord({ dynamodb: null }), 'quarantined'],
  ['a record whose change is a list', withRecord({ dynamodb: [] }), 'quarantined'],
  ['a change without keys', withChange({ Keys: undefined }), 'quarantined'],
  ['a change whose keys are null', withChange({ Keys: null }), 'quarantined'],
  ['a change with an empty key', withChange({ Keys: {} }), 'quarantined'],
  ['a key that is a number', withChange({ Keys: { orderId: { N: '7' } } }), 'quarantined'],
  ['a key that is binary', withChange({ Keys: { orderId: { B: 'AAAA' } } }), 'quarantined'],
  ['a key that is no order id', withChange({ Keys: image({ orderId: '../orders' }) }), 'quarantined'],
  ['a key that is too long', withChange({ Keys: image({ orderId: 'x'.repeat(65) }) }), 'quarantined'],
  ['a change without images', withChange({ NewImage: undefined }), 'quarantined'],
  ['an image that is null', withChange({ NewImage: null }), 'quarantined'],
  ['an image that is empty', withChange({ NewImage: {} }), 'quarantined'],
  ['an image that is a text', withChange({ NewImage: 'x' }), 'quarantined'],
  ['an attribute that is null', withImage({ status: null }), 'quarantined'],
  ['a line that is null', withImage({ lines: { L: [null] } }), 'quarantined'],
  ['a status that is a number', withImage({ status: { N: '7' } }), 'quarantined'],
  ['a status that there is not', withImage({ status: { S: 'LOST' } }), 'quarantined'],
  ['a status of every object', withImage({ status: { S: 'constructor' } }), 'quarantined'],
  ['a new order that is half way', withImage({ status: { S: 'PAID' } }), 'quarantined'],
  ['no version', withImage({ itemVersion: undefined }), 'quarantined'],
  ['a version that is a text', withImage({ itemVersion: { S: '7' } }), 'quarantined'],
  ['a version that is no number', withImage({ itemVersion: { N: 'x' } }), 'quarantined'],
  ['a version that is a fraction', withImage({ itemVersion: { N: '1.5' } }), 'quarantined'],
  ['a version newer than all to come', withImage({ itemVersion: { N: '9e125' } }), 'quarantined'],
  ['a version that is infinite', withImage({ itemVersion: { N: '1e999' } }), 'quarantined'],
  ['a removal without an image', changeOf(removed('bad'), { OldImage: undefined }), 'quarantined'],
  [
    'a time that no calendar has',
    withChange({ ApproximateCreationDateTime: 1e20, NewImage: {} }),
    'quarantined',
  ],
  ['a time that is a text', withChange({ ApproximateCreationDateTime: 'now', NewImage: {} }), 'quarantined'],
  [
    'an id that climbs',
    any({ ...order, eventID: '../../../x', dynamodb: { ...order.dynamodb, NewImage: {} } }),
    'quarantined',
  ],
  ['stock without an old image', changeOf(stockMoved('BAD', 5, 0), { OldImage: undefined }), 'quarantined'],
  ['stock that is a text', stock({ available: { N: '5' } }, { available: { S: '0' } }), 'quarantined'],
  ['stock that is no number', stock({ available: { N: '5' } }, { available: { N: 'x' } }), 'quarantined'],
  ['stock that is infinite', stock({ available: { N: '5' } }, { available: { N: '-1e999' } }), 'quarantined'],
  ['stock without a SKU', record('shop-stock', {}, undefined, image({ available: 5 })), 'quarantined'],
  [
    'a product whose SKU is a number',
    record('shop-products', { sku: { N: '7' } }, undefined, image({ itemVersion: 1 })),
    'quarantined',
  ],
  ['a change of nothing', moved('bad', 'PAID', 'PAID'), 'ignored'],
  ['stock between two marks', stock({ available: { N: '500' } }, { available: { N: '400' } }), 'ignored'],
  ['stock that is removed', record('shop-stock', SKU, image({ available: 5 }), undefined), 'ignored'],
  [
    'a change without its old image',
    changeOf(moved('bad', 'PLACED', 'PAID'), { OldImage: undefined }),
    'handled: OrderPaid',
  ],
  ['a record without a number', withChange({ SequenceNumber: undefined }), 'handled: OrderPlaced > bad'],
  ['an order without lines', withImage({ lines: undefined }), 'handled: OrderPlaced > bad'],
  ['lines that are binary', withImage({ lines: { B: 'AAAA' } }), 'handled: OrderPlaced > bad'],
  [
    'lines of sets, lists and huge numbers',
    withImage({
      lines: { L: [{ SS: ['x'] }, { L: [{ L: [] }] }, { M: { sku: { N: '1' }, quantity: { N: '9e125' } } }] },
    }),
    'handled: OrderPlaced > bad',
  ],
  ['a total that is null', withImage({ total: { NULL: true } }), 'handled: OrderPlaced > bad'],
  ['a trace that is none', withImage({ trace: { S: 'Root=x' } }), 'handled: OrderPlaced > bad'],
  [
    'a country as long as a book',
    withImage({ country: { S: 'x'.repeat(300_000) } }),
    'handled: OrderPlaced > bad',
  ],
];

/** A world in which everything works. */
class World implements Effects {
  readonly done: string[] = [];
  readonly quarantined: DynamoDBRecord[] = [];
  readonly keys: string[] = [];

  async start({ executionName }: { executionName: string }) {
    this.done.push(`> ${executionName}`);
  }

  async publish(entries: readonly PutEventsRequestEntry[]) {
    return entries.map(({ Detail = '' }) => {
      const { type, subject } = JSON.parse(Detail);
      this.done.push(`${type} ${subject.id}`);
      return undefined;
    });
  }

  async quarantine(kept: DynamoDBRecord) {
    this.keys.push(quarantineKey(kept));
    this.quarantined.push(kept);
  }

  async wait() {
    await null;
  }
}

/** What became of the malformed record, from all that was done; its neighbours are left out. */
function fateOf({ done, quarantined }: World): Fate {
  if (quarantined.length > 0) return 'quarantined';
  const own = done
    .filter((deed) => /bad|BAD/.test(deed))
    .toSorted()
    .reverse();
  if (own.length === 0) return 'ignored';
  return `handled: ${own.map((deed) => (deed.startsWith('>') ? deed : deed.split(' ')[0])).join(' ')}`;
}

it.each(CASES)('%s is dealt with as it should be, and its neighbours are handled', async (_, bad, fate) => {
  const world = new World();

  const outcome = await dispatch([placed('n-1'), bad, placed('n-2')], TABLES, 'shop', world);

  expect(outcome.failed).toEqual([]);
  expect(fateOf(world)).toBe(fate);
  expect(world.done).toEqual(
    expect.arrayContaining(['> n-1', '> n-2', 'OrderPlaced n-1', 'OrderPlaced n-2']),
  );
  if (fate === 'quarantined') expect(world.quarantined).toEqual([bad]);
});

it('all of them in one batch keep none of their neighbours, and each has a place of its own in the quarantine', async () => {
  const world = new World();
  const bad = CASES.filter(([, , fate]) => fate === 'quarantined').map(([, each]) => each);
  const numbered = bad.map((each, index) =>
    typeof each?.eventID === 'string' && /^\w/.test(each.eventID)
      ? { ...each, eventID: `id-${index}` }
      : each,
  );

  const outcome = await dispatch([placed('n-1'), ...numbered, placed('n-2')], TABLES, 'shop', world);

  expect(outcome).toMatchObject({ started: 2, published: 2, quarantined: bad.length, failed: [] });
  expect(new Set(world.keys).size).toBe(bad.length);
  for (const key of world.keys)
    expect(key).toMatch(/^quarantine\/(unknown|carts|shop-\w+)\/\d{4}-\d\d-\d\d\/\d{40}-[\w-]+\.json$/);
});
