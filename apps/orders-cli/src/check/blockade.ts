import type { WholeLetter } from '../dead-letters/letters.ts';
import type { LawResult } from './laws.ts';

/** Law 7: what nobody could process waits whole, so that it can be replayed from its dead letter alone. */
export function lettersAreWhole(letters: readonly WholeLetter[]): LawResult {
  const violations = letters.flatMap((letter) =>
    isWhole(letter)
      ? []
      : [`dead letter ${letter.id} of ${letter.source} does not hold what is needed to replay it`],
  );
  return { law: 7, name: 'No blockade', checked: letters.length, of: 'dead letters', violations };
}

/** Changes and unreadable records say what they were; an event and an execution's input are objects. */
function isWhole({ kind, records, payload }: WholeLetter): boolean {
  const text = JSON.stringify(payload ?? null);
  if (payload === undefined || payload === null || text === '{}') return false;
  if (kind === 'change') return records === 0 ? isWindowEnd(payload) : imagesIn(payload) >= records;
  if (kind === 'quarantine') return imagesIn(payload) >= 1;
  return true;
}

/** The end of a tumbling window has no changes: what it takes is the state that was counted so far. */
function isWindowEnd(payload: unknown): boolean {
  const event: unknown = Reflect.get(Object(payload), 'payload');
  const [final, state] = [
    Reflect.get(Object(event), 'isFinalInvokeForWindow'),
    Reflect.get(Object(event), 'state'),
  ];
  return final === true && typeof state === 'object' && state !== null;
}

/** How many records with an image or a key stand anywhere in a document. */
function imagesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if ('dynamodb' in value && typeof value.dynamodb === 'object' && value.dynamodb !== null) {
    return 'Keys' in value.dynamodb ? 1 : 0;
  }
  return Object.values(value).reduce((sum: number, each) => sum + imagesIn(each), 0);
}
