import { TestSearch } from './search.fixture.ts';

const search = new TestSearch();
beforeAll(() =>
  search.index(
    'products',
    {
      name: { type: 'text' },
      price: { type: 'double' },
      sku: { type: 'keyword' },
      stocked: { type: 'boolean' },
      added: { type: 'date' },
      hidden: { type: 'keyword', index: false },
    },
    { a: { name: 'heart', price: 1, sku: 'A', stocked: true } },
  ),
);

describe('a call that is not run here', () => {
  it.each([
    [
      'POST',
      '/products/_delete_by_query',
      400,
      'no handler found for uri [/products/_delete_by_query] and method [POST]',
    ],
    ['GET', '/_cat/indices?v', 400, 'no handler found for uri [/_cat/indices?v] and method [GET]'],
    ['GET', '/', 400, 'no handler found for uri [/] and method [GET]'],
    ['POST', '/products/_update/a', 400, 'no handler found for uri [/products/_update/a] and method [POST]'],
    ['GET', '/_bulk', 405, 'Incorrect HTTP method for uri [/_bulk] and method [GET], allowed: [POST, PUT]'],
    [
      'PATCH',
      '/products',
      405,
      'Incorrect HTTP method for uri [/products] and method [PATCH], allowed: [PUT, DELETE, GET, HEAD]',
    ],
  ])('%s %s is named', async (method, url, status, error) => {
    expect(await search.call(method, url)).toEqual({
      status,
      body: { error, status: status === 405 ? 405 : undefined },
    });
  });

  it.each([
    ['/products/_search?q=heart', 'request [/products/_search] contains unrecognized parameter: [q]'],
    ['/products/_search?scroll=1m', 'request [/products/_search] contains unrecognized parameter: [scroll]'],
    ['/products/_doc/%E0%A4%A', 'unable to decode [%E0%A4%A] in the path'],
  ])('%s is named', async (url, reason) => {
    const { status, body } = await search.call('GET', url);
    expect([status, body.error.type, body.error.reason]).toEqual([400, 'illegal_argument_exception', reason]);
  });

  it('is one with a body that is not JSON, by its type or its content', async () => {
    const typed = await search.call('POST', '/products/_search', {}, 'text/plain;charset=UTF-8');
    const broken = await search.call('POST', '/products/_search', '{"query":');

    expect(typed).toEqual({
      status: 406,
      body: { error: 'Content-Type header [text/plain;charset=UTF-8] is not supported', status: 406 },
    });
    expect([broken.status, broken.body.error.type]).toEqual([400, 'json_parse_exception']);
  });
});

describe('a search that is not run here', () => {
  const refused = async (body: unknown) => {
    const { status, body: answer } = await search.call('POST', '/products/_search', body);
    return {
      status,
      type: answer.error.type,
      reason: answer.error.reason,
      cause: answer.error.root_cause[0],
    };
  };

  it('is refused in OpenSearch’s own shape', async () => {
    const { status, body } = await search.call('POST', '/products/_search', { query: { geo_shape: {} } });
    const cause = { type: 'parsing_exception', reason: 'unknown query [geo_shape]' };

    expect([status, body]).toEqual([400, { error: { root_cause: [cause], ...cause }, status: 400 }]);
  });

  it.each<[body: unknown, reason: string]>([
    [[], '[search] malformed, an object is expected'],
    [{ suggest: {} }, 'Unknown key for a START_OBJECT in [suggest].'],
    [{ scroll_id: 'x' }, 'Unknown key for a VALUE_STRING in [scroll_id].'],
    [{ query: {} }, '[query] malformed, empty clause found'],
    [{ query: 'heart' }, '[query] malformed, an object is expected'],
    [
      { query: { match: { name: 'a' }, term: { sku: 'A' } } },
      '[query] malformed, no end of object found after [match], but [term]',
    ],
    [{ query: { bool: { must: [{ wildcard: {} }] } } }, 'unknown query [wildcard]'],
    [{ query: { bool: { musts: [] } } }, '[bool] query does not support [musts]'],
    [
      { query: { match: { name: { query: 'a', analyzer: 'x' } } } },
      '[match] query does not support [analyzer]',
    ],
    [{ query: { match: { name: { operator: 'or' } } } }, '[match] No text specified for text query'],
    [
      { query: { match: { name: { query: 'a', operator: 'xor' } } } },
      '[match.operator] must be one of or, and, and is [xor]',
    ],
    [
      { query: { match: { name: { query: 'a', minimum_should_match: '2<75%' } } } },
      'minimum_should_match must be a whole number or a percentage here',
    ],
    [
      { query: { match: { name: { query: 'a', fuzziness: 3 } } } },
      'fuzziness must be AUTO, 0, 1 or 2, and is [3]',
    ],
    [{ query: { multi_match: { query: 'a', fields: ['n*'] } } }, 'patterns of fields are not run here: [n*]'],
    [{ query: { multi_match: { query: 'a' } } }, '[multi_match] requires [fields] here'],
    [
      { query: { multi_match: { query: 'a', fields: ['name^x'] } } },
      '[multi_match.fields: name^x] must be a number',
    ],
    [
      { query: { multi_match: { query: 'a', fields: ['name'], type: 'phrase' } } },
      '[multi_match.type] must be one of best_fields, most_fields, cross_fields',
    ],
    [
      { query: { term: { sku: { value: 'A', case_insensitive: true } } } },
      '[term] query does not support [case_insensitive]',
    ],
    [{ query: { term: { sku: 'A', name: 'b' } } }, '[term] malformed, no end of object found after [sku]'],
    [{ query: { terms: { sku: 'A' } } }, '[terms] query requires an array of values for [sku]'],
    [{ query: { range: { price: { from: 1 } } } }, '[range] query does not support [from]'],
    [{ query: { exists: { name: 'x' } } }, '[exists] query does not support [name]'],
    [{ from: -1 }, '[from] must be a whole number of at least 0, and is [-1]'],
    [{ size: 'x' }, '[size] must be a number, and is [x]'],
    [{ sort: { price: { order: 'asc', mode: 'avg' } } }, '[sort] of [price] does not support [mode]'],
    [{ sort: '_geo_distance' }, '[sort] by [_geo_distance] is not run here'],
    [{ _source: { fields: [] } }, '[_source] does not support [fields]'],
    [{ aggs: { it: { geohash_grid: {} } } }, 'Unknown aggregation type [geohash_grid] in [it]'],
    [{ aggs: { it: { terms: { field: 'sku', script: 'x' } } } }, '[terms] unknown field [script]'],
    [
      { aggs: { it: { terms: { field: 'sku', order: { other: 'asc' } } } } },
      '[terms.order] must be one of _count, _key',
    ],
    [
      { aggs: { it: { min: { field: 'price' }, aggs: { x: { max: { field: 'price' } } } } } },
      'Aggregator [it] of type [min] cannot accept sub-aggregations',
    ],
    [{ aggs: { it: { range: { field: 'price' } } } }, 'No [ranges] specified for the [range] aggregation'],
  ])('%j', async (body, reason) => {
    expect(await refused(body)).toMatchObject({
      status: 400,
      type: 'parsing_exception',
      reason: expect.stringContaining(reason),
    });
  });

  it('is one whose queries are too deep, or too many', async () => {
    let query: object = { match_all: {} };
    for (let depth = 0; depth < 50; depth += 1) query = { bool: { must: query } };
    const many = { bool: { should: Array.from({ length: 1_025 }, () => ({ match_all: {} })) } };

    expect((await refused({ query })).reason).toContain(
      'The nested depth of the query exceeds the maximum of 30',
    );
    expect((await refused({ query: many })).reason).toContain('may have up to 1024 clauses, and has 1025');
  });

  it.each<[body: unknown, type: string, reason: string]>([
    [
      { from: 9_990, size: 11 },
      'illegal_argument_exception',
      'Result window is too large, from + size must be less than or equal to: [10000] but was [10001]',
    ],
    [{ sort: 'name' }, 'illegal_argument_exception', 'Please use a keyword field instead of [name].'],
    [{ sort: 'nothing' }, 'query_shard_exception', 'No mapping found for [nothing] in order to sort on'],
    [
      { aggs: { it: { terms: { field: 'name' } } } },
      'illegal_argument_exception',
      'Please use a keyword field instead of [name].',
    ],
    [
      { aggs: { it: { min: { field: 'sku' } } } },
      'illegal_argument_exception',
      'Field [sku] of type [keyword] is not supported for aggregation [min]',
    ],
    [
      { query: { term: { price: 'cheap' } } },
      'query_shard_exception',
      '[cheap] is no double, which the field [price] is',
    ],
    [
      { query: { term: { stocked: 'maybe' } } },
      'query_shard_exception',
      '[maybe] is no boolean, which the field [stocked] is',
    ],
    [
      { query: { range: { added: { gte: 'now-1d' } } } },
      'query_shard_exception',
      '[now-1d] is no date, which the field [added] is',
    ],
    [
      { query: { range: { name: { gte: 'a' } } } },
      'query_shard_exception',
      'a range of the text field [name] is not run here',
    ],
    [
      { query: { term: { hidden: 'a' } } },
      'query_shard_exception',
      'Cannot search on field [hidden] since it is not indexed.',
    ],
    [
      { query: { multi_match: { query: 'a', fields: ['name', 'sku'], fuzziness: 1 } } },
      'query_shard_exception',
      'fuzziness of the keyword field [sku] is not run here',
    ],
  ])('%j fails on its shard', async (body, type, reason) => {
    expect(await refused(body)).toMatchObject({
      status: 400,
      type: 'search_phase_execution_exception',
      reason: 'all shards failed',
      cause: { type, reason: expect.stringContaining(reason), index: 'products' },
    });
  });
});

describe('an index that is not run here', () => {
  it.each<[body: unknown, reason: string]>([
    [{ warmers: {} }, 'unknown key [warmers] for create index'],
    [{ settings: { analysis: {} } }, 'unknown setting [index.analysis]'],
    [{ settings: { index: { codec: 'best' } } }, 'unknown setting [index.codec]'],
    [{ mappings: { _source: {} } }, 'Root mapping definition has unsupported parameters: [_source]'],
    [
      { mappings: { dynamic: 'runtime' } },
      'Could not convert [dynamic] to one of true, false, strict: [runtime]',
    ],
    [
      { mappings: { properties: { at: { type: 'geo_point' } } } },
      'No handler for type [geo_point] declared on field [at]',
    ],
    [{ mappings: { properties: { at: {} } } }, 'No type specified for field [at]'],
    [
      { mappings: { properties: { at: { type: 'text', boost: 2 } } } },
      'unknown parameter [boost] on mapper [at] of type [text]',
    ],
    [
      { mappings: { properties: { at: { type: 'text', analyzer: 'english' } } } },
      'analyzer [english] has not been configured in mappings',
    ],
    [
      { mappings: { properties: { at: { type: 'date', format: 'yyyy' } } } },
      'Invalid format: [yyyy] on field [at]',
    ],
    [
      { mappings: { properties: { at: { type: 'text', fields: { raw: { type: 'ip' } } } } } },
      'No handler for type [ip] declared on field [at.raw]',
    ],
    [{ aliases: { x: { filter: {} } } }, '[x] unknown field [filter]'],
  ])('%j', async (body, reason) => {
    const { status, body: answer } = await search.call('PUT', '/refused', body);
    expect([status, answer.error.reason]).toEqual([400, expect.stringContaining(reason)]);
    expect((await search.call('HEAD', '/refused')).status).toBe(404);
  });
});
