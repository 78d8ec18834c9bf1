import { firstValue } from '../bus/pattern-json.ts';
import { compilePattern, parseEvent } from '../bus/pattern.ts';

/** Tells whether a message, in the form of Lambda's SQS record, is wanted. */
export type QueueFilter = (record: { readonly body: string }) => boolean;

/** What a pattern says of the body: that it is JSON with certain fields, a text, or nothing. */
type BodyForm = 'json' | 'text' | 'any';

/**
 * The filter of a queue's mapping: a message is wanted when one of the patterns matches it, or there is none. A body is
 * taken for JSON when it is an object or an array, and for a plain text otherwise. A pattern for JSON never matches a
 * text, nor one for a text JSON.
 *
 * Source: docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html.
 *
 * @throws InvalidPattern for a pattern that AWS refuses.
 */
export function queueFilter(patterns: readonly string[]): QueueFilter {
  if (patterns.length === 0) return () => true;
  const filters = patterns.map((pattern) => ({ matches: compilePattern(pattern), form: formOf(pattern) }));
  return (record) => {
    const json = jsonOf(record.body);
    const form: BodyForm = json === undefined ? 'text' : 'json';
    const event = { ...record, body: json ?? record.body };
    return filters.some((filter) => (filter.form === 'any' || filter.form === form) && filter.matches(event));
  };
}

function formOf(pattern: string): BodyForm {
  const parsed: unknown = JSON.parse(firstValue(pattern));
  if (typeof parsed !== 'object' || parsed === null || !('body' in parsed)) return 'any';
  return Array.isArray(parsed.body) ? 'text' : 'json';
}

/** The body as an object or an array; undefined for a plain text. */
function jsonOf(body: string): object | undefined {
  if (!/^\s*[{[]/.test(body)) return undefined;
  try {
    const parsed = parseEvent(body);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
