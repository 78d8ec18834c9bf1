import { linesTotal, openShard, placedShard, type Order } from '@orderstream/domain';
import type { ImportedProduct } from '../replay/import.ts';
import { CATALOGUE, SOLD_OUT_SKU } from '../sample/catalogue.ts';
import { sampleOrders, type SampleOrder } from '../sample/orders.ts';
import { randomFrom } from '../sample/random.ts';

/** Orders under such ids are no orders: what stands there can't be read as one, and the laws do not speak of it. */
export const UNREADABLE_PREFIX = 'unreadable-';

/** SKUs of an order that does not fit into one transaction. */
const LARGE_ORDER_SKUS = 120;

/** What is done to the shop, one after the other. */
export type Act =
  | {
      readonly do: 'order';
      readonly order: SampleOrder;
      readonly key: string;
      /** Sent again under the same key. */
      readonly twice: boolean;
      /** A second execution beside the first, as the sweeper starts one for an order that seems to stand still. */
      readonly rival: boolean;
      /** Milliseconds after which its customer cancels it. */
      readonly cancelAfterMs: number | undefined;
    }
  | { readonly do: 'import'; readonly order: Order; readonly rival: boolean }
  | { readonly do: 'unreadable'; readonly item: Readonly<Record<string, unknown>> }
  | {
      readonly do: 'price';
      readonly sku: string;
      readonly unitPrice: string;
      /** Milliseconds to wait before: several changes follow each other, each in a batch of its own. */
      readonly afterMs: number;
    };

/** How the load of a run differs from the usual one. Shares of all orders, from 0 to 1. */
export interface LoadShape {
  readonly imports: number;
  readonly rivals: number;
  readonly large: number;
  readonly undeliverable: number;
  /** Orders beside which a price changes three times. */
  readonly prices: number;
  /** Whether each of these prices changes once more when all has settled: what was read of it before is old then. */
  readonly pricesAtEnd: boolean;
}

export const USUAL_LOAD: LoadShape = {
  imports: 0.2,
  rivals: 0.1,
  large: 0.03,
  undeliverable: 0.05,
  prices: 0.15,
  pricesAtEnd: false,
};

/** Products that only imports ask for: enough for an order of several transactions. */
export const BULK_PRODUCTS: readonly ImportedProduct[] = Array.from(
  { length: LARGE_ORDER_SKUS },
  (_, index) => ({
    sku: `BULK-${String(index).padStart(3, '0')}`,
    name: `Bulk good ${index}`,
    unitPrice: `0.${String(101 + index)}`,
    currency: 'GBP',
  }),
);

/** Orders at the beginning that are sent as they are: each fate once. */
const FATES = 6;

const PRICES_APART_MS = 400;
const SOME_PRODUCT = { sku: SOLD_OUT_SKU };
const PRICED: readonly Pick<ImportedProduct, 'sku'>[] = [...CATALOGUE, ...BULK_PRODUCTS];

/**
 * A seeded load: customers' orders of every fate, cancellations racing with shipping, imports with many lines and with
 * the same SKU twice, orders with bad values, records that are no orders, second executions, prices that change.
 *
 * @param orders how many orders, imports included; unreadable records and prices come beside them.
 * @param now epoch milliseconds: when imported orders were placed.
 */
export function chaosLoad(orders: number, seed: number, now: number, shape: LoadShape = USUAL_LOAD): Act[] {
  const random = randomFrom(seed + 77);
  const samples = sampleOrders(orders, seed).map((sample, index) =>
    index >= FATES && index % 12 === 0 ? cancelled(sample) : sample,
  );
  return samples.flatMap((sample, index): Act[] => {
    const rival = random() < shape.rivals;
    const asImport = index >= FATES && random() < shape.imports;
    const act: Act = asImport
      ? { do: 'import', order: importedOrder(`import-${seed}-${index}`, now + index, random, shape), rival }
      : {
          do: 'order',
          order: index >= FATES && random() < shape.undeliverable ? undeliverable(sample) : sample,
          key: `chaos-${seed}-${index}`,
          twice: random() < 0.1,
          rival,
          cancelAfterMs: cancelAfter(sample, random),
        };
    return [act, ...beside(seed, index, random, shape)];
  });
}

/** One more price for each product whose price was changed, unlike those that it had. */
export function lastPrices(acts: readonly Act[]): Act[] {
  const skus = new Set(acts.flatMap((act) => (act.do === 'price' ? [act.sku] : [])));
  return [...skus].map((sku) => ({ do: 'price', sku, afterMs: 0, unitPrice: '99.5' }));
}

function cancelAfter({ fate }: SampleOrder, random: () => number): number | undefined {
  if (fate === 'cancelled') return 0;
  // Some milliseconds before, while or after it ships.
  return fate === 'ships' && random() < 0.08 ? Math.floor(random() * 1_200) : undefined;
}

/** Cancelled while its payment is under way; whether it was in time is seen in the end. */
function cancelled(sample: SampleOrder): SampleOrder {
  return { ...sample, fate: 'cancelled', body: { ...sample.body, paymentToken: 'tok_slow_700' } };
}

function undeliverable(sample: SampleOrder): SampleOrder {
  const { shippingAddress, ...body } = sample.body;
  return {
    ...sample,
    fate: 'undeliverable',
    body: {
      ...body,
      paymentToken: 'tok_approve',
      shippingAddress: { ...shippingAddress, line1: 'Undeliverable' },
    },
  };
}

/** What happens beside an order: some prices, every fifteenth time a record that nobody can read. */
function beside(seed: number, index: number, random: () => number, shape: LoadShape): Act[] {
  const acts: Act[] = [];
  if (random() < shape.prices) {
    // Each product in its turn: what comes of its last change, no later one puts right.
    const { sku } = PRICED[(seed + index) % PRICED.length] ?? SOME_PRODUCT;
    for (let times = 0; times < 3; times += 1) {
      acts.push({
        do: 'price',
        sku,
        afterMs: times * PRICES_APART_MS,
        unitPrice: (1 + Math.floor(random() * 2_000) / 100).toFixed(2),
      });
    }
  }
  if (index % 15 === 7) acts.push({ do: 'unreadable', item: unreadable(`${seed}-${index}`, index) });
  return acts;
}

/** An item that its key alone makes an order of. */
function unreadable(name: string, index: number): Record<string, unknown> {
  const orderId = `${UNREADABLE_PREFIX}${name}`;
  const kinds = [
    { orderId },
    { orderId, status: 'BOGUS', itemVersion: 'one' },
    { orderId, status: 7, lines: 'none' },
    { orderId, status: 'PLACED', itemVersion: -1, updatedAt: 'yesterday' },
  ];
  return kinds[index % kinds.length] ?? { orderId };
}

/** An order as the trusted import writes it: nothing is checked, so that one in twelve has a bad value. */
function importedOrder(orderId: string, at: number, random: () => number, shape: LoadShape): Order {
  const placedAt = new Date(at).toISOString();
  const lines = linesOf(random, shape.large);
  if (random() < 1 / 12 && lines[0]) lines[0] = { ...lines[0], quantity: -1 };
  return {
    orderId,
    schemaVersion: 1,
    itemVersion: at,
    status: 'PLACED',
    customerId: `customer-${1 + Math.floor(random() * 40)}`,
    placedAt,
    updatedAt: placedAt,
    updatedBy: 'chaos',
    country: random() < 0.3 ? 'France' : 'United Kingdom',
    currency: 'GBP',
    lines,
    shipping: '0',
    tax: '0',
    total: linesTotal(lines),
    paymentToken: 'tok_approve',
    shippingAddress: {
      name: 'Chaos',
      line1: random() < shape.undeliverable ? 'Undeliverable' : '1 Import Street',
      city: 'Leeds',
      country: 'United Kingdom',
    },
    openShard: openShard(orderId),
    placedShard: placedShard(orderId, placedAt),
  };
}

function linesOf(random: () => number, large: number) {
  const goods = random() < large ? BULK_PRODUCTS : somePieces(random);
  const lines = goods.map(({ sku, unitPrice }) => ({
    sku,
    quantity: 1 + Math.floor(random() * 3),
    unitPrice,
  }));
  const [first] = lines;
  // The same SKU twice in one order is normal.
  return first !== undefined && random() < 0.5 ? [...lines, { ...first, quantity: 1 }] : lines;
}

function somePieces(random: () => number) {
  const sold = [...CATALOGUE, ...BULK_PRODUCTS].filter(({ sku }) => sku !== SOLD_OUT_SKU);
  return Array.from(
    { length: 1 + Math.floor(random() * 4) },
    () => sold[Math.floor(random() * sold.length)],
  ).filter((product) => product !== undefined);
}
