/** Bytes that the records of one event may take, each with its comma: what a synchronous invocation takes is 6 MB. */
export const LARGEST_BATCH = 6 * 1024 * 1024 - Buffer.byteLength('{"Records":[]}');

/**
 * The event of a batch, made of its records' JSON texts: nothing is stringified again.
 *
 * @param members further members, as JSON text without the braces.
 */
export function batchEvent(records: readonly string[], members = ''): string {
  return `{"Records":[${records.join(',')}]${members && `,${members}`}}`;
}

/** Bytes that a record takes in its event. */
export function recordBytes(record: string): number {
  return Buffer.byteLength(record) + 1;
}

/** How many of these records, from the first on, one event takes; at least one. @param room bytes for all of them. */
export function fitting(records: readonly string[], room = LARGEST_BATCH): number {
  let bytes = 0;
  const excess = records.findIndex((record) => (bytes += recordBytes(record)) > room);
  return excess < 0 ? records.length : Math.max(1, excess);
}
