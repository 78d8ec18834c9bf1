import { TestSearch } from './search.fixture.ts';

describe('a document', () => {
  let search: TestSearch;
  beforeEach(async () => {
    search = new TestSearch();
    await search.index('products', { name: { type: 'text' } });
  });

  const put = (name: string, version?: number, type = 'external') =>
    search.call(
      'PUT',
      `/products/_doc/a${version === undefined ? '' : `?version=${version}&version_type=${type}`}`,
      {
        name,
      },
    );
  const remove = (version: number) =>
    search.call('DELETE', `/products/_doc/a?version=${version}&version_type=external`);
  const name = async () => (await search.call('GET', '/products/_doc/a')).body._source?.name;

  it('is created, changed and removed, and found at once', async () => {
    const created = await put('one');
    const updated = await put('two');
    const found = await search.find('products', { match: { name: 'two' } });
    const got = await search.call('GET', '/products/_doc/a');
    const removed = await search.call('DELETE', '/products/_doc/a');
    const gone = await search.call('GET', '/products/_doc/a');

    expect(created).toEqual({
      status: 201,
      body: {
        _index: 'products',
        _id: 'a',
        _version: 1,
        result: 'created',
        _shards: { total: 1, successful: 1, failed: 0 },
        _seq_no: 0,
        _primary_term: 1,
      },
    });
    expect(updated).toMatchObject({ status: 200, body: { _version: 2, result: 'updated', _seq_no: 1 } });
    expect(found).toEqual(['a']);
    expect(got).toEqual({
      status: 200,
      body: {
        _index: 'products',
        _id: 'a',
        _version: 2,
        _seq_no: 1,
        _primary_term: 1,
        found: true,
        _source: { name: 'two' },
      },
    });
    expect(removed).toMatchObject({ status: 200, body: { result: 'deleted', _version: 3 } });
    expect(gone).toEqual({ status: 404, body: { _index: 'products', _id: 'a', found: false } });
    expect(await search.find('products', { match_all: {} })).toEqual([]);
  });

  it('with an external version gives way to higher ones only', async () => {
    await put('five', 5);
    const same = await put('again', 5);
    const lower = await put('late', 4);
    const higher = await put('nine', 9);

    expect(same).toMatchObject({
      status: 409,
      body: {
        error: {
          type: 'version_conflict_engine_exception',
          reason: '[a]: version conflict, current version [5] is higher or equal to the one provided [5]',
          index: 'products',
          shard: '0',
          root_cause: [{ type: 'version_conflict_engine_exception' }],
        },
        status: 409,
      },
    });
    expect([lower.status, higher.status, await name()]).toEqual([409, 200, 'nine']);
  });

  it('with the version type external_gte gives way to the same version too', async () => {
    await put('five', 5, 'external_gte');
    const same = await put('again', 5, 'external_gte');
    const lower = await put('late', 4, 'external_gte');

    expect(same).toMatchObject({ status: 200, body: { _version: 5 } });
    expect(lower.body.error.reason).toBe(
      '[a]: version conflict, current version [5] is higher than the one provided [4]',
    );
    expect(await name()).toBe('again');
  });

  it('that was removed cannot come back by a late write for a minute, and then can', async () => {
    await put('five', 5);
    await remove(7);
    const late = await put('late', 6);
    await search.clock.advance(59_000);
    const later = await put('late', 6);
    await search.clock.advance(1_000);
    const muchLater = await put('late', 6);

    expect([late.status, later.status, muchLater.status]).toEqual([409, 409, 201]);
  });

  it('that is removed before it was ever there is kept away all the same', async () => {
    const removed = await remove(7);
    const late = await put('late', 6);

    expect(removed).toMatchObject({ status: 404, body: { result: 'not_found', _version: 7 } });
    expect(late.status).toBe(409);
  });

  it.each([
    ['?version=-1&version_type=external', 'illegal version value [-1] for version type [EXTERNAL]'],
    ['?version=x&version_type=external', 'illegal version value [x] for version type [EXTERNAL]'],
    ['?version_type=external', 'illegal version value [-3] for version type [EXTERNAL]'],
    ['?version=3', 'internal versioning can not be used for optimistic concurrency control'],
    ['?version=3&version_type=force', 'No version type match [force]'],
    ['?if_seq_no=3', 'request [/products/_doc/a] contains unrecognized parameter: [if_seq_no]'],
  ])('with %s is refused', async (query, reason) => {
    const { status, body } = await search.call('PUT', `/products/_doc/a${query}`, { name: 'x' });
    expect([status, body.error.reason]).toEqual([400, expect.stringContaining(reason)]);
  });

  it.each([
    [
      'a member that is no field',
      { name: 'x', colour: 'red' },
      'dynamic introduction of [colour] within [_doc] is not allowed',
    ],
    [
      'an object in a text',
      { name: { first: 'x' } },
      "failed to parse field [name] of type [text] in document with id 'a'",
    ],
    ['no object', ['x'], 'a document must be an object'],
  ])('with %s is refused, and what was there stays', async (_, document, reason) => {
    await put('before');
    const { status, body } = await search.call('PUT', '/products/_doc/a', document);
    expect([status, body.error.reason]).toEqual([400, expect.stringContaining(reason)]);
    expect(await name()).toBe('before');
  });

  it.each([
    ['long', 'abc'],
    ['integer', 2 ** 31],
    ['double', 'NaN'],
    ['boolean', 'yes'],
    ['date', '2026-02-30'],
    ['keyword', { a: 1 }],
  ])('holds no %s %j', async (type, value) => {
    await search.index('typed', { field: { type } });
    const { body } = await search.call('PUT', '/typed/_doc/a', { field: value });
    expect(body.error).toMatchObject({
      type: 'mapper_parsing_exception',
      reason: expect.stringContaining(`failed to parse field [field] of type [${type}]`),
    });
  });

  it('is known by any id, escaped in the path', async () => {
    const path = `/products/_doc/${encodeURIComponent('85123A / ä?#')}`;
    await search.call('PUT', path, { name: 'x' });
    expect((await search.call('GET', path)).body._id).toBe('85123A / ä?#');
  });
});
