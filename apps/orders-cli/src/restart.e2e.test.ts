import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { freePort } from '@orderstream/local-cloud';
import { runCommand, says, startCommand, type Started } from './testing/command.ts';
import { allGone, descendants } from './testing/processes.ts';

jest.setTimeout(240_000);

const ORDERS = 20;

/** Invoices as the trusted import takes them, a line each. */
function invoices(): string {
  return Array.from({ length: ORDERS }, (_, n) => {
    const lines = [0, 1].map((line) => ({
      stockCode: `SKU-${(n + line) % 7}`,
      description: 'MUG',
      quantity: 1 + ((n + line) % 3),
      unitPrice: '2.55',
    }));
    const head = { invoiceNo: String(536_365 + n), invoiceDate: '2011-11-14T08:26:00', customerId: '17850' };
    const rest = { invoiceDateKind: 'naive-local', country: 'United Kingdom', cancellation: false };
    return JSON.stringify({ ...head, ...rest, lines });
  }).join('\n');
}

describe('a local cloud with a state folder', () => {
  let state: string;
  let file: string;
  let port: string;
  let cloud: Started | undefined;

  beforeAll(async () => {
    state = mkdtempSync(join(tmpdir(), 'orders-state-'));
    file = join(state, '../', `${basename(state)}.ndjson`);
    writeFileSync(file, invoices());
    port = String(await freePort(3));
  });
  afterAll(async () => {
    if (cloud) await kill(cloud);
    rmSync(state, { recursive: true });
    rmSync(file);
  });

  const start = async (): Promise<Started> => {
    cloud = startCommand('start', '--orders', '0', '--port', port, '--state', state);
    await says(cloud, 'Ctrl-C ends it');
    return cloud;
  };
  const replay = () => startCommand('replay', file, '--port', port, '--json');

  it('loses nothing when its whole process tree is killed in the middle, again and again', async () => {
    for (const moment of ['placing ██░', 'placing ████████████', `${ORDERS}/${ORDERS}`]) {
      const running = await start();
      const replaying = replay();
      await says(replaying, moment);
      await kill(running);
      await replaying.ended;
    }
    await start();

    const { stdout, code } = await replay().ended;
    const check = await runCommand('check', '--port', port, '--json');

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ placed: ORDERS, shipped: ORDERS });
    expect(JSON.parse(check.stdout)).toMatchObject({ violations: 0 });
  });
});

/** kill -9 of a program and of all that it has started. */
async function kill({ child }: Started): Promise<void> {
  const pids = [child.pid ?? 0, ...descendants(child.pid ?? 0)];
  const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
  await exited;
  await allGone(pids);
}
