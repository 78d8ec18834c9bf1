import { anOrder } from './an-order.fixture.ts';
import { archiveFolder, archiveKey, auditLine, changedFields } from './audit.ts';
import type { ItemChange } from './change.ts';

const calm = { byService: false, forgotten: false };
const change = (more: Partial<ItemChange>): ItemChange => ({
  table: 'orders',
  recordId: 'e-1',
  kind: 'MODIFY',
  at: 1_321_257_600,
  keys: { orderId: 'order-1' },
  oldImage: { ...anOrder() },
  newImage: { ...anOrder({ status: 'VALIDATED', itemVersion: 8, updatedBy: 'validate-order' }) },
  ...more,
});

describe('the line of a change', () => {
  it('says what changed, when, by whom and how it was before', () => {
    const { paymentToken, ...old } = anOrder();

    const line = auditLine(change({}), calm);

    expect(paymentToken).toBe('tok_approve');
    expect(line).toEqual({
      eventId: 'e-1',
      table: 'orders',
      kind: 'MODIFY',
      at: '2011-11-14T08:00:00.000Z',
      who: 'validate-order',
      key: { orderId: 'order-1' },
      itemVersion: 8,
      changed: ['itemVersion', 'status', 'updatedBy'],
      old,
      new: { ...old, status: 'VALIDATED', itemVersion: 8, updatedBy: 'validate-order' },
    });
  });

  it.each<[string, Partial<ItemChange>, boolean, string]>([
    ['a writer that gives no name', { newImage: {} }, false, 'unknown'],
    ['a writer whose name is no text', { newImage: { updatedBy: 7 } }, false, 'unknown'],
    ['a removal', { kind: 'REMOVE', newImage: undefined }, false, 'unknown'],
    [
      'a removal that was announced',
      { kind: 'REMOVE', oldImage: { updatedBy: 'a', removedBy: 'ops-api' }, newImage: undefined },
      false,
      'ops-api',
    ],
    ['a removal by time to live', { kind: 'REMOVE', newImage: undefined }, true, 'dynamodb'],
  ])('knows of %s who it was', (_, more, byService, who) => {
    expect(auditLine(change(more), { ...calm, byService }).who).toBe(who);
  });

  it.each<[string, Partial<ItemChange>, number | undefined]>([
    ['a new item', { kind: 'INSERT', oldImage: undefined, newImage: { itemVersion: 5 } }, 5],
    ['a removed item', { kind: 'REMOVE', oldImage: { itemVersion: 5 }, newImage: undefined }, 6],
    ['an item without one', { newImage: {} }, undefined],
    ['an item whose own is too long', { newImage: { itemVersion: '9007199254740993' } }, undefined],
  ])('has the version of %s', (_, more, version) => {
    expect(auditLine(change(more), calm).itemVersion).toBe(version);
  });

  it('never holds a payment token, not even its name', () => {
    const newImage = { ...anOrder(), paymentToken: 'tok_other', charge: { paymentToken: 'tok_deep' } };

    expect(JSON.stringify(auditLine(change({ newImage }), calm))).not.toMatch(/paymentToken|tok_/);
  });

  it.each<[string, object, boolean]>([
    [
      'with the change that forgets it',
      { orderId: 'order-1', forgottenAt: '2026-01-01T00:00:00.000Z' },
      false,
    ],
    [
      'with the last write, which takes the id of the customer alone',
      { orderId: 'order-1', forgottenAt: '2026-01-01T00:00:00.000Z', updatedBy: 'forget' },
      false,
    ],
    ['from when its forgetting is known', anOrder(), true],
  ])('does not hold a forgotten person %s', (_, newImage, forgotten) => {
    const line = auditLine(change({ newImage: { ...newImage } }), { ...calm, forgotten });

    expect(JSON.stringify(line)).not.toMatch(/customer-1|ada@|20 7946|Lovelace|St James/);
    expect(line.old).toMatchObject({ orderId: 'order-1', country: 'United Kingdom' });
  });
});

it('the removal of a forgotten order names nobody', () => {
  const oldImage = { orderId: 'order-1', forgottenAt: '2026-01-01T00:00:00.000Z', customerId: 'customer-1' };

  const line = auditLine(change({ kind: 'REMOVE', oldImage, newImage: undefined }), calm);

  expect(JSON.stringify(line)).not.toContain('customer-1');
});

it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
  ['nothing', { a: { x: 1, y: [2] } }, { a: { y: [2], x: 1 } }, []],
  ['a value', { b: 1, a: 1 }, { b: 2, a: '1' }, ['a', 'b']],
  ['a field that came or went', { a: 1 }, { b: null }, ['a', 'b']],
  ['something deep', { a: { x: [1, { z: 1 }] } }, { a: { x: [1, { z: 2 }] } }, ['a']],
  ['the length of a list', { a: [1] }, { a: [1, 2] }, ['a']],
  ['a field for another', { a: { x: undefined } }, { a: { y: undefined } }, ['a']],
])('between two images %s may differ', (_, before, after, names) => {
  expect(changedFields(before, after)).toEqual(names);
});

it('lies in the folder of its table and hour, under the name of its first event', () => {
  const at = '2026-11-23T09:59:59.000Z';

  expect(archiveKey('orders', at, 'e-1')).toBe('changes/orders/dt=2026-11-23/hour=09/e-1.ndjson.gz');
  expect(archiveKey('orders', at, 'e-1')).toContain(archiveFolder('orders', at));
  expect(archiveFolder('stock')).toBe('changes/stock/');
});
