import { PRICE_RANGES, productQuery } from './product-query.ts';

const ALL = { text: undefined, page: 1, size: 20 };

it('a text is looked for as words, in names before SKUs, misspelled or not', () => {
  expect(productQuery({ ...ALL, text: 'hangng heart' })).toMatchObject({
    query: {
      bool: {
        must: [
          {
            multi_match: {
              query: 'hangng heart',
              fields: ['name^3', 'sku'],
              fuzziness: 'AUTO',
              minimum_should_match: '-34%',
            },
          },
        ],
        filter: [{ term: { removed: false } }],
      },
    },
    sort: [{ _score: 'desc' }, { 'sku.raw': 'asc' }],
    track_total_hits: true,
  });
});

it('without a text all products come by name', () => {
  const query = productQuery(ALL);

  expect(query).toMatchObject({ sort: [{ 'name.raw': 'asc' }, { 'sku.raw': 'asc' }] });
  expect(JSON.stringify(query)).not.toContain('must');
});

it.each([
  ['page 3 of 20', { page: 3 }, { from: 40, size: 20 }],
  ['the first page', {}, { from: 0, size: 20 }],
])('%s begins where it should', (_, wish, expected) => {
  expect(productQuery({ ...ALL, ...wish })).toMatchObject(expected);
});

it.each([
  [{ minPrice: 1.5 }, [{ range: { price: { gte: 1.5 } } }]],
  [{ minPrice: 0, maxPrice: 2 }, [{ range: { price: { gte: 0, lte: 2 } } }]],
  [{ inStock: false }, [{ term: { inStock: false } }]],
  [{ maxPrice: 2, inStock: true }, [{ range: { price: { lte: 2 } } }, { term: { inStock: true } }]],
])('%j narrows it, and removed products never come', (wish, filter) => {
  expect(productQuery({ ...ALL, ...wish })).toMatchObject({
    query: { bool: { filter: [{ term: { removed: false } }, ...filter] } },
  });
});

it('the price ranges leave no price out and count none twice', () => {
  expect(PRICE_RANGES).toEqual([
    { to: 5 },
    { from: 5, to: 10 },
    { from: 10, to: 25 },
    { from: 25, to: 50 },
    { from: 50 },
  ]);
});
