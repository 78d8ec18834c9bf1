import { attributesSize } from './size.ts';

describe('the size of an item', () => {
  it.each([
    ['a string in UTF-8', { a: { S: 'é😀' } }, 1 + 6],
    ['a number of two digits', { a: { N: '42' } }, 1 + 2],
    ['a number of three digits', { a: { N: '123' } }, 1 + 3],
    ['a number whose zeros do not count', { a: { N: '0.00120' } }, 1 + 2],
    ['a number with zeros within', { a: { N: '100.01' } }, 1 + 4],
    ['a negative number', { a: { N: '-42' } }, 1 + 3],
    ['zero', { a: { N: '0' } }, 1 + 1],
    ['the raw length of a binary value', { a: { B: 'aGVsbG8=' } }, 1 + 5],
    ['a boolean', { a: { BOOL: true } }, 1 + 1],
    ['null', { a: { NULL: true } }, 1 + 1],
    ['an empty list', { a: { L: [] } }, 1 + 3],
    ['a list of two', { a: { L: [{ S: 'xy' }, { N: '1' }] } }, 1 + 3 + (1 + 2) + (1 + 2)],
    ['a map', { a: { M: { bc: { S: 'xyz' } } } }, 1 + 3 + (1 + 2 + 3)],
    ['a set of strings', { a: { SS: ['x', 'yz'] } }, 1 + 3],
    ['a set of numbers', { a: { NS: ['42', '7'] } }, 1 + 2 + 2],
    ['a set of binary values', { a: { BS: ['aGVsbG8='] } }, 1 + 5],
    ['the name in UTF-8', { é: { BOOL: true } }, 2 + 1],
  ])('counts %s', (_, item, size) => {
    expect(attributesSize(item)).toBe(size);
  });
});
