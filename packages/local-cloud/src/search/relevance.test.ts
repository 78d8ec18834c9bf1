import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { TestSearch } from './search.fixture.ts';

const WANTED = 'WHITE HANGING HEART T-LIGHT HOLDER';
const FIRST_PAGE = 20;

/** A real shop's orders, where they lie beside the repository. */
const ORDERS = join(
  import.meta.dirname,
  '../../../../../shared/data/online-retail-2010-12-to-2011-11-27.ndjson.gz',
);

const SEARCHES = [
  'hanging heart tlight',
  'hangng heart',
  'hnaging haert',
  'white t-light holder',
  'white heart: T LIGHT!',
];

/** A catalogue in which hearts, lights and things that hang are common, and each together with others. */
function smallCatalogue(): string[] {
  const adjectives = ['RED', 'BLUE', 'PINK', 'GLASS', 'METAL', 'VINTAGE', 'WOODEN', 'LARGE'];
  const things = [
    'HEART SHAPED MIRROR',
    'T-LIGHT HOLDER',
    'NIGHT LIGHT',
    'HANGING LANTERN',
    'JUMBO BAG',
    'HEARTS BUNTING',
  ];
  const names = adjectives.flatMap((adjective) => things.map((thing) => `${adjective} ${thing}`));
  return [...names, ...Array.from({ length: 500 }, (_, number) => `CAKE STAND NUMBER ${number}`), WANTED];
}

function realCatalogue(): string[] {
  const names = new Set<string>();
  for (const [, name] of gunzipSync(readFileSync(ORDERS))
    .toString()
    .matchAll(/"description":"((?:[^"\\]|\\.)+)"/g))
    if (name !== undefined) names.add(name);
  return [...names];
}

async function firstPage(names: readonly string[], text: string): Promise<string[]> {
  const search = new TestSearch();
  await search.index(
    'products',
    { name: { type: 'text' } },
    Object.fromEntries(names.map((name) => [name, { name }])),
  );
  return search.find(
    'products',
    { multi_match: { query: text, fields: ['name^3'], fuzziness: 'AUTO' } },
    { size: FIRST_PAGE },
  );
}

describe('a product is found on the first page', () => {
  it.each(SEARCHES)('among some hundreds, for "%s"', async (text) => {
    expect(await firstPage(smallCatalogue(), text)).toContain(WANTED);
  });

  const withOrders = existsSync(ORDERS) ? it : it.skip;
  withOrders.each(SEARCHES)('among the thousands of a real shop, for "%s"', async (text) => {
    expect(await firstPage(realCatalogue(), text)).toContain(WANTED);
  });
});
