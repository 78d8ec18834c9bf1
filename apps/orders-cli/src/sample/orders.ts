import { CATALOGUE, SOLD_OUT_SKU } from './catalogue.ts';
import { randomFrom } from './random.ts';

/** How a sample order is meant to go. */
export type Fate = 'ships' | 'declined' | 'out of stock' | 'undeliverable' | 'cancelled' | 'troubled';

/** A customer's order, as it is sent to the API. */
export interface SampleOrder {
  readonly customer: string;
  readonly fate: Fate;
  readonly body: {
    readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
    readonly paymentToken: string;
    readonly email: string;
    readonly phone?: string;
    /** Whether the customer wants to hear by SMS, too. */
    readonly smsUpdates?: boolean;
    readonly shippingAddress: {
      readonly name: string;
      readonly line1: string;
      readonly city: string;
      readonly postcode: string;
      readonly country: string;
    };
  };
}

/** Share of each fate in a hundred orders; `troubled` ones meet an outage or a lost answer and ship all the same. */
const SHARES: readonly (readonly [Fate, number])[] = [
  ['ships', 72],
  ['declined', 8],
  ['out of stock', 6],
  ['undeliverable', 5],
  ['cancelled', 5],
  ['troubled', 4],
];

const TROUBLES = ['tok_unavailable_1', 'tok_lost_answer', 'tok_slow_300'] as const;
const PLACES = [
  ['Leeds', 'United Kingdom'],
  ['Bristol', 'United Kingdom'],
  ['Glasgow', 'United Kingdom'],
  ['Lyon', 'France'],
  ['Bremen', 'Germany'],
  ['Cork', 'Ireland'],
  ['Utrecht', 'Netherlands'],
  ['Oslo', 'Norway'],
] as const;
const STREETS = ['Mill Lane', 'Station Road', 'Harbour Walk', 'Orchard Close', 'Bridge Street'] as const;
const BUYABLE = CATALOGUE.filter((product) => product.pieces > 0);

/** A seeded row of `count` orders in which, from six orders on, every fate is met. */
export function sampleOrders(count: number, seed: number): SampleOrder[] {
  const random = randomFrom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  return Array.from({ length: count }, (_, index) => {
    const fate = fateOf(index, random());
    const customer = `customer-${1 + Math.floor(random() * 40)}`;
    const [city, country] = pick(PLACES);
    const goods = Array.from({ length: 1 + Math.floor(random() * 5) }, () => ({
      sku: pick(BUYABLE).sku,
      quantity: 1 + Math.floor(random() * 4),
    }));
    return {
      customer,
      fate,
      body: {
        lines: fate === 'out of stock' ? [...goods, { sku: SOLD_OUT_SKU, quantity: 1 }] : goods,
        paymentToken: tokenOf(fate, pick(TROUBLES)),
        email: `${customer}@shop.example`,
        ...phoneOf(customer),
        shippingAddress: {
          name: `Sample ${customer}`,
          line1:
            fate === 'undeliverable' ? 'Undeliverable' : `${1 + Math.floor(random() * 90)} ${pick(STREETS)}`,
          city,
          postcode: String(10_000 + Math.floor(random() * 89_999)),
          country,
        },
      },
    };
  });
}

/** Two customers in three have given a number, one of which wants SMS; the numbers are among those that nobody has. */
function phoneOf(customer: string): Pick<SampleOrder['body'], 'phone' | 'smsUpdates'> {
  const number = Number(customer.slice('customer-'.length));
  if (number % 3 === 0) return {};
  return { phone: `+44 20 7946 0${String(number).padStart(3, '0')}`, smsUpdates: number % 3 === 1 };
}

/** The first orders show each fate once; the rest fall by their shares. */
function fateOf(index: number, dice: number): Fate {
  const shown = SHARES[index];
  if (shown !== undefined) return shown[0];
  let upTo = 0;
  for (const [fate, share] of SHARES) {
    upTo += share;
    if (dice * 100 < upTo) return fate;
  }
  return 'ships';
}

function tokenOf(fate: Fate, trouble: string): string {
  if (fate === 'declined') return 'tok_decline';
  if (fate === 'troubled') return trouble;
  // Slow enough that the cancellation, sent right after the order, arrives while the payment is under way.
  if (fate === 'cancelled') return 'tok_slow_700';
  return 'tok_approve';
}
