import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '../journal/journal.ts';
import { TestSearch } from './search.fixture.ts';

const open: Journal[] = [];
const folders: string[] = [];
let folder: string;
let search: TestSearch;

function journal(): Journal {
  const one = new Journal(join(folder, 'journal.sqlite'));
  open.push(one);
  return one;
}

function newFolder(): string {
  const made = mkdtempSync(join(tmpdir(), 'search-'));
  folders.push(made);
  return made;
}

/** Goes on from what is in the file at this moment: what a killed process leaves. */
function crash(change: (journal: Journal) => void = () => undefined): void {
  const before = folder;
  folder = newFolder();
  cpSync(before, folder, { recursive: true });
  const state = journal();
  change(state);
  search = new TestSearch(state, search.clock);
}

beforeEach(() => {
  folder = newFolder();
  search = new TestSearch(journal());
});
afterEach(() => {
  search.clock.stop();
  for (const one of open.splice(0)) one.close();
  for (const one of folders.splice(0)) rmSync(one, { recursive: true });
});

const NAMED = { name: { type: 'text', fields: { raw: { type: 'keyword' } } }, price: { type: 'double' } };
const put = (id: string, name: string, version?: number) =>
  search.call(
    'PUT',
    `/products/_doc/${encodeURIComponent(id)}${version === undefined ? '' : `?version=${version}&version_type=external`}`,
    { name },
  );
const remove = (id: string, version: number) =>
  search.call('DELETE', `/products/_doc/${id}?version=${version}&version_type=external`);
const find = (word: string) => search.find('products', { match: { name: word } });

it('an index is as it was, its documents are found, and no text is scored otherwise', async () => {
  await search.index('products', NAMED, { 'a/1': { name: 'red mug' }, b: { name: 'red red hat' } });
  await put('a/1', 'blue mug');
  const query = { query: { match: { name: 'mug hat' } } };
  const before = await search.call('POST', '/products/_search', query);
  const described = await search.call('GET', '/products');
  for (let i = 0; i < 2; i++) crash();

  const after = await search.call('POST', '/products/_search', query);

  expect(await search.call('GET', '/products')).toEqual(described);
  expect(after.body.hits).toEqual(before.body.hits);
  expect(await find('red')).toEqual(['b']);
  expect(await find('blue')).toEqual(['a/1']);
});

it('documents come in the order in which they were written last', async () => {
  await search.index('products', NAMED, { a: { name: 'x' }, b: { name: 'x' }, c: { name: 'x' } });
  await put('a', 'x');
  const before = await search.find('products', { match_all: {} });
  crash();

  expect(await search.find('products', { match_all: {} })).toEqual(before);
});

it.each([
  ['one document', () => put('a', 'mug')],
  ['a bulk', () => search.bulk([{ index: { _id: 'a' } }, { name: 'mug' }], '/products')],
])('%s that was acknowledged is there', async (_what, write) => {
  await search.index('products', NAMED);
  await write();
  crash();

  expect(await find('mug')).toEqual(['a']);
});

it('a version goes on, and a late write loses also against a removal, for a minute of the clock', async () => {
  await search.index('products', NAMED);
  await put('a', 'new', 7);
  await put('gone', 'new', 7);
  await remove('gone', 8);
  await search.clock.advance(30_000);
  crash();

  expect((await put('a', 'late', 6)).status).toBe(409);
  expect((await put('gone', 'late', 7)).status).toBe(409);
  expect(await find('late')).toEqual([]);
  expect((await put('a', 'newer', 8)).body).toMatchObject({ _version: 8, result: 'updated' });
  await search.clock.advance(30_000);
  crash();
  expect((await put('gone', 'late', 7)).status).toBe(201);
});

it('sequence numbers go on', async () => {
  await search.index('products', NAMED);
  const { _seq_no: last } = (await put('a', 'one')).body;
  crash();

  expect((await put('b', 'two')).body._seq_no).toBe(last + 1);
});

it('what is behind an alias, and which index is written to, stays so', async () => {
  for (const name of ['one', 'two', 'three']) await search.index(name, NAMED);
  const add = (index: string, flag?: boolean) => ({ add: { index, alias: 'all', is_write_index: flag } });
  await search.call('POST', '/_aliases', { actions: [add('one'), add('two', true), add('three')] });
  await search.call('POST', '/_aliases', {
    actions: [{ add: { index: 'one', alias: 'old' } }, { remove_index: { index: 'three' } }],
  });
  await search.call('POST', '/_aliases', { actions: [{ remove: { index: 'one', alias: 'old' } }] });
  crash();

  expect((await search.call('GET', '/_alias/all')).body).toEqual({
    one: { aliases: { all: {} } },
    two: { aliases: { all: { is_write_index: true } } },
  });
  expect((await search.call('HEAD', '/old')).status).toBe(404);
  expect((await search.call('HEAD', '/three')).status).toBe(404);
  expect((await search.call('PUT', '/all/_doc/a', { name: 'mug' })).body).toMatchObject({ _index: 'two' });
});

it('a removed index leaves nothing, also to one of the same name', async () => {
  await search.index('products', NAMED, { a: { name: 'mug' }, b: { name: 'hat' } });
  await remove('b', 9);
  await search.call('DELETE', '/products');
  await search.index('products', NAMED);
  crash((state) => expect(state.entries('document')).toEqual([]));

  expect(await find('mug')).toEqual([]);
  expect((await put('b', 'hat', 1)).status).toBe(201);
});

it('a removal that is forgotten is no longer kept', async () => {
  await search.index('products', NAMED, { a: { name: 'mug' } });
  await remove('a', 9);
  await search.clock.advance(60_001);
  await put('b', 'hat');

  crash((state) => expect(state.entries('document').map(([key]) => key.split('/')[1])).toEqual(['b']));
});

it.each([
  ['index', 'products', { uuid: 1 }],
  ['index', 'products', { uuid: 'u', createdAt: 1, mappings: { unknown: 1 }, settings: {} }],
  ['alias', 'all', 'one'],
  ['document', 'u/a', { version: 1 }],
] as const)('a kept %s that can’t be read stops the start with the remedy', (kind, key, value) => {
  expect(() => crash((state) => state.put(kind, key, value))).toThrow(
    `The state holds a ${kind} that can't be read, ${key}: start with --fresh`,
  );
});
