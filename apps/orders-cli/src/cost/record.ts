import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { CloudClient } from '../cloud-client.ts';
import { orderRows } from '../figures.ts';
import { sampleOrders } from '../sample/orders.ts';
import { sendOrders, stockShop } from '../sample/send.ts';
import { sessionOf, type Session } from '../session.ts';
import { startCloud } from '../start-cloud.ts';
import { synthesizedWith } from '../synthesis.ts';
import { readingSchema, type RecordedPreset } from './recording.ts';
import { stackFacts, type StackFacts } from './stack-facts.ts';
import type { Recording } from './usage.ts';

/** Orders a second while they are metered: in the small preset so few that each is alone, and nothing shares a batch. */
const PACES: Readonly<Record<RecordedPreset, number>> = { standard: 2, 'free-tier': 0.15 };
const SEED = 1;
/** More than the longest window of a mapping, so that the last one is counted, and less than sweeps are apart. */
const WINDOWS_END_MS = 120_000;
/** What a stack is not synthesized without in production; none of it costs money. */
const PROD: Readonly<Record<string, string>> = {
  ORDERSTREAM_ENV: 'prod',
  ORDERSTREAM_MAIL_FROM: 'shop@example.com',
  ORDERSTREAM_STATE_BUCKET: 'orderstream-state-123456789012-eu-west-1',
  ORDERSTREAM_PAYMENT_GATEWAY: 'sandbox',
  ORDERSTREAM_CARRIER: 'sandbox',
  ORDERSTREAM_ALARM_MAIL: 'none',
};

/** Runs a preset's stack with sample orders and reads what the meter counted for them, the catalogue left out. */
export async function record(
  preset: RecordedPreset,
  orders: number,
  { say, signal }: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<Recording> {
  const prod = await factsInProd(preset);
  const settings = { ORDERSTREAM_PRESET: preset, ORDERSTREAM_LOG_LEVEL: 'INFO' };
  const { stackFile, remove } = await synthesizedWith(settings, say, signal);
  try {
    const cloud = await startCloud({ port: 0, apiPort: 0, say, signal, stackFile });
    const session = await sessionOf(new CloudClient(cloud.endpointUrl), true, () => cloud.stop());
    try {
      await stockShop(session);
      await session.cloud.settled(signal);
      await session.cloud.meter(true);
      const perSecond = PACES[preset];
      say(`Sending ${orders} orders, ${perSecond} a second …`);
      const sample = sampleOrders(orders, SEED);
      await sendOrders(session, sample, { perSecond, signal, onSent: () => undefined });
      await session.cloud.settled(signal);
      await session.cloud.clock(WINDOWS_END_MS, signal);
      await session.cloud.settled(signal);
      const { orders: ended, reading } = await metered(session);
      return {
        command: `npm run orders -- cost --record ${preset} --orders ${orders}`,
        recordedOn: new Date().toISOString().slice(0, 10),
        preset,
        orders: ended,
        linesPerOrder: sample.reduce((sum, { body }) => sum + body.lines.length, 0) / orders,
        stack: stackFacts(readFileSync(stackFile, 'utf8')),
        prod,
        reading,
      };
    } finally {
      await session.close();
    }
  } finally {
    remove();
  }
}

/** What a preset's stack costs money for without an order. */
export async function factsOf(
  preset: RecordedPreset,
  settings: Readonly<Record<string, string>> = {},
): Promise<StackFacts> {
  const { stackFile, remove } = await synthesizedWith({ ...settings, ORDERSTREAM_PRESET: preset });
  try {
    return stackFacts(readFileSync(stackFile, 'utf8'));
  } finally {
    remove();
  }
}

/** The same in the environment prod. */
export function factsInProd(preset: RecordedPreset): Promise<StackFacts> {
  return factsOf(preset, PROD);
}

const sinceSchema = z.object({ since: z.iso.datetime() });

/** What a cloud has counted, since when, and how many orders have ended since: with kept state there are earlier ones. */
export async function metered(
  session: Pick<Session, 'cloud' | 'documents' | 'tables'>,
): Promise<{ readonly since: string; readonly orders: number; readonly reading: Recording['reading'] }> {
  const answer = await session.cloud.meter();
  const { since } = sinceSchema.parse(answer);
  let orders = 0;
  for await (const { closedAt } of orderRows(session))
    if (closedAt !== undefined && Date.parse(closedAt) >= Date.parse(since)) orders += 1;
  return { since, orders, reading: readingSchema.parse(answer) };
}
