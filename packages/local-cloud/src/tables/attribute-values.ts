import { z } from 'zod';

import type { AttributeMap } from './change.ts';

/** Attributes as they stand in a request or an answer of DynamoDB: looked at only as deep as needed. */
export const attributes = z.custom<AttributeMap>(isObject);

/** A number as DynamoDB writes it: no sign but minus, no exponent, no zeros that say nothing, no minus zero. */
const STORED_NUMBER = /^(?:0|-?(?:[1-9]\d*|(?:0|[1-9]\d*)\.\d*[1-9]))$/;

const SETS: ReadonlySet<string> = new Set(['SS', 'NS', 'BS']);

/** Whether two states of an item are the same: sets have no order, lists have one. */
export function sameAttributes(one: AttributeMap | undefined, other: AttributeMap | undefined): boolean {
  return same(one, other, false);
}

function same(one: unknown, other: unknown, unordered: boolean): boolean {
  if (one === other) return true;
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    if (unordered) return sameMembers(one, other);
    return one.every((element, index) => same(element, other[index], false));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => Object.hasOwn(other, name) && same(one[name], other[name], SETS.has(name)));
}

function sameMembers(one: readonly unknown[], other: readonly unknown[]): boolean {
  const members = new Set(one);
  return other.every((member) => members.has(member));
}

/**
 * Whether DynamoDB gives these attributes back just as they are written here. It normalises numbers (1.50 becomes
 * 1.5) and binary values; where that may happen the answer is no, and the item has to be read back to be known.
 */
export function isAsStored(item: AttributeMap): boolean {
  return Object.values(item).every(valueIsAsStored);
}

function valueIsAsStored(value: unknown): boolean {
  if (!isObject(value)) return false;
  const [entry, more] = Object.entries(value);
  if (entry === undefined || more !== undefined) return false;
  const [type, content] = entry;
  switch (type) {
    case 'S':
      return typeof content === 'string';
    case 'N':
      return isStoredNumber(content);
    case 'BOOL':
      return typeof content === 'boolean';
    case 'NULL':
      return content === true;
    case 'SS':
      return Array.isArray(content) && content.every((member) => typeof member === 'string');
    case 'NS':
      return Array.isArray(content) && content.every(isStoredNumber);
    case 'L':
      return Array.isArray(content) && content.every(valueIsAsStored);
    case 'M':
      return isObject(content) && Object.values(content).every(valueIsAsStored);
    default:
      return false;
  }
}

function isStoredNumber(content: unknown): boolean {
  return typeof content === 'string' && STORED_NUMBER.test(content);
}

/** The significant digits of a number's text and the power of ten of the last of them; undefined when it is no number. */
export function readNumber(
  text: string,
): { readonly negative: boolean; readonly digits: string; readonly power: number } | undefined {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!parts) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts;
  if (whole === '' && fraction === '') return undefined;
  const led = `${whole}${fraction}`.replace(/^0+/, '');
  const digits = led.replace(/0+$/, '');
  if (digits === '') return { negative: false, digits: '0', power: 0 };
  return {
    negative: sign === '-',
    digits,
    power: Number(exponent) - fraction.length + led.length - digits.length,
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
