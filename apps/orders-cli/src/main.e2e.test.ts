import { once } from 'node:events';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloudProcess, type CloudProcess } from './bench/cloud-process.ts';
import { runCommand } from './testing/command.ts';

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

    it('says so in one line, with the remedy', async () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;

      const { stderr, code } = await runCommand('start', '--exit', '--orders', '0', '--port', String(port));

      expect(stderr.trim().split('\n').at(-1)).toMatch(new RegExp(`${port}.*--port`));
      expect(code).toBe(1);
    });
  });

  describe('with a running local cloud', () => {
    let cloud: CloudProcess;
    beforeAll(async () => {
      cloud = await startCloudProcess(AbortSignal.timeout(100_000));
    });
    afterAll(() => cloud.stop());

    const port = () => new URL(cloud.session.cloud.endpoint).port;
    const json = async (...args: string[]) => {
      const { stdout, code } = await runCommand(...args, '--port', port(), '--json');
      return { code, document: JSON.parse(stdout) as Record<string, unknown> };
    };

    it('places, follows, shows and cancels orders', async () => {
      const { addProducts, receiveGoods } = await import('./replay/write.ts');
      await addProducts(cloud.session, [{ sku: 'MUG', name: 'Mug', unitPrice: '10', currency: 'GBP' }]);
      await receiveGoods(cloud.session, 'test', new Map([['MUG', 10]]));

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

    it('stops everything that it started on SIGTERM, within five seconds', async () => {
      const own = await startCloudProcess(AbortSignal.timeout(100_000));
      const since = performance.now();

      await own.stop();

      expect(performance.now() - since).toBeLessThan(5_000);
      expect(await own.session.cloud.status()).toBeUndefined();
    });
  });
});
