import type { Activity } from '@orderstream/domain';
import { CATALOGUE } from './catalogue.ts';
import type { SampleOrder } from './orders.ts';

/** What somebody did in the shop, as it is sent to the API. */
export interface Visit {
  /** Undefined for the customer of the order. */
  readonly sessionId: string | undefined;
  readonly activities: readonly Activity[];
}

/** What guests look for and the shop does not have. */
const NOT_SOLD = ['teapot', 'unicorn', 'snow globe'] as const;

const NAMES = new Map(CATALOGUE.map(({ sku, name }) => [sku, name]));

/**
 * What the customer did before the order: looked for the first product, viewed all and what stands beside each, put them
 * into the basket.
 */
export function beforeOrder({ body: { lines } }: SampleOrder): Visit {
  const [first] = lines;
  const text = searchedFor(NAMES.get(first?.sku ?? '') ?? 'mug');
  return {
    sessionId: undefined,
    activities: [
      { type: 'search', text, results: found(text) },
      ...lines.flatMap(({ sku }) => [sku, neighbourOf(sku)]).map((sku) => ({ type: 'view' as const, sku })),
      ...lines.map(({ sku, quantity }) => ({ type: 'add-to-basket' as const, sku, quantity })),
      { type: 'checkout' },
    ],
  };
}

/** What follows the order. */
export function afterOrder(orderId: string): Visit {
  return { sessionId: undefined, activities: [{ type: 'purchase', orderId }] };
}

/** A guest beside every third order, who looks around, does not find something, and leaves. */
export function guestBeside({ body: { lines } }: SampleOrder, index: number): Visit | undefined {
  const sku = lines[0]?.sku;
  if (index % 3 !== 0 || sku === undefined) return undefined;
  const text = NOT_SOLD[(index / 3) % NOT_SOLD.length] ?? 'teapot';
  return {
    sessionId: `sample-session-${String(index).padStart(6, '0')}`,
    activities: [
      { type: 'search', text, results: found(text) },
      { type: 'view', sku },
      { type: 'add-to-basket', sku, quantity: 1 },
      { type: 'remove-from-basket', sku, quantity: 1 },
    ],
  };
}

/** The product behind this one in the catalogue. */
function neighbourOf(sku: string): string {
  const place = CATALOGUE.findIndex((product) => product.sku === sku);
  return CATALOGUE[(place + 1) % CATALOGUE.length]?.sku ?? sku;
}

/** The word of a product's name that people look for it by: its longest, in lower case. */
function searchedFor(name: string): string {
  const words = name.toLowerCase().split(/[^a-z0-9-]+/);
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), '');
}

function found(text: string): number {
  return CATALOGUE.filter(({ name }) => name.toLowerCase().includes(text)).length;
}
