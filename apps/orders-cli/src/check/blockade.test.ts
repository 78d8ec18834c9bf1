import type { WholeLetter } from '../dead-letters/letters.ts';
import { lettersAreWhole } from './blockade.ts';

const record = { dynamodb: { Keys: { orderId: { S: '1' } }, NewImage: {} } };
const letter = (kind: string, payload: unknown, records = 1): WholeLetter => ({
  id: 'a',
  kind,
  source: 'stream-dispatcher/orders',
  cause: 'Error',
  message: 'It failed.',
  at: '2026-01-01T00:00:00Z',
  records,
  subjects: [],
  redrivable: true,
  payload,
});
const windowEnd = (state: unknown) => ({ Records: [], state, isFinalInvokeForWindow: true });

it.each([
  ['changes with their records', letter('change', { payload: { Records: [record, record] } }, 2)],
  ['a window’s end with what it counted', letter('change', { payload: windowEnd({ views: 3 }) }, 0)],
  ['an unreadable record', letter('quarantine', { reason: 'no status', record })],
  ['an event', letter('event', { detail: {} })],
  ['an execution', letter('execution', { orderId: '1' })],
])('law 7 holds for a letter of %s', (_, whole) => {
  expect(lettersAreWhole([whole])).toMatchObject({ checked: 1, violations: [] });
});

it.each([
  [
    'changes that are only pointed at',
    letter('change', { DDBStreamBatchInfo: { startSequenceNumber: '1' } }),
  ],
  ['changes of which one is missing', letter('change', { payload: { Records: [record] } }, 2)],
  ['no changes at all', letter('change', { payload: { Records: [] } }, 0)],
  ['a window’s end without what it counted', letter('change', { payload: windowEnd(undefined) }, 0)],
  ['a record without its key', letter('quarantine', { record: { dynamodb: {} } })],
  ['an event that is empty', letter('event', {})],
  ['an execution without input', letter('execution', undefined)],
])('law 7 is broken by a letter of %s', (_, part) => {
  expect(lettersAreWhole([part]).violations).toEqual([expect.stringContaining('dead letter a of stream')]);
});
