import fc from 'fast-check';
import { indexWrite, type IndexWrite, type ProductSnapshot } from './search-document.ts';

const PRODUCT = {
  sku: 'MUG',
  name: 'Mug',
  unitPrice: '4.25',
  currency: 'GBP',
  itemVersion: 1_000,
  updatedAt: '2026-01-01T00:00:00.000Z',
  updatedBy: 'ops-api',
};
const STOCK = { sku: 'MUG', available: 3, itemVersion: 70 };

function snapshot(product: object | undefined, stock: object | undefined = STOCK): ProductSnapshot {
  return { sku: 'MUG', product: product && { ...product }, stock: stock && { ...stock } };
}

it('a product is found with its price, exact and to compare by, and whether it is in stock', () => {
  expect(indexWrite(snapshot(PRODUCT))).toEqual({
    version: 1_070,
    document: {
      sku: 'MUG',
      removed: false,
      name: 'Mug',
      unitPrice: '4.25',
      price: 4.25,
      currency: 'GBP',
      inStock: true,
      updatedAt: PRODUCT.updatedAt,
    },
  });
});

it.each([
  ['no stock', snapshot(PRODUCT, { ...STOCK, available: 0 }), false],
  ['no stock row', { sku: 'MUG', product: PRODUCT, stock: undefined }, false],
  ['one piece', snapshot(PRODUCT, { ...STOCK, available: 1 }), true],
])('with %s it is in stock or not', (_, given, inStock) => {
  expect(indexWrite(given)?.document).toMatchObject({ inStock });
});

it.each([
  ['no name', { ...PRODUCT, name: undefined }],
  ['a price of nothing', { ...PRODUCT, unitPrice: '0' }],
  ['a price that is a number', { ...PRODUCT, unitPrice: 4.25 }],
])('a product with %s counts as removed', (_, product) => {
  expect(indexWrite(snapshot(product))).toEqual({
    version: 1_070,
    document: { sku: 'MUG', removed: true },
  });
});

it.each(['yesterday', '', 7, '2026-02-30T00:00:00.000Z', null, undefined])(
  'a product that was changed at %j is found without that',
  (updatedAt) => {
    const document = indexWrite(snapshot({ ...PRODUCT, updatedAt }))?.document;

    expect(document).toMatchObject({ removed: false, name: 'Mug' });
    expect(document).not.toHaveProperty('updatedAt');
  },
);

it('a removed product leaves its removal behind', () => {
  expect(indexWrite(snapshot(undefined), [1_001, 900])).toEqual({
    version: 1_071,
    document: { sku: 'MUG', removed: true },
  });
});

it('a product that is gone without a word of it needs nothing: the word comes', () => {
  expect(indexWrite(snapshot(undefined))).toBeUndefined();
});

it('a late word of a removal does not remove what was created anew', () => {
  expect(indexWrite(snapshot({ ...PRODUCT, itemVersion: 2_000 }), [1_001])?.document.removed).toBe(false);
});

it('an item whose version is none is named', () => {
  expect(() => indexWrite(snapshot({ ...PRODUCT, itemVersion: '7' }))).toThrow(
    'An item of "MUG" has the itemVersion "7"',
  );
});

/** What happens to a product and its stock, one after the other. */
const happening = fc.constantFrom('change', 'remove', 'create', 'goods' as const);

it('in whatever order, how often and however late events are handled, the index ends as the table', () => {
  fc.assert(
    fc.property(
      fc.array(happening, { minLength: 1, maxLength: 12 }),
      fc.infiniteStream(fc.nat()),
      (happenings, random) => {
        const next = (below: number) => (random.next().value ?? 0) % below;
        let clock = 1_000;
        let product: typeof PRODUCT | undefined;
        let stock: typeof STOCK | undefined;
        /** Handlings at work: the snapshot that one took, to be written at some time. */
        const begun: IndexWrite[] = [];
        const events: { removal?: number }[] = [];
        let kept: IndexWrite | undefined;

        const write = (given: IndexWrite | undefined) => {
          if (given && given.version > (kept?.version ?? -1)) kept = given;
        };
        const handle = () => {
          const event = events[next(events.length)];
          const removals = event?.removal === undefined ? [] : [event.removal];
          const made = event && indexWrite({ sku: 'MUG', product, stock }, removals);
          if (made) begun.splice(next(begun.length + 1), 0, made);
        };

        for (const what of happenings) {
          clock += 10;
          if (what === 'create' && !product) product = { ...PRODUCT, itemVersion: clock };
          if (what === 'change' && product)
            product = { ...product, name: `Mug ${clock}`, itemVersion: product.itemVersion + 1 };
          if (what === 'goods')
            stock = { ...STOCK, available: next(2), itemVersion: (stock?.itemVersion ?? 5) + 1 };
          const removal = what === 'remove' && product ? product.itemVersion + 1 : undefined;
          if (removal !== undefined) product = undefined;
          events.push(removal === undefined ? {} : { removal });
          for (let n = next(3); n > 0; n -= 1) handle();
          if (next(2) === 0) write(begun.shift());
        }
        // Every event is handled at least once; what is under way ends at last, in any order.
        for (const { removal } of events) {
          const made = indexWrite({ sku: 'MUG', product, stock }, removal === undefined ? [] : [removal]);
          if (made) begun.splice(next(begun.length + 1), 0, made);
        }
        while (begun.length > 0) write(begun.shift());

        const wanted = product && indexWrite({ sku: 'MUG', product, stock })?.document;
        expect(kept?.document.removed ?? true).toBe(wanted === undefined);
        if (wanted) expect(kept?.document).toEqual(wanted);
      },
    ),
  );
});
