import { parsingError } from './errors.ts';

/** An object of a request's JSON, of which nothing is known yet. */
export type Json = Readonly<Record<string, unknown>>;

/** Names that stand where an object belongs: `[match] query malformed`. */
export function objectIn(value: unknown, where: string): Json {
  if (isObject(value)) return value;
  throw parsingError(`[${where}] malformed, an object is expected`);
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The one member of an object that names what it is: `{ "match": … }`. */
export function onlyMember(value: unknown, where: string): [name: string, content: unknown] {
  const [first, ...others] = Object.entries(objectIn(value, where));
  if (first === undefined) throw parsingError(`[${where}] malformed, empty clause found`);
  if (others.length === 0) return first;
  const names = others.map(([name]) => name).join(', ');
  throw parsingError(`[${where}] malformed, no end of object found after [${first[0]}], but [${names}]`);
}

/** Refuses every member that is not known, by name. @param say the sentence for one. */
export function refuseOthers(object: Json, known: readonly string[], say: (name: string) => string): void {
  for (const name of Object.keys(object)) if (!known.includes(name)) throw parsingError(say(name));
}

/** One thing, or a list of them; none when it is absent. */
export function listIn(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

export function textIn(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw parsingError(`[${where}] must be a string`);
}

/** A number, or its digits. */
export function numberIn(value: unknown, where: string): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw parsingError(`[${where}] must be a number, and is [${textOf(value)}]`);
}

export function wholeIn(value: unknown, where: string, least = 0): number {
  const number = numberIn(value, where);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw parsingError(`[${where}] must be a whole number of at least ${least}, and is [${number}]`);
}

export function flagIn(value: unknown, where: string): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw parsingError(`[${where}] must be true or false, and is [${textOf(value)}]`);
}

/** One of several words. */
export function wordIn<Word extends string>(value: unknown, words: readonly Word[], where: string): Word {
  const text = typeof value === 'string' ? value.toLowerCase() : undefined;
  const word = words.find((known) => known === text);
  if (word !== undefined) return word;
  throw parsingError(`[${where}] must be one of ${words.join(', ')}, and is [${textOf(value)}]`);
}

/** How a value of unknown kind stands in a message. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
