const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;

/** Whether it is a time as items hold it: ISO 8601 in UTC with seconds, such as `2026-01-01T09:30:00.000Z`. */
export function isInstant(value: unknown): value is string {
  if (typeof value !== 'string' || !INSTANT.test(value)) return false;
  const time = new Date(value);
  // A day that no calendar has, such as 30 February, would be read as another.
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(value.slice(0, 19));
}
