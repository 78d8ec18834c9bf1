import {
  firstItemVersion,
  isDecimal,
  openShard,
  placedShard,
  priceOrder,
  type Order,
  type OrderLine,
} from '@orderstream/domain';
import { Problem, type WrongField } from '@orderstream/lambda-kit';
import type { CatalogueProduct } from './catalogue.ts';
import { wrongOrder, type Placement } from './placement.ts';

/** Bytes of an order's lines: DynamoDB takes items of 400 KB, and an order grows on its way. */
const MOST_BYTES = 380 * 1024;

/** What an order has besides what its customer sent. */
export interface OrderCircumstances {
  readonly orderId: string;
  readonly customerId: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly currency: string;
  /** Products of the catalogue by SKU. */
  readonly products: ReadonlyMap<string, CatalogueProduct>;
  /** Name of the app that writes it. */
  readonly writer: string;
  readonly trace: string | undefined;
}

/**
 * The order that follows from what a customer sent. Its names and prices are today's, and stay.
 *
 * @throws Problem naming every SKU that is not for sale.
 */
export function newOrder(placement: Placement, circumstances: OrderCircumstances): Order {
  const { orderId, customerId, now, currency, products, writer, trace } = circumstances;
  const { email, phone, smsUpdates, paymentToken, shippingAddress } = placement;
  const lines = pricedLines(placement, products, currency);
  const price = priceOrder(lines);
  if (!isDecimal(price.total))
    throw wrongOrder([{ field: 'lines', problem: 'cost more than can be charged' }]);
  if (Buffer.byteLength(JSON.stringify(lines)) > MOST_BYTES) {
    throw new Problem(
      'too-large',
      `These ${lines.length} lines are too much for one order. Place several orders.`,
    );
  }
  const at = new Date(now).toISOString();
  return {
    orderId,
    status: 'PLACED',
    schemaVersion: 1,
    itemVersion: firstItemVersion(now),
    updatedBy: writer,
    customerId,
    placedAt: at,
    updatedAt: at,
    country: shippingAddress.country,
    currency,
    lines,
    ...price,
    paymentToken,
    shippingAddress,
    openShard: openShard(orderId),
    placedShard: placedShard(orderId, at),
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
    ...(phone === undefined || smsUpdates === undefined ? {} : { smsUpdates }),
    ...(trace === undefined ? {} : { trace }),
  };
}

function pricedLines(
  { lines }: Placement,
  products: ReadonlyMap<string, CatalogueProduct>,
  currency: string,
): OrderLine[] {
  const errors: WrongField[] = [];
  const priced = lines.map(({ sku, quantity }, index) => {
    const product = products.get(sku);
    if (product?.currency !== currency) {
      errors.push({ field: `lines.${index}.sku`, problem: `${JSON.stringify(sku)} is not in the catalogue` });
    }
    return { sku, description: product?.name ?? '', quantity, unitPrice: product?.unitPrice ?? '0' };
  });
  if (errors.length > 0) throw wrongOrder(errors);
  return priced;
}
