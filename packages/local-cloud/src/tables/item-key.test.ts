import { itemKey, keyOf } from './item-key.ts';

const byId = { partitionKey: { name: 'id', type: 'S' } } as const;
const byNumber = { partitionKey: { name: 'n', type: 'N' } } as const;
const byBoth = {
  partitionKey: { name: 'id', type: 'S' },
  sortKey: { name: 'n', type: 'N' },
} as const;

describe('the text of an item’s key', () => {
  it('is the value itself where the key is one string', () => {
    expect(itemKey(byId, { id: { S: 'o-1' }, more: { S: 'x' } })).toBe('o-1');
  });

  it('tells a partition and a sort key apart whatever is in them', () => {
    expect(itemKey(byBoth, { id: { S: 'a","b' }, n: { N: '1' } })).toBe('["a\\",\\"b","1"]');
  });

  it.each([
    ['1.50', '1.5'],
    ['007', '7'],
    ['-0', '0'],
    ['1E3', '1000'],
    ['0.10', '.1'],
    ['+12', '12'],
  ])('is one for the equal numbers %s and %s', (one, other) => {
    expect(itemKey(byNumber, { n: { N: one } })).toBe(itemKey(byNumber, { n: { N: other } }));
  });

  it.each([
    ['1', '-1'],
    ['1', '10'],
    ['1.5', '15'],
  ])('differs for the numbers %s and %s', (one, other) => {
    expect(itemKey(byNumber, { n: { N: one } })).not.toBe(itemKey(byNumber, { n: { N: other } }));
  });

  it('is not to be had of an item without its key', () => {
    expect(() => itemKey(byId, { id: { N: '1' } })).toThrow('The key attribute id (S) is missing.');
  });
});

describe('the key among attributes', () => {
  it('is only the key’s attributes', () => {
    expect(keyOf(byId, { id: { S: 'o-1' }, more: { S: 'x' } })).toEqual({ id: { S: 'o-1' } });
  });

  it.each([[{}], [{ id: { N: '1' } }], [{ more: { S: 'x' } }]])('is missing in %j', (item) => {
    expect(keyOf(byId, item)).toBeUndefined();
  });
});
