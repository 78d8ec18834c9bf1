import { TestSearch } from './search.fixture.ts';

describe('a bulk request', () => {
  let search: TestSearch;
  beforeEach(async () => {
    search = new TestSearch();
    await search.index('products', { name: { type: 'text' }, price: { type: 'double' } });
  });

  it('answers for each item by itself', async () => {
    const external = (_id: string, version: number) => ({
      _index: 'products',
      _id,
      version,
      version_type: 'external',
    });
    const { status, body } = await search.bulk([
      { index: external('a', 5) },
      { name: 'five' },
      { index: external('a', 4) },
      { name: 'four' },
      { create: { _index: 'products', _id: 'b' } },
      { name: 'b' },
      { create: { _index: 'products', _id: 'b' } },
      { name: 'b again' },
      { delete: external('a', 6) },
      { delete: external('c', 6) },
      { index: { _index: 'nowhere', _id: 'd' } },
      { name: 'd' },
      { index: { _index: 'products', _id: 'e' } },
      { price: 'cheap' },
    ]);

    expect([status, body.errors]).toEqual([200, true]);
    expect(
      body.items.map(
        (item: object) =>
          Object.entries(item).map(([action, answer]) => [
            action,
            answer._id,
            answer.status,
            answer.result ?? answer.error.type,
          ])[0],
      ),
    ).toEqual([
      ['index', 'a', 201, 'created'],
      ['index', 'a', 409, 'version_conflict_engine_exception'],
      ['create', 'b', 201, 'created'],
      ['create', 'b', 409, 'version_conflict_engine_exception'],
      ['delete', 'a', 200, 'deleted'],
      ['delete', 'c', 404, 'not_found'],
      ['index', 'd', 404, 'index_not_found_exception'],
      ['index', 'e', 400, 'mapper_parsing_exception'],
    ]);
    expect(body.items[1].index.error).toEqual({
      type: 'version_conflict_engine_exception',
      reason: '[a]: version conflict, current version [5] is higher or equal to the one provided [4]',
      index: 'products',
      shard: '0',
      index_uuid: expect.any(String),
    });
    expect(body.items[3].create.error.reason).toBe(
      '[b]: version conflict, document already exists (current version [1])',
    );
  });

  it('takes the index of its path, and gives ids where there are none', async () => {
    const { body } = await search.bulk([{ index: {} }, { name: 'x' }], '/products');
    expect(body).toMatchObject({
      errors: false,
      items: [{ index: { _index: 'products', _id: expect.stringMatching(/.{10}/), status: 201 } }],
    });
  });

  it('writes to the one index of an alias, and to none when there are several', async () => {
    await search.index('products-2', { name: { type: 'text' } });
    const write = () => search.bulk([{ index: { _index: 'write', _id: 'x' } }, { name: 'x' }]);
    const add = (index: string) =>
      search.call('POST', '/_aliases', { actions: [{ add: { index, alias: 'write' } }] });
    await add('products');
    const one = await write();
    await add('products-2');
    const several = await write();

    expect(one.body.items[0].index).toMatchObject({ _index: 'products', status: 201 });
    expect(several.body.items[0].index).toMatchObject({
      status: 400,
      error: {
        type: 'illegal_argument_exception',
        reason: expect.stringContaining('no write index is defined'),
      },
    });
  });

  it.each([
    ['no newline at its end', '{"index":{}}\n{}', 'The bulk request must be terminated by a newline [\\n]'],
    ['nothing in it', '\n', 'Validation Failed: 1: no requests added;'],
    [
      'an unknown action',
      '{"update":{"_id":"a"}}\n{}\n',
      'Malformed action/metadata line [1], expected field [create], [delete] or [index] but found [update]',
    ],
    [
      'a line that is not JSON',
      '{"index":{"_id":"a"}}\n{}\nindex\n{}\n',
      'Malformed action/metadata line [3]',
    ],
    [
      'an unknown parameter',
      '{"index":{"_id":"a","pipeline":"x"}}\n{}\n',
      'Action/metadata line [1] contains an unknown parameter [pipeline]',
    ],
    ['a removal without an id', '{"delete":{}}\n', 'Validation Failed: 1: id is missing;'],
    ['an action without a document', '{"index":{"_id":"a"}}\n', 'has no document after it'],
  ])('with %s does nothing', async (_, text, reason) => {
    const { status, body } = await search.call('POST', '/products/_bulk', text, 'application/x-ndjson');
    expect([status, body.error.reason]).toEqual([400, expect.stringContaining(reason)]);
    expect((await search.call('GET', '/products/_count')).body.count).toBe(0);
  });

  it('without any index says so', async () => {
    const { body } = await search.bulk([{ index: { _id: 'a' } }, {}]);
    expect(body.error.reason).toBe('Validation Failed: 1: index is missing;');
  });

  it('takes documents that are broken for themselves only', async () => {
    const text = '{"index":{"_id":"a"}}\nbroken\n{"index":{"_id":"b"}}\n{"name":"b"}\n';
    const { body } = await search.call('POST', '/products/_bulk', text, 'application/x-ndjson');
    expect(body.items.map(({ index }: { index: { status: number } }) => index.status)).toEqual([400, 201]);
  });
});
