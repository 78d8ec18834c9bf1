const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
/** One plain address: no name in front, no quotes, no comments, no second address. */
const ADDRESS = new RegExp(
  `^${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{2,59})$`,
);
/** RFC 5321: of the whole, and of what stands before the @. */
const LONGEST_ADDRESS = 254;
const LONGEST_LOCAL_PART = 64;

/**
 * Whether mail can be sent to it. Stricter than the standard: what is written with spaces, line breaks, quotes or a
 * second address may be an attempt to reach somebody else.
 */
export function isMailAddress(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > LONGEST_ADDRESS) return false;
  return ADDRESS.test(value) && value.indexOf('@') <= LONGEST_LOCAL_PART;
}

/** https://www.itu.int/rec/T-REC-E.164: at most 15 digits, the first ones of the country. */
const E164 = /^\+[1-9]\d{6,14}$/;

/**
 * A phone number in E.164, or undefined where the number does not say its country, or is none.
 *
 * @example internationalNumber('0044 (0)20 7946-0000') // '+442079460000'
 */
export function internationalNumber(written: unknown): string | undefined {
  if (typeof written !== 'string' || written.length > 40) return undefined;
  const digits = written
    .trim()
    .replace(/^00/, '+')
    // The zero that is dialled only within the country.
    .replace('(0)', '')
    .replace(/[ ()./-]/g, '');
  return E164.test(digits) ? digits : undefined;
}
