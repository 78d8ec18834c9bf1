import { UsageError } from '../errors.ts';
import { KINDS, type DeadLetters } from './letters.ts';

/**
 * The ids that are meant: a whole id begins with its kind; of any other, a part that only one letter's id has is enough.
 * @throws UsageError for a part that none or several have.
 */
export async function wholeIds(
  letters: Pick<DeadLetters, 'list'>,
  given: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  if (given.every(isWhole)) return [...given];
  const all: string[] = [];
  for await (const { id } of letters.list({}, signal)) all.push(id);
  return given.map((text) => (isWhole(text) ? text : onlyOneWith(text, all)));
}

function isWhole(id: string): boolean {
  return KINDS.some((kind) => id.startsWith(`${kind}.`));
}

function onlyOneWith(part: string, all: readonly string[]): string {
  const fitting = all.filter((id) => id.includes(part));
  const [id] = fitting;
  if (id !== undefined && fitting.length === 1) return id;
  const how = fitting.length === 0 ? 'No dead letter has' : `${fitting.length} dead letters have`;
  throw new UsageError(`${how} "${part}" in the id. Give more of it: orders dlq list shows them all.`);
}
