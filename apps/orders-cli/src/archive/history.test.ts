import { stripVTControlCharacters } from 'node:util';
import { memoryBucket } from '../testing/memory-bucket.ts';
import { behindKey, changesOf, historyText, inOrder, readHistory } from './history.ts';
import { archivedChangeSchema, type ArchivedChange } from './lines.ts';

const NOW = Date.UTC(2026, 0, 1, 9, 30);
const { signal } = new AbortController();

const change = (eventId: string, itemVersion: number | undefined, more: Partial<ArchivedChange> = {}) => ({
  eventId,
  table: 'orders',
  kind: 'MODIFY' as const,
  at: '2026-01-01T09:30:00.000Z',
  who: 'process-payment',
  key: { orderId: 'o-1' },
  ...(itemVersion === undefined ? {} : { itemVersion }),
  changed: ['charge', 'itemVersion', 'status', 'updatedAt', 'updatedBy'],
  old: { status: 'VALIDATED' },
  new: { status: 'PAID', charge: { amount: '1' } },
  ...more,
});

describe('a history', () => {
  it('has every change of the order once, by version, from wherever it lies', async () => {
    const bucket = memoryBucket({
      'changes/orders/dt=2026-01-01/hour=09/a.ndjson.gz': [
        change('e-3', NOW + 2),
        change('e-1', NOW, { kind: 'INSERT', old: undefined }),
        change('e-9', 5, { key: { orderId: 'o-2' }, new: { note: 'o-1' } }),
        'no JSON, but it names "o-1"',
        { eventId: 'raw', unreadable: true, record: 'o-1' },
      ],
      'changes/orders/dt=2026-01-01/hour=10/b.ndjson.gz': [change('e-2', NOW + 1), change('e-3', NOW + 2)],
      'changes/stock/dt=2026-01-01/hour=10/c.ndjson.gz': [change('e-7', NOW)],
    });

    const found = await readHistory(bucket, 'o-1', { after: undefined, signal });

    expect(found.map(({ eventId }) => eventId)).toEqual(['e-1', 'e-2', 'e-3']);
  });

  it('is looked for from the hour before the order was first written', async () => {
    const bucket = memoryBucket({
      'changes/orders/dt=2025-12-31/hour=23/a.ndjson.gz': [change('old', NOW)],
      'changes/orders/dt=2026-01-01/hour=08/b.ndjson.gz': [change('e-1', NOW)],
      'changes/orders/dt=2026-01-02/hour=00/c.ndjson.gz': [change('e-2', NOW + 1)],
    });
    const after = behindKey(NOW + 6, NOW + 60_000);

    const found = await readHistory(bucket, 'o-1', { after, signal });

    expect(found.map(({ eventId }) => eventId)).toEqual(['e-1', 'e-2']);
  });

  it.each([undefined, '1767260000000', 7, NOW + 25 * 3_600_000])(
    'is looked for everywhere when the version is %s',
    (version) => {
      expect(behindKey(version, NOW)).toBeUndefined();
    },
  );

  it('goes by time where a change has no version', () => {
    const later = change('e-1', undefined, { at: '2026-01-01T09:31:00.000Z' });

    expect(inOrder([later, change('e-2', NOW + 9)]).map(({ eventId }) => eventId)).toEqual(['e-2', 'e-1']);
  });

  it('reads no line that does not name the order', () => {
    expect(changesOf('{"key":{"orderId":"o-10"}}\n', 'o-1')).toEqual([]);
  });

  it('is a line a change: when, by whom, what', () => {
    const changes = [
      change('e-1', 1, { kind: 'INSERT', who: 'order-api', old: undefined, new: { status: 'PLACED' } }),
      change('e-2', 2),
      change('e-3', 3, { changed: ['chargeIntent', 'updatedAt'], new: { status: 'VALIDATED' } }),
      change('e-4', 4, {
        who: 'forget',
        changed: ['email'],
        old: { status: 'PAID' },
        new: { status: 'PAID', forgottenAt: 'x' },
      }),
      change('e-5', 5, { kind: 'REMOVE', who: 'unknown', new: undefined }),
    ].map((line) => archivedChangeSchema.parse(line));

    const at = '2026-01-01T09:30:00.000Z';
    expect(stripVTControlCharacters(historyText(changes, false)).split('\n')).toEqual([
      `  ${at}  order-api        new, PLACED`,
      `  ${at}  process-payment  VALIDATED → PAID        charge`,
      `  ${at}  process-payment  VALIDATED               chargeIntent`,
      `  ${at}  forget           PAID, forgotten         email`,
      `  ${at}  unknown          removed, was VALIDATED`,
    ]);
    expect(historyText(changes.slice(1, 2), true)).toContain(
      '    old {"status":"VALIDATED"}\n    new {"status":"PAID"',
    );
  });
});
