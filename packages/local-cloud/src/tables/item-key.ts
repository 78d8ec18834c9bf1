import type { KeyAttribute, Table } from '../stack/model.ts';
import { readNumber } from './attribute-values.ts';
import type { AttributeMap } from './change.ts';

/** What makes an item the one it is. */
export type TableKey = Pick<Table, 'partitionKey' | 'sortKey'>;

/** The key attributes among an item's; undefined when one is missing or of another type than the table's key. */
export function keyOf(table: TableKey, item: AttributeMap): AttributeMap | undefined {
  const key: AttributeMap = {};
  for (const attribute of keyAttributes(table)) {
    const value = item[attribute.name];
    if (keyText(attribute, value) === undefined || value === undefined) return undefined;
    key[attribute.name] = value;
  }
  return key;
}

/**
 * Canonical text of an item's key, equal for equal keys of a table and for no others: the value itself where the key
 * is one attribute, a JSON array of both values where the table has a sort key. Numbers are written `digits` or
 * `digitsEpower` (1.50 and 1.5 are one key).
 *
 * @throws when `item` lacks the key.
 */
export function itemKey(table: TableKey, item: AttributeMap): string {
  const texts = keyAttributes(table).map((attribute) => {
    const text = keyText(attribute, item[attribute.name]);
    if (text === undefined)
      throw new Error(`The key attribute ${attribute.name} (${attribute.type}) is missing.`);
    return text;
  });
  const [first, second] = texts;
  return second === undefined ? `${first}` : JSON.stringify(texts);
}

function keyAttributes({ partitionKey, sortKey }: TableKey): readonly KeyAttribute[] {
  return sortKey ? [partitionKey, sortKey] : [partitionKey];
}

function keyText({ type }: KeyAttribute, value: Record<string, unknown> | undefined): string | undefined {
  const content = value?.[type];
  if (typeof content !== 'string') return undefined;
  if (type === 'S') return content;
  if (type === 'B') return Buffer.from(content, 'base64').toString('base64');
  const number = readNumber(content);
  if (!number) return undefined;
  const { negative, digits, power } = number;
  return `${negative ? '-' : ''}${digits}${power === 0 ? '' : `E${power}`}`;
}
