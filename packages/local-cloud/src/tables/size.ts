import { isObject } from './attribute-values.ts';
import type { AttributeMap } from './change.ts';

/** What a list or a map costs whatever is in it, and each of its elements on top of that. */
const CONTAINER = 3;
const ELEMENT = 1;

const ZERO = 48;
const NINE = 57;

/**
 * Size of attributes in bytes as DynamoDB counts them: the UTF-8 length of the names plus that of the values. Numbers
 * take a byte per two significant digits and one more, and another when negative.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function attributesSize(item: AttributeMap): number {
  let size = 0;
  for (const name in item) size += Buffer.byteLength(name) + valueSize(item[name]);
  return size;
}

function valueSize(value: unknown): number {
  if (!isObject(value)) return 0;
  for (const type in value) return contentSize(type, value[type]);
  return 0;
}

function contentSize(type: string, content: unknown): number {
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(content));
    case 'N':
      return numberSize(String(content));
    case 'B':
      return Buffer.byteLength(String(content), 'base64');
    case 'BOOL':
    case 'NULL':
      return 1;
    case 'L':
      return listSize(content);
    case 'M':
      return mapSize(content);
    default:
      return setSize(type, content);
  }
}

/** Of a number as DynamoDB writes it: plain digits, without an exponent. */
function numberSize(text: string): number {
  let digits = 0;
  let significant = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < ZERO || code > NINE || (code === ZERO && digits === 0)) continue;
    digits += 1;
    if (code !== ZERO) significant = digits;
  }
  return Math.ceil(significant / 2) + (text.startsWith('-') ? 2 : 1);
}

function listSize(content: unknown): number {
  let size = CONTAINER;
  if (Array.isArray(content)) for (const element of content) size += ELEMENT + valueSize(element);
  return size;
}

function mapSize(content: unknown): number {
  let size = CONTAINER;
  if (!isObject(content)) return size;
  for (const name in content) size += ELEMENT + Buffer.byteLength(name) + valueSize(content[name]);
  return size;
}

/** @param type `SS`, `NS` or `BS`: the members are of the type before the second S. */
function setSize(type: string, content: unknown): number {
  let size = 0;
  if (Array.isArray(content)) for (const member of content) size += contentSize(type.charAt(0), member);
  return size;
}
