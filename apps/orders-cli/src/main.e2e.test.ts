import { once } from 'node:events';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { freePort } from '@orderstream/local-cloud';
import { startCloudProcess, type CloudProcess } from './bench/cloud-process.ts';
import { addProducts, receiveGoods } from './replay/write.ts';
import { runCommand, says, startCommand, startProgram } from './testing/command.ts';
import { allGone, descendantNamed, descendants } from './testing/processes.ts';

jest.setTimeout(120_000);

describe('the command line', () => {
  it.each([
    [['nonsense'], /There is no command "nonsense"\. Commands: start, status/],
    [['get'], /Usage: orders get <orderId>/],
    [['status', '--port', 'x'], /--port is x, but must be a whole number/],
    [['start', '--orders', '-1'], /--orders/],
    [['replay', 'x', '--stok', '4'], /Unknown option '--stok'.*Usage: orders replay/],
    [['check', '--target', 'aws'], /--target is aws, but only local is there/],
  ])('refuses %j with the next step', async (args, message) => {
    const { stderr, stdout, code } = await runCommand(...args);

    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  });

  it('names the line of a bad file and starts nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orders-'));
    const file = join(folder, 'bad.ndjson');
    writeFileSync(file, '{"invoiceNo": "536365"}\n');

    const { stderr, code } = await runCommand('replay', file, '--json');

    rmSync(folder, { recursive: true });
    expect(stderr).toMatch(/bad\.ndjson: line 1: invoiceDate: /);
    expect(code).toBe(1);
  });

  it('says that no local cloud is there, and starts none to find out', async () => {
    const { stdout, code } = await runCommand('status', '--json', '--port', '1');

    expect(JSON.parse(stdout)).toEqual({ ready: false, endpoint: 'http://127.0.0.1:1' });
    expect(code).toBe(1);
  });

  describe('with a port that is taken', () => {
    let server: Server;
    beforeAll(async () => {
      server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
    });
    afterAll(() => server.close());

    it.each([
      ['the endpoint', 0],
      ['the API', 1],
    ])('says so in one line, with the remedy, for %s', async (_, above) => {
      const address = server.address();
      const taken = typeof address === 'object' && address !== null ? address.port : 0;
      const port = String(taken - above);

      const { stderr, code } = await runCommand('start', '--exit', '--orders', '0', '--port', port);

      expect(stderr.trim().split('\n').at(-1)).toMatch(new RegExp(`${taken}.*--port`));
      expect(stderr).not.toMatch(/^ +at /m);
      expect(code).toBe(1);
    });
  });

  describe('with a running local cloud', () => {
    let cloud: CloudProcess;
    beforeAll(async () => {
      cloud = await startCloudProcess(AbortSignal.timeout(100_000));
      await addProducts(cloud.session, [{ sku: 'MUG', name: 'Mug', unitPrice: '10', currency: 'GBP' }]);
      await receiveGoods(cloud.session, 'test', new Map([['MUG', 10]]));
    });
    afterAll(() => cloud.stop());

    const port = () => new URL(cloud.session.cloud.endpoint).port;
    const json = async (...args: string[]) => {
      const { stdout, code } = await runCommand(...args, '--port', port(), '--json');
      return { code, document: JSON.parse(stdout) as Record<string, unknown> };
    };

    it('places, follows, shows and cancels orders', async () => {
      const placed = await json('place', '--sku', 'MUG', '--quantity', '2');
      const orderId = String(placed.document['orderId']);
      await cloud.session.cloud.settled(AbortSignal.timeout(60_000));
      const shown = await json('get', orderId);
      const cancelled = await json('cancel', orderId);
      const traced = await json('trace', orderId);

      expect(placed).toMatchObject({ code: 0, document: { status: 'PLACED', currency: 'GBP' } });
      expect(shown).toMatchObject({ code: 0, document: { orderId, status: 'SHIPPED' } });
      expect(shown.document).not.toHaveProperty('paymentToken');
      expect(cancelled).toMatchObject({ code: 1, document: { status: 409 } });
      expect(JSON.stringify(traced.document['entries'])).toMatch(
        /PLACED → VALIDATED.*ShipOrder.*OrderShipped/,
      );
      expect(await json('check')).toMatchObject({ code: 0, document: { violations: 0 } });
    });

    it('checks once nothing is under way any more', async () => {
      const placed = await json('place', '--sku', 'MUG', '--token', 'tok_slow_2000');

      const checked = await json('check');

      const shown = await json('get', String(placed.document['orderId']));
      expect(checked).toMatchObject({ code: 0, document: { violations: 0 } });
      expect(shown.document).toMatchObject({ status: 'SHIPPED' });
    });

    it('finds no law broken by an order that is rejected for what it lacks, but by one that is none', async () => {
      const { documents, tables } = cloud.session;
      const at = new Date().toISOString();
      const put = (order: object) =>
        documents.send(
          new PutCommand({
            TableName: tables.orders,
            Item: { itemVersion: Date.now(), placedAt: at, updatedAt: at, ...order },
          }),
        );

      await put({ orderId: 'bare', status: 'PLACED' });
      const rejected = await json('check');
      await put({ orderId: 'bogus', status: 'BOGUS' });
      const broken = await json('check');

      expect((await json('get', 'bare')).document).toMatchObject({ status: 'REJECTED' });
      expect(rejected).toMatchObject({ code: 0, document: { violations: 0 } });
      expect(broken).toMatchObject({ code: 1, document: { violations: 1 } });
      expect(JSON.stringify(broken.document['laws'])).toMatch(/orders item .*bogus.* can't be read: status/);
    });
  });

  it('places an order of the sample shop where no local cloud is running', async () => {
    const port = String(await freePort(3));

    const { stdout, code } = await runCommand('place', '--sku', 'MUG-HERON', '--port', port, '--json');

    expect(JSON.parse(stdout)).toMatchObject({ status: 'PLACED' });
    expect(code).toBe(0);
  });

  describe('stops everything that it started, within five seconds,', () => {
    const orders = (args: string[]) => startCommand('start', ...args);
    const npm = (args: string[]) => startProgram('npm', ['start', '--', ...args]);
    const itself = (pid: number) => pid;
    const itsChild = (pid: number) => descendants(pid)[0];

    it.each([
      ['SIGINT to orders start', 'SIGINT', orders, itself],
      ['SIGTERM to orders start', 'SIGTERM', orders, itself],
      ['SIGTERM to what npm start runs', 'SIGTERM', npm, itsChild],
    ] as const)('on %s', async (_, signal, start, target) => {
      const started = start(['--orders', '0', '--port', String(await freePort(3))]);
      const pid = started.child.pid ?? 0;
      await says(started, 'Ctrl-C ends it.');
      const processes = [pid, ...descendants(pid)];
      const since = performance.now();

      process.kill(target(pid) ?? 0, signal);
      const { code } = await started.ended;
      await allGone(processes);

      expect(performance.now() - since).toBeLessThan(5_000);
      expect(code).toBe(0);
      expect(processes.length).toBeGreaterThan(1);
    });
  });

  it('ends with one line and exit 1 when the table engine does', async () => {
    const started = startCommand('start', '--orders', '0', '--port', String(await freePort(3)));
    await says(started, 'Ctrl-C ends it.');
    const engine = descendantNamed(started.child.pid ?? 0, 'dynoxide');

    process.kill(engine, 'SIGKILL');
    const { stderr, code } = await started.ended;

    expect(stderr.trim().split('\n').at(-1)).toMatch(/table engine .*Start again: npm start/);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
  });
});
