import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalCloud, type LocalCloudOptions } from './cloud.ts';
import { describeWithEngine } from './tables/tables.fixture.ts';

const STACK = {
  resource: {
    aws_dynamodb_table: {
      orders: {
        name: 'orders',
        hash_key: 'id',
        attribute: [{ name: 'id', type: 'S' }],
        stream_enabled: true,
        stream_view_type: 'NEW_AND_OLD_IMAGES',
      },
    },
    aws_apigatewayv2_api: { customers: { name: 'customers', protocol_type: 'HTTP' } },
    aws_apigatewayv2_stage: {
      customers: { api_id: '${aws_apigatewayv2_api.customers.id}', name: '$default', auto_deploy: true },
    },
  },
};

/** The process of the engine that this one has started. */
function enginePid(): number {
  const children = execFileSync('ps', ['-o', 'pid=,comm=', '--ppid', `${process.pid}`]).toString();
  return Number(/^\s*(\d+) dynoxide$/m.exec(children)![1]);
}

describeWithEngine('a local cloud', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cloud-'));
  const stackFile = join(folder, 'cdk.tf.json');
  beforeAll(() => writeFileSync(stackFile, JSON.stringify(STACK)));
  afterAll(() => rmSync(folder, { recursive: true }));

  let cloud: LocalCloud;
  const start = async (more: Partial<LocalCloudOptions> = {}) => {
    cloud = await LocalCloud.start({ stackFile, ...more });
  };
  afterEach(() => cloud.stop().catch(() => undefined));

  const status = async (): Promise<{ ready: boolean; inFlight: Record<string, number> }> =>
    JSON.parse(await (await fetch(`${cloud.endpointUrl}/_local/status`)).text());
  const put = () =>
    fetch(cloud.endpointUrl, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.PutItem' },
      body: JSON.stringify({ TableName: 'orders', Item: { id: { S: 'a' } } }),
    });

  it('answers calls of Lambda’s own API', async () => {
    await start();

    const answer = await fetch(`${cloud.endpointUrl}/2015-03-31/functions`);

    expect(await answer.json()).toMatchObject({ Functions: [] });
  });

  it('is no longer ready when its table engine ends, says so, and lets go of what was under way', async () => {
    const end = Promise.withResolvers<Error>();
    await start({ onEnd: end.resolve });
    await put();
    const engine = enginePid();
    process.kill(engine, 'SIGSTOP');
    const write = put();
    while ((await status()).inFlight['write'] !== 1);
    const before = await status();

    process.kill(engine, 'SIGKILL');

    expect((await end.promise).message).toBe('The table engine ended (SIGKILL). Start again: npm start');
    expect((await write).status).toBe(500);
    await cloud.settled();
    expect([before.ready, (await status()).ready]).toEqual([true, false]);
  });

  it('can be stopped twice', async () => {
    await start();

    await Promise.all([cloud.stop(), cloud.stop()]);
    await cloud.stop();

    await expect(status()).rejects.toThrow('fetch failed');
  });

  it('stops the rest when one part can not be stopped, and tells which error that was', async () => {
    await start();
    jest.spyOn(cloud.mappings, 'stop').mockImplementation(() => {
      throw new Error('stuck');
    });

    await expect(cloud.stop()).rejects.toThrow('The local cloud did not end cleanly: stuck');

    await expect(status()).rejects.toThrow('fetch failed');
    expect(() => cloud.journal.flush()).not.toThrow();
    expect(() => cloud.journal.get('SELECT 1')).toThrow('database is not open');
  });
});
