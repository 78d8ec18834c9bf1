import { createHash } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { archiveFolder, SALES_BY } from '@orderstream/domain';
import * as z from 'zod';
import { answerAs, askStaffApi } from '../ask-api.ts';
import { openBucket } from '../archive/bucket.ts';
import { eachObject, listed, parsedLine } from '../archive/lines.ts';
import { salesSchema } from '../reports/sales.ts';
import type { CloudClient } from '../cloud-client.ts';
import { outputOf, type Session } from '../session.ts';
import type { KeptLine, TableMemory } from './memory.ts';
import { moveIn } from './path.ts';
import type { ToldSales } from './sums.ts';
import { claimKey, type Claims, type SentMail } from './told.ts';

/** Messages that the outbox is asked for at once: they come with their texts. */
const MESSAGES = 1_000;

const outboxSchema = z.array(
  z.object({
    id: z.string(),
    channel: z.string(),
    tags: z.object({ orderId: z.string().optional(), type: z.string().optional() }),
  }),
);
/** Begins the metric of claims in the summaries table. */
const CLAIMS = 'notification#';
const claimSchema = z.object({ attempts: z.number() });

/** The sales figures as the staff's API tells them. */
export async function readToldSales(session: Session, signal: AbortSignal): Promise<ToldSales> {
  const told: Partial<Record<keyof ToldSales, ToldSales[keyof ToldSales]>> = {};
  for (const by of SALES_BY) {
    const answer = await askStaffApi(session, { path: '/sales', query: { by }, signal });
    const { rows } = answerAs(salesSchema, answer, 'GET /sales');
    told[by] = new Map(
      rows.map((row) => [
        String(row[by]),
        { orders: Number(row['orders']), units: Number(row['units']), revenue: String(row['revenue']) },
      ]),
    );
  }
  const { day, hour, country, product } = told;
  const none: ToldSales[keyof ToldSales] = new Map();
  return { day: day ?? none, hour: hour ?? none, country: country ?? none, product: product ?? none };
}

/** What the streams had, and what the audit trail has of it. */
export async function readMemory(session: Session, signal: AbortSignal): Promise<TableMemory[]> {
  const bucket = await openBucket(session, 'archive_bucket');
  try {
    const memories: TableMemory[] = [];
    for (const table of ['orders', 'products', 'stock'] as const) {
      const rows = await session.cloud.journal('change-ids', { table: session.tables[table] });
      const lines: KeptLine[] = [];
      await eachObject(bucket, await listed(bucket.list(archiveFolder(table))), signal, (_object, text) => {
        for (const line of text.split('\n')) if (line !== '') lines.push(keptLine(line));
      });
      memories.push({ table, changes: rows.map(({ eventId }) => String(eventId)), lines });
    }
    return memories;
  } finally {
    bucket.close();
  }
}

function keptLine(text: string): KeptLine {
  const line: unknown = parsedLine(text);
  const digest = createHash('sha256').update(text).digest('base64');
  return { eventId: String(Reflect.get(Object(line), 'eventId')), digest, move: moveIn(line) };
}

/** All mail about orders that went out, newest first. */
export async function readMail({
  cloud,
}: {
  readonly cloud: Pick<CloudClient, 'outbox'>;
}): Promise<SentMail[]> {
  const mail: SentMail[] = [];
  for (let before: string | undefined; ;) {
    const query = { limit: String(MESSAGES), ...(before === undefined ? {} : { before }) };
    const messages = outboxSchema.parse(await cloud.outbox(query));
    for (const { channel, tags } of messages) {
      const { orderId, type } = tags;
      if (channel === 'mail' && orderId !== undefined && type !== undefined) mail.push({ orderId, type });
    }
    before = messages.at(-1)?.id;
    if (before === undefined || messages.length < MESSAGES) return mail;
  }
}

/** How often each mail was taken up, as the claims in the summaries table say. */
export async function readClaims(session: Session): Promise<Claims> {
  const claims = new Map<string, number>();
  let from: Record<string, unknown> | undefined;
  do {
    const page = await session.documents.send(
      new ScanCommand({
        TableName: outputOf(session, 'summaries_table'),
        FilterExpression: 'begins_with(metric, :claims) AND #bucket = :mail',
        ExpressionAttributeNames: { '#bucket': 'bucket' },
        ExpressionAttributeValues: { ':claims': CLAIMS, ':mail': 'mail' },
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    for (const { metric, ...types } of page.Items ?? []) {
      const orderId = String(metric).slice(CLAIMS.length);
      for (const [type, claim] of Object.entries(types)) {
        const read = claimSchema.safeParse(claim);
        if (read.success) claims.set(claimKey({ orderId, type }), read.data.attempts);
      }
    }
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return claims;
}
