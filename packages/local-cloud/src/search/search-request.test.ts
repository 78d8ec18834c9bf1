import { TestSearch } from './search.fixture.ts';

describe('a search', () => {
  const search = new TestSearch();
  beforeAll(() =>
    search.index(
      'products',
      {
        name: { type: 'text' },
        brand: { type: 'keyword' },
        price: { type: 'double' },
        stocked: { type: 'boolean' },
        added: { type: 'date' },
      },
      {
        a: { name: 'heart', brand: 'north', price: 5, stocked: true, added: '2026-01-01' },
        b: { name: 'heart heart', brand: 'south', price: 1, stocked: true, added: '2026-01-03' },
        c: { name: 'lantern', brand: 'north', price: 20, stocked: false, added: '2026-01-02' },
        d: { name: 'heart', brand: 'east' },
      },
    ),
  );

  const run = async (body: object, target = 'products') =>
    (await search.call('POST', `/${target}/_search`, body)).body;
  const ids = async (body: object) =>
    (await run(body)).hits.hits.map(({ _id }: { _id: string }) => _id).join('');
  const aggregated = async (aggs: object, more: object = {}) =>
    (await run({ size: 0, aggs: { it: aggs }, ...more })).aggregations.it;

  it('is answered as OpenSearch does', async () => {
    expect(await run({ query: { term: { brand: 'east' } }, version: true })).toEqual({
      took: expect.any(Number),
      timed_out: false,
      _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
      hits: {
        total: { value: 1, relation: 'eq' },
        max_score: 1,
        hits: [
          { _index: 'products', _id: 'd', _version: 1, _score: 1, _source: { name: 'heart', brand: 'east' } },
        ],
      },
    });
  });

  it('without a body finds everything, ten at a time', async () => {
    const { body } = await search.call('GET', '/products/_search');
    expect(body.hits.hits).toHaveLength(4);
  });

  it.each<[sort: unknown, order: string]>([
    ['price', 'bacd'],
    [{ price: 'desc' }, 'cabd'],
    [{ price: { order: 'desc', missing: '_first' } }, 'dcab'],
    [['brand', { price: 'desc' }], 'dcab'],
    [{ added: 'desc' }, 'bcad'],
    [[{ nothing: { order: 'asc', unmapped_type: 'long' } }, { brand: 'desc' }, 'price'], 'bacd'],
    [[{ stocked: 'asc' }, { price: 'asc' }], 'cbad'],
  ])('is ordered by %j', async (sort, order) => {
    expect(await ids({ sort })).toBe(order);
  });

  it('by something else than the score says by what', async () => {
    const { hits } = await run({ sort: [{ added: 'desc' }, 'brand'], size: 1 });
    expect(hits).toMatchObject({
      max_score: null,
      hits: [{ _score: null, sort: [Date.parse('2026-01-03'), 'south'] }],
    });
  });

  it('by the score and then something else', async () => {
    const query = { match: { name: 'heart' } };
    const { hits } = await run({ query, sort: ['_score', { price: 'desc' }] });
    expect(hits.hits.map(({ _id }: { _id: string }) => _id)).toEqual(['b', 'a', 'd']);
    expect(hits.max_score).toBeGreaterThan(0);
  });

  it('is paged', async () => {
    expect(await ids({ sort: 'brand', from: 1, size: 2 })).toBe('ac');
    expect(await ids({ sort: 'brand', from: 4 })).toBe('');
    expect((await run({ size: 0 })).hits).toEqual({
      total: { value: 4, relation: 'eq' },
      max_score: null,
      hits: [],
    });
  });

  it.each([
    [true, { value: 4, relation: 'eq' }],
    [2, { value: 2, relation: 'gte' }],
    [4, { value: 4, relation: 'eq' }],
    [false, undefined],
  ])('counts its hits as track_total_hits %j says', async (track_total_hits, total) => {
    expect((await run({ track_total_hits })).hits.total).toEqual(total);
  });

  it.each<[source: unknown, part: object | undefined]>([
    [true, { name: 'heart', brand: 'east' }],
    [false, undefined],
    [['name'], { name: 'heart' }],
    ['br*', { brand: 'east' }],
    [{ includes: ['*'], excludes: ['name'] }, { brand: 'east' }],
    [[], { name: 'heart', brand: 'east' }],
    [['nothing', 'n.me'], {}],
  ])('answers of a document what _source %j says', async (_source, part) => {
    const { hits } = await run({ query: { ids: { values: ['d'] } }, _source });
    expect(hits.hits[0]._source).toEqual(part);
  });

  it('answers parts of what is inside a document', async () => {
    await search.call('PUT', '/loose', { mappings: { dynamic: false } });
    await search.call('PUT', '/loose/_doc/a', { at: { city: 'x', zip: 1 }, list: [1, 2] });
    const part = async (_source: unknown) => (await run({ _source }, 'loose')).hits.hits[0]._source;

    expect(await part(['at.city', 'list'])).toEqual({ at: { city: 'x' }, list: [1, 2] });
    expect(await part({ excludes: ['at.zip'] })).toEqual({ at: { city: 'x' }, list: [1, 2] });
    expect(await part('at')).toEqual({ at: { city: 'x', zip: 1 } });
  });

  it('narrowed afterwards still counts over all', async () => {
    const body = await run({
      aggs: { brands: { terms: { field: 'brand' } } },
      post_filter: { term: { brand: 'north' } },
    });
    expect([body.hits.total.value, body.aggregations.brands.buckets.length]).toEqual([2, 3]);
  });

  it('counts documents by a field’s values', async () => {
    expect(await aggregated({ terms: { field: 'brand' } })).toEqual({
      doc_count_error_upper_bound: 0,
      sum_other_doc_count: 0,
      buckets: [
        { key: 'north', doc_count: 2 },
        { key: 'east', doc_count: 1 },
        { key: 'south', doc_count: 1 },
      ],
    });
    expect(await aggregated({ terms: { field: 'brand', size: 1, order: { _key: 'asc' } } })).toMatchObject({
      sum_other_doc_count: 3,
      buckets: [{ key: 'east' }],
    });
    expect((await aggregated({ terms: { field: 'stocked', min_doc_count: 2 } })).buckets).toEqual([
      { key: 1, key_as_string: 'true', doc_count: 2 },
    ]);
    expect((await aggregated({ terms: { field: 'added', size: 1 } })).buckets).toEqual([
      { key: Date.parse('2026-01-01'), key_as_string: '2026-01-01T00:00:00.000Z', doc_count: 1 },
    ]);
  });

  it('counts documents by ranges', async () => {
    const ranges = [{ from: 5 }, { to: 5 }, { key: 'middle', from: 2, to: 10 }];
    expect((await aggregated({ range: { field: 'price', ranges } })).buckets).toEqual([
      { key: '*-5.0', to: 5, doc_count: 1 },
      { key: 'middle', from: 2, to: 10, doc_count: 1 },
      { key: '5.0-*', from: 5, doc_count: 2 },
    ]);
    expect((await aggregated({ range: { field: 'price', ranges, keyed: true } })).buckets['5.0-*']).toEqual({
      from: 5,
      doc_count: 2,
    });
  });

  it('sums up numbers', async () => {
    expect(await aggregated({ stats: { field: 'price' } })).toEqual({
      count: 3,
      min: 1,
      max: 20,
      avg: 26 / 3,
      sum: 26,
    });
    expect(await aggregated({ min: { field: 'price' } })).toEqual({ value: 1 });
    expect(await aggregated({ max: { field: 'added' } })).toEqual({
      value: Date.parse('2026-01-03'),
      value_as_string: '2026-01-03T00:00:00.000Z',
    });
    expect(await aggregated({ stats: { field: 'nothing' } })).toEqual({
      count: 0,
      min: null,
      max: null,
      avg: null,
      sum: 0,
    });
  });

  it('counts within what is counted', async () => {
    const aggs = {
      filter: { term: { stocked: true } },
      aggs: {
        brands: { terms: { field: 'brand' }, aggregations: { cheapest: { min: { field: 'price' } } } },
      },
    };
    expect(await aggregated(aggs)).toMatchObject({
      doc_count: 2,
      brands: {
        buckets: [
          { key: 'north', doc_count: 1, cheapest: { value: 5 } },
          { key: 'south', cheapest: { value: 1 } },
        ],
      },
    });
  });

  it('counts only what the query finds', async () => {
    expect(await aggregated({ max: { field: 'price' } }, { query: { match: { name: 'heart' } } })).toEqual({
      value: 5,
    });
  });

  it('is only counted where nothing else is asked for', async () => {
    const { body } = await search.call('POST', '/products/_count', { query: { match: { name: 'heart' } } });
    expect(body.count).toBe(3);
  });
});
