import { isRecord } from './image-values.ts';

/** What of an order is never kept outside of the orders table. */
export const SECRET_FIELDS = ['paymentToken'] as const;

/** What of an order speaks of a person. A forgotten order has none of it, and neither has what the archive keeps of it. */
export const PERSONAL_FIELDS = [
  ...SECRET_FIELDS,
  'customerId',
  'email',
  'phone',
  'shippingAddress',
  'trace',
] as const;

/** Whether the order that the image shows was forgotten: then nobody may keep who it was for. */
export function isForgotten(image: unknown): boolean {
  return isRecord(image) && image['forgottenAt'] !== undefined;
}

/**
 * A copy of a JSON value without the fields of these names, however deep they lie.
 *
 * @example withoutFields({ total: '1', card: { paymentToken: 'tok' } }, SECRET_FIELDS) // { total: '1', card: {} }
 */
export function withoutFields(value: unknown, names: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((element) => withoutFields(element, names));
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !names.includes(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutFields(inner, names)]));
}

/** Customers that a JSON value names, however deep, as plain text or as an attribute of DynamoDB's (`{ "S": … }`). */
export function customersNamed(value: unknown): Set<string> {
  const customers = new Set<string>();
  const look = (inner: unknown): void => {
    if (Array.isArray(inner)) inner.forEach(look);
    else if (isRecord(inner)) {
      const customer = customerOf(inner);
      if (customer !== undefined) customers.add(customer);
      Object.values(inner).forEach(look);
    }
  };
  look(value);
  return customers;
}

/** Who is to be forgotten, and by which orders. */
export interface Forgetting {
  readonly customerId: string;
  /** The customer's orders that were forgotten: lines of theirs may not name the customer. */
  readonly forgotten: ReadonlySet<string>;
  /** The customer's orders that are not forgotten, because they are still needed. */
  readonly kept: ReadonlySet<string>;
}

/**
 * A line of the archive without the person that it speaks of; `undefined` when there is nothing to take out: it is
 * another customer's, an order's that stays, or was cleaned before. Where the images name two customers, only those of
 * the forgotten one lose theirs.
 */
export function forgottenLine(line: unknown, { customerId, forgotten, kept }: Forgetting): unknown {
  const key = isRecord(line) ? line['key'] : undefined;
  const orderId = isRecord(key) ? String(key['orderId']) : undefined;
  if (orderId !== undefined && kept.has(orderId)) return undefined;
  const customers = customersNamed(line);
  if (customers.size > 1) return customers.has(customerId) ? withoutCustomer(line, customerId) : undefined;
  const theirs =
    customers.size === 0 ? orderId !== undefined && forgotten.has(orderId) : customers.has(customerId);
  return theirs && hasField(line, PERSONAL_FIELDS) ? withoutFields(line, PERSONAL_FIELDS) : undefined;
}

/** A copy in which images that name this customer have lost their person; those that name another one are whole. */
function withoutCustomer(value: unknown, customerId: string): unknown {
  if (Array.isArray(value)) return value.map((element) => withoutCustomer(element, customerId));
  if (!isRecord(value)) return value;
  const named = customerOf(value);
  if (named === customerId) return withoutFields(value, PERSONAL_FIELDS);
  if (named !== undefined) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withoutCustomer(inner, customerId)]),
  );
}

/** The customer that an image names by itself. */
function customerOf({ customerId }: Readonly<Record<string, unknown>>): string | undefined {
  const text = isRecord(customerId) ? customerId['S'] : customerId;
  return typeof text === 'string' ? text : undefined;
}

function hasField(value: unknown, names: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((element) => hasField(element, names));
  if (!isRecord(value)) return false;
  return Object.entries(value).some(([name, inner]) => names.includes(name) || hasField(inner, names));
}
