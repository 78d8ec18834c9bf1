import type { AttributeValue } from 'aws-lambda';

/** An item's image as the stream brings it: attributes with their types. */
export type Image = Readonly<Record<string, AttributeValue>>;

/**
 * The named attributes of an image as plain values, and no others: most records of a batch ask for nothing, so an
 * order's lines are not read for them. What an order, product or stock item never holds (binary, sets) is left
 * `undefined`: a bad value is ValidateOrder's business, and must not keep its order from being looked at.
 */
export function plainFields(image: Image, names: readonly string[]): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const name of names) {
    const attribute = image[name];
    if (attribute !== undefined) plain[name] = plainValue(attribute);
  }
  return plain;
}

function plainValue(attribute: AttributeValue): unknown {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.NULL !== undefined) return null;
  if (attribute.L !== undefined) return attribute.L.map(plainValue);
  if (attribute.M === undefined) return undefined;
  const plain: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(attribute.M)) plain[name] = plainValue(value);
  return plain;
}
