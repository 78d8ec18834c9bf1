import { isAsStored, sameAttributes } from './attribute-values.ts';

describe('two states of an item', () => {
  it.each([
    ['sets in another order', { a: { SS: ['x', 'y'] } }, { a: { SS: ['y', 'x'] } }],
    ['sets inside a map', { a: { M: { s: { NS: ['1', '2'] } } } }, { a: { M: { s: { NS: ['2', '1'] } } } }],
    ['attributes in another order', { a: { S: 'x' }, b: { N: '1' } }, { b: { N: '1' }, a: { S: 'x' } }],
    ['no item at all', undefined, undefined],
  ])('are the same with %s', (_, one, other) => {
    expect(sameAttributes(one, other)).toBe(true);
  });

  it.each([
    [
      'lists in another order',
      { a: { L: [{ S: 'x' }, { S: 'y' }] } },
      { a: { L: [{ S: 'y' }, { S: 'x' }] } },
    ],
    ['another type', { a: { S: '1' } }, { a: { N: '1' } }],
    ['an attribute more', { a: { S: 'x' } }, { a: { S: 'x' }, b: { S: 'x' } }],
    ['an attribute of another name', { a: { S: 'x' } }, { b: { S: 'x' } }],
    ['a set with another member', { a: { SS: ['x', 'y'] } }, { a: { SS: ['x', 'z'] } }],
    ['an item and none', { a: { S: 'x' } }, undefined],
    ['a map with a member called SS', { a: { M: { SS: { L: [] } } } }, { a: { M: { SS: { S: '' } } } }],
  ])('differ with %s', (_, one, other) => {
    expect(sameAttributes(one, other)).toBe(false);
    expect(sameAttributes(other, one)).toBe(false);
  });
});

describe('attributes that DynamoDB gives back as they are', () => {
  it.each(['0', '1', '-1', '1.5', '0.05', '-0.5', '100', '12345678901234567890.123456789'])(
    'include the number %s',
    (N) => {
      expect(isAsStored({ a: { N } })).toBe(true);
    },
  );

  it.each(['1.50', '-0', '1.0', '007', '+5', '1e3', '.5', '5.', '', 'x'])(
    'do not include the number %p',
    (N) => {
      expect(isAsStored({ a: { N } })).toBe(false);
      expect(isAsStored({ a: { NS: ['1', N] } })).toBe(false);
      expect(isAsStored({ a: { L: [{ M: { b: { N } } }] } })).toBe(false);
    },
  );

  it.each([
    { S: 'x' },
    { BOOL: false },
    { NULL: true },
    { SS: ['x'] },
    { L: [{ S: 'x' }] },
    { M: { b: { S: 'x' } } },
  ])('include %j', (value) => {
    expect(isAsStored({ a: value })).toBe(true);
  });

  it.each([{ B: 'aGk=' }, { NULL: false }, { S: 'x', N: '1' }, {}, { Q: 'x' }])(
    'do not include %j',
    (value) => {
      expect(isAsStored({ a: value })).toBe(false);
    },
  );
});
