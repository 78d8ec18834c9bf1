import { entry, request } from './bus.fixture.ts';
import { checkEntry, readEntries } from './put-events.ts';

const read = (body: unknown) => readEntries(request('PutEvents', JSON.stringify(body)));
const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('a call fails as a whole', () => {
  test.each([
    ['without entries', [], 'Member must have length greater than or equal to 1'],
    ['with more than 10 entries', Array.from({ length: 11 }, () => entry()), 'less than or equal to 10'],
    [
      'when its entries make a megabyte together',
      Array.from({ length: 4 }, () => entry({ Detail: JSON.stringify({ text: 'é'.repeat(131_072) }) })),
      'Total size of the entries in the request is over the limit.',
    ],
  ])('%s', (_, Entries, message) => {
    expect(() => read({ Entries })).toThrow(
      expect.objectContaining({ code: 'ValidationException', message: expect.stringContaining(message) }),
    );
  });

  test.each([{ Entries: [{ Source: 7 }] }, { Entries: [entry({ Time: 1e300 })] }, {}, 'text'])(
    'when it is malformed: %j',
    (body) => {
      expect(() => read(body)).toThrow(expect.objectContaining({ code: 'SerializationException' }));
    },
  );

  test('when it is no JSON', () => {
    expect(() => readEntries(request('PutEvents', '{'))).toThrow(
      expect.objectContaining({ code: 'SerializationException' }),
    );
  });
});

test('quotes that the request escapes do not count twice', () => {
  const Detail = JSON.stringify({ text: '"'.repeat(300_000) });

  expect(read({ Entries: [entry({ Detail })] })).toHaveLength(1);
});

describe('an entry alone fails', () => {
  const required = (parameter: string) => ({
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${parameter} is not valid. Reason: ${parameter} is a required argument.`,
  });
  const malformed = { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };

  test.each([
    ['without a source', { Source: undefined }, required('Source')],
    ['with an empty detail type', { DetailType: '' }, required('DetailType')],
    ['without a detail', { Detail: undefined }, required('Detail')],
    ['whose detail is a string', { Detail: '"text"' }, malformed],
    ['whose detail is an array', { Detail: '[{}]' }, malformed],
    ['whose detail is null', { Detail: 'null' }, malformed],
    ['whose detail is no JSON', { Detail: '{"a": 1' }, malformed],
    ['whose detail is nested 1,001 deep', { Detail: nested(1001) }, malformed],
    [
      'of a source that is kept for AWS',
      { Source: 'aws.s3' },
      { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' },
    ],
  ])('%s', (_, settings, error) => {
    expect(checkEntry(entry(settings), 0)).toEqual(error);
  });
});

test('members that PutEvents does not know are passed over', () => {
  expect(read({ Entries: [entry({ Priority: 1 })], EndpointId: 'x' })).toEqual([entry()]);
});

test('a detail nested 1,000 deep is taken', () => {
  expect(checkEntry(entry({ Detail: nested(1000) }), 0)).toHaveProperty('detail');
});

test('an entry’s own time and trace go before the call’s', () => {
  const given = entry({ Time: 1_700_000_000.5, TraceHeader: 'Root=1-a' });

  expect(checkEntry(given, 5, 'Root=1-b')).toMatchObject({ time: 1_700_000_000_500, trace: 'Root=1-a' });
  expect(checkEntry(entry(), 5, 'Root=1-b')).toMatchObject({ time: 5, trace: 'Root=1-b', resources: [] });
});
