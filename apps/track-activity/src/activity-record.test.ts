import type { DynamoDBRecord } from 'aws-lambda';
import { countedRecord } from './activity-record.ts';
import { activity, search, view } from './testing/records.ts';

const minute = '2026-11-23T09:15';

it.each<[string, DynamoDBRecord, object]>([
  ['a view, with its product', view(1, 'MUG 1'), { count: 'views', sku: 'MUG 1' }],
  ['a search that found something', search(1, 'mug', 3), { count: 'searches' }],
  [
    'a search that found nothing, whatever its case',
    search(1, ' Red MUG ', 0),
    { count: 'searches', nothingFound: 'red mug' },
  ],
  [
    'a search for a mail address, without it',
    search(1, 'Ada@mail.example', 0),
    { count: 'searches', nothingFound: '' },
  ],
  [
    'a search for one that is written wide',
    search(1, 'Ada＠mail.example', 0),
    { count: 'searches', nothingFound: '' },
  ],
  ['goods put into the basket', activity(1, 'add-to-basket'), { count: 'addsToBasket' }],
  ['goods taken out of it', activity(1, 'remove-from-basket'), { count: 'removalsFromBasket' }],
  ['a checkout', activity(1, 'checkout'), { count: 'checkouts' }],
  ['a purchase', activity(1, 'purchase'), { count: 'purchases' }],
])('counts %s', (_, record, counted) => {
  expect(countedRecord(record)).toEqual({ minute, ...counted });
});

it.each<[string, string]>([
  ['letters that take several units', '𝒳'.repeat(300)],
  ['letters that grow in lower case', 'İ'.repeat(300)],
  ['half a letter', `${'x'.repeat(199)}\ud83d`],
])('keeps a search short enough for a key: %s', (_, text) => {
  const counted = countedRecord(search(1, text, 0));

  const kept = typeof counted === 'object' ? (counted.nothingFound ?? '') : '';
  expect(kept).not.toBe('');
  expect(kept.isWellFormed()).toBe(true);
  expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(800);
});

it.each<[string, DynamoDBRecord]>([
  ['an item whose time was over', { ...view(1, 'MUG'), eventName: 'REMOVE' }],
  ['an item that somebody changed', { ...view(1, 'MUG'), eventName: 'MODIFY' }],
])('counts nothing for %s', (_, record) => {
  expect(countedRecord(record)).toBe('nothing');
});

it.each<[string, DynamoDBRecord]>([
  ['no image', { eventName: 'INSERT', dynamodb: {} }],
  ['no content', { eventName: 'INSERT' }],
  ['an unknown type', activity(1, 'yawn')],
  ['a type that every object has', activity(1, 'constructor')],
  ['a type that is no text', activity(1, 'view', { type: { N: '1' }, sku: { S: 'MUG' } })],
  ['no time', activity(1, 'checkout', { occurredAt: { NULL: true } })],
  ['a time that no calendar has', activity(1, 'checkout', {}, '2026-02-30T00:00:00Z')],
  ['a time with a key of another row in it', activity(1, 'checkout', {}, '2026-11-23T09:15#x')],
  ['a view of nothing', activity(1, 'view')],
  ['a view of what is no SKU', view(1, ' ')],
  ['a search without text', activity(1, 'search', { results: { N: '0' } })],
  ['a search without results', activity(1, 'search', { text: { S: 'mug' } })],
])('cannot read %s', (_, record) => {
  expect(countedRecord(record)).toBe('unreadable');
});
