import type { AttributeValue } from 'aws-lambda';
import { plainImage } from './plain.ts';

it.each<[string, AttributeValue, unknown]>([
  ['a text', { S: '12.50' }, '12.50'],
  ['an integer', { N: '1321257600000' }, 1_321_257_600_000],
  ['a negative integer', { N: '-7' }, -7],
  ['the largest integer that every reader keeps', { N: '9007199254740991' }, 9_007_199_254_740_991],
  ['a larger one', { N: '9007199254740993' }, '9007199254740993'],
  ['a power of ten that is larger', { N: '100000000000000000000' }, '100000000000000000000'],
  ['a fraction', { N: '0.001' }, 0.001],
  ['a fraction with more digits than a double has', { N: '0.1234567890123456789' }, '0.1234567890123456789'],
  ['no number', { N: '' }, ''],
  ['yes', { BOOL: true }, true],
  ['no', { BOOL: false }, false],
  ['nothing', { NULL: true }, null],
  ['a list', { L: [{ N: '1' }, { L: [] }] }, [1, []]],
  ['a map', { M: { a: { M: { b: { S: '' } } } } }, { a: { b: '' } }],
  ['a set of texts', { SS: ['a', 'b'] }, ['a', 'b']],
  ['a set of numbers', { NS: ['1', '9007199254740993'] }, [1, '9007199254740993']],
  ['bytes', { B: 'AAEC' }, 'AAEC'],
])('%s is archived without losing anything', (_, attribute, value) => {
  expect(JSON.parse(JSON.stringify(plainImage({ value: attribute })))).toEqual({ value });
});

it('an attribute without a type is refused', () => {
  expect(() => plainImage({ value: {} as AttributeValue })).toThrow(/no type that is known: none/);
});
