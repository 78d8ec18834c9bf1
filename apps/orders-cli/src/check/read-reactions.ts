import { archiveFolder, SALES_BY } from '@orderstream/domain';
import { answerAs, askStaffApi } from '../ask-api.ts';
import { openBucket } from '../archive/bucket.ts';
import { eachObject, listed, parsedLine } from '../archive/lines.ts';
import { salesSchema } from '../reports/sales.ts';
import type { Session } from '../session.ts';
import type { TableMemory } from './memory.ts';
import type { ToldSales } from './sums.ts';

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
      const lines: [string, string][] = [];
      await eachObject(bucket, await listed(bucket.list(archiveFolder(table))), signal, (_object, text) => {
        for (const line of text.split('\n')) if (line !== '') lines.push([eventIdOf(line), line]);
      });
      memories.push({ table, changes: rows.map(({ eventId }) => String(eventId)), lines });
    }
    return memories;
  } finally {
    bucket.close();
  }
}

function eventIdOf(line: string): string {
  return String(Reflect.get(Object(parsedLine(line)), 'eventId'));
}
