import { rebuild, rebuildOf } from './rebuild.ts';

type Request = Readonly<Record<string, unknown>>;

/** A function that answers each kind of request with the next of its answers. */
function answering(answers: Record<string, readonly unknown[]>) {
  const requests: Request[] = [];
  const left = new Map(Object.entries(answers).map(([kind, some]) => [kind, [...some]]));
  const ask = async (request: Request) => {
    requests.push(request);
    const kind = [request['rebuild'], request['table']].filter((part) => part !== undefined).join(' ');
    const answer = left.get(kind)?.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { ask, requests };
}

it('sales are counted page by page into a generation, which then serves, and the old one is removed', async () => {
  const { ask, requests } = answering({
    begin: [{ generation: 3 }],
    page: [
      { counted: 400, next: { orderId: 'a' } },
      { counted: 5, unreadable: ['o-7'] },
    ],
    finish: [{ serving: 3 }],
    clean: [
      { removed: 25, next: 'x' },
      { removed: 1, next: null },
    ],
  });
  const heard: [string, number][] = [];

  const done = await rebuild('sales', ask, (step, count) => heard.push([step, count]));

  expect(done).toEqual({ generation: 3, counted: { sales: 405 }, unreadable: ['o-7'], removed: 26 });
  expect(requests).toEqual([
    { rebuild: 'begin', anew: true },
    { rebuild: 'page', generation: 3 },
    { rebuild: 'page', generation: 3, from: { orderId: 'a' } },
    { rebuild: 'finish', generation: 3 },
    { rebuild: 'clean', generation: 3 },
    { rebuild: 'clean', generation: 3, from: 'x' },
  ]);
  expect(heard).toEqual([
    ['sales', 400],
    ['sales', 405],
    ['removing what was', 25],
    ['removing what was', 26],
  ]);
});

it('the search index is built and switched, with nothing left to clean', async () => {
  const { ask, requests } = answering({
    begin: [{ generation: 2, resumed: true }],
    page: [{ indexed: 7 }],
    finish: [{}],
  });

  expect(await rebuild('search', ask, () => undefined)).toEqual({
    generation: 2,
    counted: { search: 7 },
    unreadable: [],
  });
  expect(requests).toEqual([
    { rebuild: 'begin' },
    { rebuild: 'page', generation: 2 },
    { rebuild: 'finish', generation: 2 },
  ]);
});

it('the cache is filled from both tables', async () => {
  const { ask } = answering({
    'page products': [{ refreshed: 2, next: { sku: 'A' } }, { refreshed: 1 }],
    'page orders': [{ refreshed: 9 }],
  });

  expect(await rebuild('cache', ask, () => undefined)).toEqual({
    counted: { products: 3, orders: 9 },
    unreadable: [],
  });
});

it('nothing is switched when a page fails', async () => {
  const { ask, requests } = answering({ begin: [{ generation: 3 }], page: [new Error('throttled')] });

  await expect(rebuild('sales', ask, () => undefined)).rejects.toThrow('throttled');
  expect(requests.at(-1)).toEqual({ rebuild: 'page', generation: 3 });
});

it.each([
  [
    'stands still',
    { begin: [{ generation: 3 }], page: [{ next: 'a' }, { next: 'a' }] },
    /stands still at "a"/,
  ],
  ['answers nothing', { begin: [undefined] }, /The answer of sales is not as this command knows it/],
])('a function that %s ends it', async (_, answers, message) => {
  await expect(rebuild('sales', answering(answers).ask, () => undefined)).rejects.toThrow(message);
});

it('what cannot be rebuilt is refused by name', () => {
  expect(rebuildOf('cache')).toBe('cache');
  expect(() => rebuildOf('orders')).toThrow(/"orders" cannot be rebuilt\. There is sales, search, cache\./);
});
