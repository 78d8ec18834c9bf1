import {
  compareMoney,
  formatMoney,
  isDecimal,
  multiplyMoney,
  orderLineSchema,
  type Decimal,
} from '@orderstream/domain';
import type { StoredOrder } from '@orderstream/lambda-kit';
import { harmlessName, plainText } from './plain-text.ts';

/** Lines that a letter shows. */
export const MOST_LINES_SHOWN = 20;

export interface FactLine {
  readonly what: string;
  readonly quantity: number;
  /** Such as `19.00 GBP`; absent where the order has no currency. */
  readonly amount?: string;
}

export interface Extra {
  readonly what: string;
  readonly amount: string;
}

/** What letters say of an order, every text in it short, of one line, and safe to show once it is escaped. */
export interface OrderFacts {
  readonly orderId: string;
  readonly name?: string;
  readonly lines: readonly FactLine[];
  /** Lines that are not shown. */
  readonly more: number;
  /** What the total holds beside the lines: shipping and tax, where there is any. */
  readonly extras: readonly Extra[];
  readonly total?: string;
  /** City and country: enough to see a wrong address, and little for who reads over one's shoulder. */
  readonly place?: string;
  readonly shipmentId?: string;
  /** Name of the error for which it was closed. */
  readonly cause?: string;
  /** What was charged; absent when nothing was, as far as the order knows. */
  readonly charged?: string;
  /** A charge was to be made: the order may not know of it when its stage was interrupted. */
  readonly paymentBegun: boolean;
}

/** An order may be read before anybody validated it: what is not as it should be is left out. */
export function orderFacts(order: StoredOrder): OrderFacts {
  const { orderId, currency, lines = [], shippingAddress: address, charge, closing, shipment } = order;
  const all: readonly unknown[] = Array.isArray(lines) ? lines : [];
  const shown = all.slice(0, MOST_LINES_SHOWN).flatMap((line) => factLine(line, currency));
  const places = [harmlessName(address?.city), harmlessName(address?.country)];
  return {
    orderId,
    lines: shown,
    more: all.length - shown.length,
    extras: [...extra('Shipping', order.shipping, currency), ...extra('Tax', order.tax, currency)],
    paymentBegun: order.chargeIntent !== undefined,
    ...known('name', harmlessName(address?.name)),
    ...known('total', money(order.total, currency)),
    ...known('place', places.filter((place) => place !== undefined).join(', ') || undefined),
    ...known('shipmentId', plainText(shipment?.shipmentId, 100)),
    ...known('cause', closing?.cause),
    ...known('charged', money(charge?.amount, currency)),
  };
}

function factLine(line: unknown, currency: unknown): FactLine[] {
  const { success, data } = orderLineSchema.safeParse(line);
  if (!success) return [];
  const { sku, description, quantity, unitPrice } = data;
  const what = plainText(description, 80) ?? sku;
  return [{ what, quantity, ...known('amount', money(multiplyMoney(unitPrice, quantity), currency)) }];
}

function extra(what: string, amount: Decimal | undefined, currency: unknown): Extra[] {
  const shown = money(amount, currency);
  return shown === undefined || amount === undefined || compareMoney(amount, '0') === 0
    ? []
    : [{ what, amount: shown }];
}

/** An exact amount with its currency; undefined where either is none. */
function money(amount: Decimal | undefined, currency: unknown): string | undefined {
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency) || !isDecimal(amount)) return undefined;
  return `${formatMoney(amount, currency)} ${currency}`;
}

function known<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value };
function known(name: string, value: unknown): object {
  return value === undefined ? {} : { [name]: value };
}
