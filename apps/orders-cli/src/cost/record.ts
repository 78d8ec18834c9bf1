import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CloudClient } from '../cloud-client.ts';
import { UsageError } from '../errors.ts';
import { figuresOf, orderRows } from '../figures.ts';
import { prepareStack, ROOT } from '../prepare.ts';
import { sampleOrders } from '../sample/orders.ts';
import { sendOrders, stockShop } from '../sample/send.ts';
import { sessionOf, type Session } from '../session.ts';
import { startCloud } from '../start-cloud.ts';
import { readingSchema, type RecordedPreset } from './recording.ts';
import { stackFacts } from './stack-facts.ts';
import type { Recording } from './usage.ts';

/** Orders a second while they are metered: in the small preset so few that each is alone, and nothing shares a batch. */
const PACES: Readonly<Record<RecordedPreset, number>> = { standard: 2, 'free-tier': 0.15 };
const SEED = 1;
const STACK = 'stacks/orderstream/cdk.tf.json';

/** Runs a preset's stack with sample orders and reads what the meter counted for them, the catalogue left out. */
export async function record(
  preset: RecordedPreset,
  orders: number,
  options: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<Recording> {
  const folder = mkdtempSync(join(tmpdir(), 'orders-cost-'));
  try {
    const stackFile = await synthesizePreset(preset, folder, options);
    const { say, signal } = options;
    const cloud = await startCloud({ port: 0, apiPort: 0, say, signal, stackFile });
    const session = await sessionOf(new CloudClient(cloud.endpointUrl), true, () => cloud.stop());
    try {
      await stockShop(session);
      await session.cloud.settled(signal);
      await session.cloud.meter(true);
      const perSecond = PACES[preset];
      say(`Sending ${orders} orders, ${perSecond} a second …`);
      const pace = { perSecond, signal, onSent: () => undefined };
      const sample = sampleOrders(orders, SEED);
      await sendOrders(session, sample, pace);
      await session.cloud.settled(signal);
      return {
        command: `npm run orders -- cost --record ${preset} --orders ${orders}`,
        recordedOn: new Date().toISOString().slice(0, 10),
        preset,
        orders: await ordersEnded(session),
        linesPerOrder: sample.reduce((sum, { body }) => sum + body.lines.length, 0) / orders,
        stack: stackFacts(readFileSync(stackFile, 'utf8')),
        reading: readingSchema.parse(await session.cloud.meter()),
      };
    } finally {
      await session.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many orders of a cloud have come to an end. */
export async function ordersEnded(session: Session): Promise<number> {
  const rows = [];
  for await (const row of orderRows(session)) rows.push(row);
  const { placed, open } = figuresOf(rows);
  return placed - open;
}

/** The preset's stack, from bundles that are up to date, in a folder of its own. */
async function synthesizePreset(
  preset: RecordedPreset,
  folder: string,
  { say, signal }: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<string> {
  await prepareStack(say, signal);
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/.bin/tsx'), 'infra/src/main.ts'], {
    cwd: ROOT,
    signal,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ORDERSTREAM_PRESET: preset, ORDERSTREAM_LOG_LEVEL: 'INFO', CDKTF_OUTDIR: folder },
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<unknown[]>]);
  if (code !== 0) throw new UsageError(`The preset ${preset} can't be synthesized: ${said}`, 1);
  return join(folder, STACK);
}
