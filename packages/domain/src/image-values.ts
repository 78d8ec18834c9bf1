// Reading values of an item's image. Whoever wrote the item may have written anything: what is not as it should be is
// left out, so that everything made of these values is small and can be told.

/** Characters of a text that is told; no real name, code, number or time of ours is longer. */
const LONGEST_TEXT = 500;

/** X-Ray's trace header as Step Functions takes it: https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html */
const TRACE_HEADER = /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}[\x20-\x7e]{0,200}$/;

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= LONGEST_TEXT ? value : undefined;
}

export function traceOf(value: unknown): string | undefined {
  return typeof value === 'string' && TRACE_HEADER.test(value) ? value : undefined;
}

/** Whether it is an object with fields: no list, no null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as an error tells it. Texts that are no code of ours may be a person's data, and are told by their length. */
export function shown(value: unknown): string {
  if (typeof value === 'string' && !/^[A-Z_]{1,20}$/.test(value))
    return `(a text of ${value.length} characters)`;
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '(a list)' : '(a map)';
  return typeof value === 'string' ? `"${value}"` : String(value);
}
