import * as z from 'zod';
import { table } from '../output.ts';

/** Mail and SMS that were sent, as the local cloud lists them. */
export const outboxSchema = z.array(
  z.looseObject({
    id: z.string(),
    channel: z.string(),
    at: z.string(),
    recipient: z.string(),
    subject: z.string(),
    text: z.string().optional(),
    outcome: z.string(),
  }),
);
export type Outbox = z.infer<typeof outboxSchema>;

/** Characters of an SMS, or of a subject, in the table. */
const LONGEST = 60;

/** What was sent, oldest first, and where it can be read as it looks. */
export function outboxText(messages: Outbox, endpoint: string): string {
  if (messages.length === 0) return 'Nothing like that was sent.';
  const rows = messages
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ at, channel, recipient, outcome, subject, text = '' }) => [
      at,
      channel,
      recipient,
      outcome,
      shortened(subject || text),
    ]);
  return `${table(rows)}\n\nRead them as they look: ${endpoint}/_local/outbox?format=html`;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}
