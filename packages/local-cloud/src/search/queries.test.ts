import { TestSearch } from './search.fixture.ts';

describe('queries', () => {
  const search = new TestSearch();
  beforeAll(() =>
    search.index(
      'products',
      {
        name: { type: 'text', fields: { raw: { type: 'keyword', normalizer: 'lowercase' } } },
        description: { type: 'text' },
        sku: { type: 'keyword' },
        tags: { type: 'keyword', ignore_above: 10 },
        price: { type: 'double' },
        sold: { type: 'long' },
        stocked: { type: 'boolean' },
        added: { type: 'date' },
      },
      {
        a: {
          name: 'White hanging heart',
          sku: 'A-1',
          price: 2.55,
          sold: 7,
          stocked: true,
          added: '2026-11-23T10:00:00Z',
          tags: ['x', 'y'],
        },
        b: {
          name: 'Red heart',
          description: 'hanging from the ceiling',
          sku: 'B 2',
          price: '10',
          sold: 3,
          stocked: 'false',
          added: '2026-11-24',
          tags: [],
        },
        c: {
          name: ['Metal lantern', 'old'],
          sku: 'c-3',
          price: -1,
          stocked: false,
          tags: ['y', 'far too long a tag'],
        },
        d: { name: null },
      },
    ),
  );

  const text = (fields: string[], query: string, more: object = {}) => ({
    multi_match: { query, fields, ...more },
  });

  it.each<[query: object, ids: string]>([
    [{ match_all: {} }, 'abcd'],
    [{ match_none: {} }, ''],
    [{ match: { name: 'HEART' } }, 'ab'],
    [{ match: { name: 'heart lantern' } }, 'abc'],
    [{ match: { name: { query: 'white heart', operator: 'AND' } } }, 'a'],
    [{ match: { name: { query: 'white red heart', minimum_should_match: 2 } } }, 'ab'],
    [{ match: { name: { query: 'white red heart', minimum_should_match: '75%' } } }, 'ab'],
    [{ match: { name: { query: 'white red heart', minimum_should_match: -1 } } }, 'ab'],
    [{ match: { name: { query: 'white red heart', minimum_should_match: 3 } } }, ''],
    [{ match: { name: '+-()"~*:/' } }, ''],
    [{ match: { name: '' } }, ''],
    [{ match: { name: 'hart' } }, ''],
    [{ match: { name: { query: 'hart', fuzziness: 'AUTO' } } }, 'ab'],
    [{ match: { name: { query: 'whiet', fuzziness: 1 } } }, 'a'],
    [{ match: { name: { query: 'xheart', fuzziness: 1, prefix_length: 1 } } }, ''],
    [{ match: { nothing: 'heart' } }, ''],
    [{ match: { sku: 'A-1' } }, 'a'],
    [{ match: { price: '2.55' } }, 'a'],
    [text(['name', 'description'], 'hanging'), 'ab'],
    [text(['name', 'description'], 'red hanging', { operator: 'and' }), ''],
    [text(['name', 'description'], 'red hanging', { operator: 'and', type: 'cross_fields' }), 'b'],
    [text(['name', 'description'], 'hanging', { type: 'most_fields' }), 'ab'],
    [text(['name', 'sku'], 'c-3'), 'c'],
    [text(['name', 'price'], 'heart', { lenient: true }), 'ab'],
    [{ term: { sku: 'B 2' } }, 'b'],
    [{ term: { sku: { value: 'b 2' } } }, ''],
    [{ term: { 'name.raw': 'RED HEART' } }, 'b'],
    [{ term: { name: 'heart' } }, 'ab'],
    [{ term: { name: 'Heart' } }, ''],
    [{ term: { tags: 'y' } }, 'ac'],
    [{ term: { tags: 'far too long a tag' } }, ''],
    [{ term: { stocked: false } }, 'bc'],
    [{ term: { price: 10 } }, 'b'],
    [{ term: { sold: 2.5 } }, ''],
    [{ term: { added: '2026-11-24' } }, 'b'],
    [{ terms: { sku: ['A-1', 'c-3', 'z'] } }, 'ac'],
    [{ terms: { sold: [7, '3'] } }, 'ab'],
    [{ range: { price: { gte: 2.55 } } }, 'ab'],
    [{ range: { price: { gt: 2.55 } } }, 'b'],
    [{ range: { price: { gt: -5, lt: '2.55' } } }, 'c'],
    [{ range: { sold: { gt: 2.5, lte: 7 } } }, 'ab'],
    [{ range: { sku: { gte: 'B' } } }, 'bc'],
    [{ range: { added: { lte: '2026-11-23' } } }, 'a'],
    [{ range: { added: { gt: '2026-11-23' } } }, 'b'],
    [{ range: { nothing: { gt: 1 } } }, ''],
    [{ exists: { field: 'name' } }, 'abc'],
    [{ exists: { field: 'tags' } }, 'ac'],
    [{ ids: { values: ['a', 'd', 'z'] } }, 'ad'],
    [{ bool: {} }, 'abcd'],
    [{ bool: { must: { match: { name: 'heart' } }, filter: [{ term: { stocked: true } }] } }, 'a'],
    [{ bool: { must_not: [{ exists: { field: 'name' } }] } }, 'd'],
    [{ bool: { should: [{ term: { sku: 'A-1' } }, { term: { sku: 'c-3' } }] } }, 'ac'],
    [{ bool: { must: [{ match_all: {} }], should: [{ term: { sku: 'c-3' } }] } }, 'abcd'],
    [
      {
        bool: {
          should: [{ match: { name: 'heart' } }, { match: { name: 'red' } }, { term: { sold: 7 } }],
          minimum_should_match: 2,
        },
      },
      'ab',
    ],
  ])('%j finds %s', async (query, ids) => {
    const found = await search.find('products', { ...query });
    expect(found.sort().join('')).toBe(ids);
  });

  it('puts what matches better first', async () => {
    expect(
      (await search.find('products', { match: { name: 'red hanging heart' } })).slice(0, 2).sort(),
    ).toEqual(['a', 'b']);
    expect(await search.find('products', text(['name', 'description'], 'red heart'))).toEqual(['b', 'a']);
    expect((await search.find('products', text(['name', 'description^10'], 'hanging')))[0]).toBe('b');
    expect((await search.find('products', text(['name^10', 'description'], 'hanging')))[0]).toBe('a');
    expect(
      (
        await search.find('products', {
          bool: {
            must: [{ match: { name: 'heart' } }],
            should: [{ term: { sku: { value: 'A-1', boost: 9 } } }],
          },
        })
      )[0],
    ).toBe('a');
  });

  it('has no say in the score where it only filters', async () => {
    const { body } = await search.call('POST', '/products/_search', {
      query: { bool: { filter: [{ match: { name: 'heart' } }] } },
    });
    expect(body.hits.hits.map(({ _score }: { _score: number }) => _score)).toEqual([0, 0]);
  });
});
