import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientOf } from './cache/commands.fixture.ts';
import { LocalCloud, type LocalCloudOptions } from './cloud.ts';
import { describeWithEngine } from './tables/tables.fixture.ts';

const DOMAIN = { aws_opensearch_domain: { products: { domain_name: 'shop' } } };
const CACHE = {
  aws_elasticache_replication_group: {
    products: { replication_group_id: 'shop', description: 'x', port: 6379 },
  },
};
const output = {
  search: { value: 'http://${aws_opensearch_domain.products.endpoint}' },
  cache: {
    value:
      'redis://${aws_elasticache_replication_group.products.primary_endpoint_address}:${aws_elasticache_replication_group.products.port}',
  },
};

/** What a request is signed with; signatures are not looked at. */
const SIGNED = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/es/aws4_request, SignedHeaders=host, Signature=0',
  'content-type': 'application/json',
};

describeWithEngine('a local cloud with search and cache', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cloud-'));
  const stackFile = join(folder, 'cdk.tf.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  let cloud: LocalCloud;
  const start = async (stack: object, more: Partial<LocalCloudOptions> = {}) => {
    writeFileSync(stackFile, JSON.stringify(stack));
    cloud = await LocalCloud.start({ stackFile, iam: 'off', ...more });
  };
  afterEach(() => cloud.stop());

  const status = async (): Promise<{ cache: string | null }> =>
    JSON.parse(await (await fetch(`${cloud.endpointUrl}/_local/status`)).text());
  const call = (method: string, path: string, body?: object) =>
    fetch(`${cloud.stack.outputs['search'] ?? cloud.endpointUrl}${path}`, {
      method,
      headers: SIGNED,
      ...(body && { body: JSON.stringify(body) }),
    });

  it('answers both where the stack’s outputs say, until it is stopped', async () => {
    await start({ resource: { ...DOMAIN, ...CACHE }, output });
    const { cache = '', search = '' } = cloud.stack.outputs;
    await call('PUT', '/products', { mappings: { properties: { name: { type: 'text' } } } });
    await call('PUT', '/products/_doc/a', { name: 'WHITE HEART' });
    const found = await (
      await call('POST', '/products/_search', { query: { match: { name: 'heart' } } })
    ).json();
    const client = await clientOf(Number(new URL(cache).port));
    const pong = await client.ping();
    const { cache: kind } = await status();
    await cloud.stop();

    expect(search).toBe(cloud.endpointUrl);
    expect(found).toMatchObject({ hits: { total: { value: 1 }, hits: [{ _id: 'a' }] } });
    expect(pong).toBe('PONG');
    expect(['built-in', 'valkey-server', 'redis-server']).toContain(kind);
    await expect(client.ping()).rejects.toThrow();
    await expect(clientOf(Number(new URL(cache).port))).rejects.toThrow('ECONNREFUSED');
  });

  it('runs neither for a stack that has none', async () => {
    await start({ resource: {} });
    const answer = await call('GET', '/products');

    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('is not run here')]);
    expect((await status()).cache).toBeNull();
  });

  it('gives functions the cache of an operator who has one', async () => {
    await start({ resource: CACHE, output: { cache: output.cache } }, { cacheUrl: 'redis://127.0.0.1:6390' });

    expect([cloud.stack.outputs['cache'], (await status()).cache]).toEqual([
      'redis://127.0.0.1:6390',
      'external',
    ]);
  });

  it('does not start with an address of a cache that it can not give to functions', async () => {
    const started = LocalCloud.start({ stackFile, cacheUrl: 'rediss://127.0.0.1:6390' });
    await expect(started).rejects.toThrow('CACHE_URL must be redis://host:port');
  });
});
