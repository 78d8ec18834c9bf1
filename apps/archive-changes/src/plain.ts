import type { AttributeValue } from 'aws-lambda';

/** An item's image as the stream brings it: attributes with their types. */
export type Image = Readonly<Record<string, AttributeValue>>;

/** An image as plain JSON. Sets become lists, binary values stay in base64. @throws Error for a type that is none. */
export function plainImage(image: Image): Record<string, unknown> {
  return Object.fromEntries(Object.entries(image).map(([name, attribute]) => [name, plainValue(attribute)]));
}

function plainValue(attribute: AttributeValue): unknown {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return exactNumber(attribute.N);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.NULL !== undefined) return null;
  if (attribute.L !== undefined) return attribute.L.map(plainValue);
  if (attribute.M !== undefined) return plainImage(attribute.M);
  if (attribute.NS !== undefined) return attribute.NS.map(exactNumber);
  const rest = attribute.SS ?? attribute.B ?? attribute.BS;
  if (rest !== undefined) return rest;
  throw new Error(`an attribute has no type that is known: ${Object.keys(attribute).join(', ') || 'none'}`);
}

/** A number where JSON's readers keep every digit of it; otherwise its text, as DynamoDB has it. */
function exactNumber(text: string): number | string {
  const number = Number(text);
  const exact = String(number) === text && (Number.isSafeInteger(number) || !Number.isInteger(number));
  return exact ? number : text;
}
