import fc from 'fast-check';
import { FakeShop, PLACEMENT } from './testing/fake-shop.ts';

const ROUTES = ['POST /orders', 'POST /activity', 'POST /activity/me', 'POST /orders/{orderId}/cancel'];
const READS = ['GET /orders', 'GET /orders/{orderId}', 'GET /products', 'GET /products/{sku}'];

/** Anything that JSON can hold, with the names that objects have of themselves. */
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom('\ud800', '__proto__', 1e308, -0, Number.MAX_SAFE_INTEGER, '\u0000', ''),
);
const names = fc.oneof(
  fc.constantFrom(...Object.keys(PLACEMENT), 'sessionId', 'activities', 'type', '__proto__', 'constructor'),
  fc.string(),
);
const bodies = fc.oneof(
  anything,
  fc.dictionary(names, anything),
  fc.dictionary(names, anything).map((fields) => ({ ...PLACEMENT, ...fields })),
  fc
    .dictionary(names, anything)
    .map((fields) => ({ ...PLACEMENT, lines: [{ ...PLACEMENT.lines[0], ...fields }] })),
);
const texts = fc.dictionary(names, fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('1', 'W10')));

it('whatever is sent, the answer is one of the caller’s or of success, and never an error of ours', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...ROUTES, ...READS),
      fc.record({
        body: fc.oneof(bodies, fc.string()),
        query: texts,
        path: fc.dictionary(fc.constantFrom('orderId', 'sku'), fc.string({ unit: 'binary' })),
      }),
      async (route, sent) => {
        const shop = new FakeShop();

        const { status } = await shop.call({ route, ...sent });

        expect(status).toBeLessThan(500);
        expect(shop.reported).toEqual([]);
        if ((status ?? 0) >= 400) expect([shop.stored.size, shop.activityItems.size]).toEqual([0, 0]);
      },
    ),
    { numRuns: 1_000 },
  );
});
