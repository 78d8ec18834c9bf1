import { cborTexts } from './cbor.ts';

it('is an error of Smithy’s RPC v2', () => {
  expect(cborTexts({ __type: 'A', message: 'é' }).toString('hex')).toBe(
    'a2665f5f747970656141676d65737361676562c3a9',
  );
});

it.each([
  [23, '77'],
  [24, '7818'],
  [255, '78ff'],
  [256, '790100'],
  [65_535, '79ffff'],
])('writes the length of %i bytes as %s', (length, head) => {
  expect(cborTexts({ a: 'x'.repeat(length) }).toString('hex')).toBe(`a16161${head}${'78'.repeat(length)}`);
});
