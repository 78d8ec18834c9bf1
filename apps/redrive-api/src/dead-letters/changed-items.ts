import { record } from '../json.ts';
import { MOST_SUBJECTS } from './letter.ts';

/** What the items of a table are called in a subject. */
const SUBJECT: Readonly<Record<string, string>> = { orders: 'order', products: 'product' };

/** Physical name of the table with a stream: `arn:aws:dynamodb:<region>:<account>:table/<name>/stream/<label>`. */
export function tableIn(streamArn: unknown): string {
  return typeof streamArn === 'string' ? (streamArn.split('/')[1] ?? '') : '';
}

/** The items that these records changed, each once: their table's and their keys' text. */
export function itemsOf(records: readonly unknown[]): string[] {
  const items = records.map((one) => {
    const { eventSourceARN, dynamodb } = record(one);
    return `${tableIn(eventSourceARN)} ${JSON.stringify(record(dynamodb)['Keys'] ?? null)}`;
  });
  return [...new Set(items)];
}

/** What these records speak of: `order 536365`. @param table its name in the design. */
export function subjectsOf(table: string, records: readonly unknown[]): string[] {
  const subjects = new Set<string>();
  for (const one of records) {
    const [key] = Object.values(record(record(record(one)['dynamodb'])['Keys']));
    const [value] = Object.values(record(key));
    if (typeof value === 'string') subjects.add(`${SUBJECT[table] ?? table} ${value.slice(0, 64)}`);
    if (subjects.size === MOST_SUBJECTS) break;
  }
  return [...subjects];
}
