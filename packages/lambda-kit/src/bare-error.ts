/**
 * An error with its name, message and stack alone. AWS's errors carry items of the tables, and so mail addresses and
 * payment tokens, in their other fields; the logger, and Lambda itself, write down every field of an error.
 */
export function bareError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const { name, message, stack } = error;
  return Object.assign(new Error(message), { name, stack });
}
