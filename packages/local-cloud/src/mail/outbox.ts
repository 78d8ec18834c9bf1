import type { Journal } from '../journal/journal.ts';
import type { JournalRows } from '../journal/rows.ts';

/** A mail or SMS that was sent, as the outbox shows it. */
export interface OutboxMessage {
  readonly id: string;
  readonly channel: string;
  /** ISO 8601 */
  readonly at: string;
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly function: string;
  readonly outcome: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

export interface OutboxFilter {
  /** One of the recipients, whatever the case of its letters. */
  readonly recipient?: string | undefined;
  /** What a tag says, or a word of subject or text. */
  readonly orderId?: string | undefined;
  /** Id of a message: only older ones are wanted. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Messages that match, newest first. */
export function messagesIn(
  journal: Journal,
  { recipient, orderId, before, limit }: OutboxFilter,
): OutboxMessage[] {
  const conditions: string[] = [];
  const parameters: string[] = [];
  if (recipient !== undefined) {
    conditions.push(`instr(', ' || lower(recipient) || ', ', ', ' || ? || ', ') > 0`);
    parameters.push(recipient.toLowerCase());
  }
  if (orderId !== undefined) {
    conditions.push(`instr(tags || ' ' || subject || ' ' || text, ?) > 0`);
    parameters.push(orderId);
  }
  if (before !== undefined) {
    conditions.push(`rowid < (SELECT rowid FROM messages WHERE id = ?)`);
    parameters.push(before);
  }
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const found: OutboxMessage[] = [];
  for (const row of journal.each('messages', `${where} ORDER BY rowid DESC`, ...parameters)) {
    const message = fromRow(row);
    if (orderId !== undefined && !isAbout(message, orderId)) continue;
    found.push(message);
    if (found.length === limit) break;
  }
  return found;
}

export function messageWithId(journal: Journal, id: string): OutboxMessage | undefined {
  const [row] = journal.rows('messages', 'WHERE id = ?', id);
  return row && fromRow(row);
}

function fromRow(row: JournalRows['messages']): OutboxMessage {
  return {
    ...row,
    at: new Date(row.at).toISOString(),
    tags: textsIn(row.tags),
    headers: textsIn(row.headers),
  };
}

function textsIn(json: string): Record<string, string> {
  const value: unknown = JSON.parse(json);
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([name, text]) => [name, String(text)]));
}

/** Whether an order is named, and not only one whose id begins alike: ids are made of letters, digits, `_` and `-`. */
function isAbout({ tags, subject, text }: OutboxMessage, orderId: string): boolean {
  const words = `${subject} ${text}`.split(/[^\w-]+/);
  return Object.values(tags).includes(orderId) || words.includes(orderId);
}
