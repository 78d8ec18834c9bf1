import { TestSearch } from './search.fixture.ts';

const MAPPINGS = { properties: { name: { type: 'text' } } };

describe('indexes', () => {
  let search: TestSearch;
  beforeEach(() => {
    search = new TestSearch();
  });

  it('are created, described and removed', async () => {
    const settings = {
      index: { number_of_shards: 1 },
      'index.refresh_interval': '1s',
      number_of_replicas: 0,
    };
    const created = await search.call('PUT', '/products-1', {
      settings,
      mappings: MAPPINGS,
      aliases: { products: {} },
    });
    const described = await search.call('GET', '/products-1');
    const here = await search.call('HEAD', '/products-1');
    const removed = await search.call('DELETE', '/products-1');
    const gone = await search.call('HEAD', '/products-1');

    expect(created).toEqual({
      status: 200,
      body: { acknowledged: true, shards_acknowledged: true, index: 'products-1' },
    });
    expect(described.body).toMatchObject({
      'products-1': {
        aliases: { products: {} },
        mappings: MAPPINGS,
        settings: { index: { number_of_shards: '1', number_of_replicas: '0', refresh_interval: '1s' } },
      },
    });
    expect([here.status, removed.body, gone]).toEqual([
      200,
      { acknowledged: true },
      { status: 404, body: undefined },
    ]);
    expect((await search.call('HEAD', '/_alias/products')).status).toBe(404);
  });

  it('are created once', async () => {
    await search.call('PUT', '/products-1');
    const again = await search.call('PUT', '/products-1');

    expect(again).toMatchObject({
      status: 400,
      body: {
        error: {
          type: 'resource_already_exists_exception',
          reason: expect.stringMatching(/^index \[products-1\/.+\] already exists$/),
          index: 'products-1',
        },
      },
    });
  });

  it.each([
    ['/Products', 'Invalid index name [Products], must be lowercase'],
    ['/-x', "Invalid index name [-x], must not start with '_', '-', or '+'"],
    ['/a%20b', 'Invalid index name [a b], must not contain the following characters'],
    ['/a*', 'Invalid index name [a*], must not contain the following characters'],
    [`/${'x'.repeat(256)}`, 'index name is too long, (over 255)'],
    ['/taken', 'Invalid index name [taken], already exists as alias'],
  ])('are not named %s', async (path, reason) => {
    await search.call('PUT', '/there', { aliases: { taken: {} } });
    const { status, body } = await search.call('PUT', path);
    expect([status, body.error.type, body.error.reason]).toEqual([
      400,
      'invalid_index_name_exception',
      expect.stringContaining(reason),
    ]);
  });

  it.each([
    ['GET', '/nowhere'],
    ['DELETE', '/nowhere'],
    ['POST', '/nowhere/_search'],
    ['POST', '/nowhere/_refresh'],
    ['GET', '/nowhere/_count'],
    ['GET', '/nowhere/_doc/a'],
    ['PUT', '/nowhere/_doc/a'],
    ['DELETE', '/nowhere/_doc/a'],
  ])('that are not there are missed by %s %s', async (method, path) => {
    const { status, body } = await search.call(method, path, method === 'PUT' ? {} : undefined);
    expect([status, body.error.type, body.error.reason]).toEqual([
      404,
      'index_not_found_exception',
      'no such index [nowhere]',
    ]);
  });
});

describe('aliases', () => {
  let search: TestSearch;
  beforeEach(async () => {
    search = new TestSearch();
    await search.index('products-1', { name: { type: 'text' } }, { a: { name: 'old' } });
    await search.index('products-2', { name: { type: 'text' } }, { a: { name: 'new' } });
  });

  const change = (...actions: object[]) => search.call('POST', '/_aliases', { actions });
  const add = (index: string, more: object = {}) => ({ add: { index, alias: 'products', ...more } });
  const read = () => search.call('GET', '/_alias/products');

  it('move from one index to another at once', async () => {
    await change(add('products-1'));
    const moved = await change(add('products-2'), { remove_index: { index: 'products-1' } });

    expect(moved).toEqual({ status: 200, body: { acknowledged: true } });
    expect((await read()).body).toEqual({ 'products-2': { aliases: { products: {} } } });
    expect((await search.call('POST', '/products/_search')).body.hits.hits[0]._source).toEqual({
      name: 'new',
    });
    expect((await search.call('HEAD', '/products-1')).status).toBe(404);
  });

  it('are taken from one index in the same request in which another one gets them', async () => {
    await change(add('products-1'));
    await change({ remove: { index: 'products-1', alias: 'products' } }, add('products-2'));

    expect((await read()).body).toEqual({ 'products-2': { aliases: { products: {} } } });
  });

  it.each([
    ['an index that is not there', add('nowhere'), 404, 'no such index [nowhere]'],
    [
      'an alias that is not there',
      { remove: { index: 'products-1', alias: 'x' } },
      404,
      'aliases [x] missing',
    ],
    ['an index to remove that is not there', { remove_index: { index: 'x' } }, 404, 'no such index [x]'],
    [
      'the name of an index',
      { add: { index: 'products-1', alias: 'products-2' } },
      400,
      'Invalid alias name [products-2]: an index',
    ],
    ['an unknown action', { swap: {} }, 400, '[alias_action] unknown field [swap]'],
    ['a filter', add('products-1', { filter: {} }), 400, '[add] unknown field [filter]'],
    ['no index', { add: { alias: 'x' } }, 400, 'One of [index] or [indices] is required'],
  ])('stay as they are when one action has %s', async (_, action, status, reason) => {
    await change(add('products-1'));
    const answer = await change(add('products-2'), action);

    expect([answer.status, answer.body.error.reason]).toEqual([status, expect.stringContaining(reason)]);
    expect((await read()).body).toEqual({ 'products-1': { aliases: { products: {} } } });
  });

  it('can not be given to an index that is removed in the same request', async () => {
    const { status, body } = await change(add('products-1'), { remove_index: { index: 'products-1' } });
    expect([status, body.error.reason]).toEqual([404, 'no such index [products-1]']);
    expect((await search.call('HEAD', '/products-1')).status).toBe(200);
  });

  it('can not be taken from an index that is removed in the same request, as its aliases go with it', async () => {
    await change(add('products-1'));
    const { status } = await change(
      { remove: { index: 'products-1', alias: 'products' } },
      { remove_index: { index: 'products-1' } },
    );
    expect([status, (await read()).status]).toEqual([404, 200]);
  });

  it('may take the place of an index that is removed in the same request', async () => {
    const answer = await change(
      { add: { index: 'products-2', alias: 'products-1' } },
      { remove_index: { index: 'products-1' } },
    );

    expect(answer.status).toBe(200);
    expect(await search.find('products-1', { match: { name: 'new' } })).toEqual(['a']);
  });

  it('that are not there are answered so', async () => {
    expect(await read()).toEqual({ status: 404, body: { error: 'alias [products] missing', status: 404 } });
  });

  it('of several indexes are searched all, and written only where one of them is for that', async () => {
    await change(add('products-1'), add('products-2'));
    const put = () => search.call('PUT', '/products/_doc/b', { name: 'more' });
    const undecided = await put();
    await change(add('products-2', { is_write_index: true }));
    const decided = await put();

    expect(undecided).toMatchObject({
      status: 400,
      body: {
        error: {
          type: 'illegal_argument_exception',
          reason: expect.stringContaining('no write index is defined for alias [products]'),
        },
      },
    });
    expect(decided.body._index).toBe('products-2');
    expect((await search.call('GET', '/products/_count')).body).toEqual({
      count: 3,
      _shards: { total: 2, successful: 2, skipped: 0, failed: 0 },
    });
    expect((await search.call('GET', '/products/_doc/a')).body.error.reason).toBe(
      "alias [products] has more than one index associated with it [products-1, products-2], can't execute a single index op",
    );
  });

  it('have one index at most that is written to', async () => {
    const answer = await change(
      add('products-1', { is_write_index: true }),
      add('products-2', { is_write_index: true }),
    );
    expect([answer.status, answer.body.error.type]).toEqual([500, 'illegal_state_exception']);
  });

  it('are not removed as if they were indexes', async () => {
    await change(add('products-1'));
    expect((await search.call('DELETE', '/products')).body.error.reason).toContain(
      'The provided expression [products] matches an alias, specify the corresponding concrete indices instead.',
    );
  });
});
