import { quarantinedRecord } from './quarantined-record.ts';
import { change, DEPLOYMENT } from './testing/memory.ts';

const KEY = `quarantine/shop-orders/2026-01-01/${'7'.padStart(40, '0')}-event-7.json`;
const LAST_MODIFIED = '2026-01-02T00:00:00.000Z';

const letterOf = (document: unknown) =>
  quarantinedRecord(
    KEY,
    {
      text: typeof document === 'string' ? document : JSON.stringify(document),
      lastModified: LAST_MODIFIED,
      eTag: 'e',
    },
    DEPLOYMENT,
  ).letter;

function changedAt(time: unknown) {
  const record = change('o-7', 7);
  return {
    reason: 'x',
    record: { ...record, dynamodb: { ...record.dynamodb, ApproximateCreationDateTime: time } },
  };
}

it.each([
  [1_767_225_600, '2026-01-01T00:00:00.000Z'],
  [1_767_225_600_000_000, LAST_MODIFIED],
  [1e300, LAST_MODIFIED],
  [-1e15, LAST_MODIFIED],
  ['2026-01-01T00:00:00Z', LAST_MODIFIED],
  [null, LAST_MODIFIED],
])('a record that changed at %j is listed with %s', (time, at) => {
  expect(letterOf(changedAt(time))).toMatchObject({ at, redrivable: true, subjects: ['order o-7'] });
});

it.each(['', '[]', '{"reason":7}'])(
  'an object that holds %j is listed, and says that it holds no record',
  (text) => {
    expect(letterOf(text)).toMatchObject({
      source: 'stream-dispatcher/orders',
      at: LAST_MODIFIED,
      subjects: [],
      redrivable: expect.stringContaining('It holds no record.'),
    });
  },
);
