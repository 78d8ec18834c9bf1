import { resolveStack } from '../read.ts';
import { problemsOf, resolveParts } from '../stack.fixture.ts';

const domain = {
  domain_name: 'shop',
  engine_version: 'OpenSearch_2.19',
  cluster_config: { instance_type: 't3.small.search', instance_count: 1 },
  ebs_options: { ebs_enabled: true, volume_size: 10 },
  vpc_options: { subnet_ids: ['subnet-1'] },
  encrypt_at_rest: { enabled: true },
  node_to_node_encryption: { enabled: true },
  domain_endpoint_options: { enforce_https: true, tls_security_policy: 'Policy-Min-TLS-1-2-2019-07' },
  advanced_security_options: { enabled: false },
  auto_tune_options: { desired_state: 'DISABLED' },
  access_policies: '{}',
};
const group = {
  replication_group_id: 'shop',
  description: 'products',
  engine: 'valkey',
  engine_version: '8.0',
  node_type: 'cache.t4g.micro',
  num_cache_clusters: 1,
  port: 6379,
  subnet_group_name: '${aws_elasticache_subnet_group.it.name}',
  at_rest_encryption_enabled: 'true',
  transit_encryption_enabled: false,
  apply_immediately: true,
};
const resource = {
  aws_opensearch_domain: { it: domain },
  aws_opensearch_domain_policy: { it: { domain_name: 'shop', access_policies: '{}' } },
  aws_elasticache_replication_group: { it: group },
  aws_elasticache_subnet_group: { it: { name: 'shop', subnet_ids: ['subnet-1'] } },
};
const output = {
  search: { value: 'http://${aws_opensearch_domain.it.endpoint}' },
  domain: { value: '${aws_opensearch_domain.it.arn}' },
  cache: {
    value:
      'redis://${aws_elasticache_replication_group.it.primary_endpoint_address}:${aws_elasticache_replication_group.it.port}',
  },
};

describe('a search domain and a cache', () => {
  it('stand where the local cloud says, also the cache’s port', () => {
    const stack = resolveStack({ resource, output }, '/s', {
      searchEndpoint: () => '127.0.0.1:4400',
      cacheAddress: () => ({ host: '127.0.0.1', port: 12_345 }),
    });

    expect(stack.outputs).toEqual({
      search: 'http://127.0.0.1:4400',
      domain: 'arn:aws:es:eu-west-1:000000000000:domain/shop',
      cache: 'redis://127.0.0.1:12345',
    });
    expect(stack.search).toEqual({ name: 'shop', arn: 'arn:aws:es:eu-west-1:000000000000:domain/shop' });
    expect(stack.cache).toEqual({ id: 'shop', host: '127.0.0.1', port: 12_345 });
  });

  it('have addresses of AWS where nothing else is said, and the cache the port it asks for', () => {
    const { outputs } = resolveStack({ resource, output }, '/s');

    expect(outputs['search']).toMatch(/^http:\/\/search-shop-\w{10}\.eu-west-1\.es\.amazonaws\.com$/);
    expect(outputs['cache']).toMatch(
      /^redis:\/\/master\.shop\.\w{10}\.eu-west-1\.cache\.amazonaws\.com:6379$/,
    );
  });

  it('are listed with what does nothing here', () => {
    const inert = resolveParts(resource).inert.map(({ address, argument = '' }) => `${address} ${argument}`);

    expect(inert).toEqual(
      expect.arrayContaining([
        'aws_opensearch_domain.it cluster_config',
        'aws_opensearch_domain.it domain_endpoint_options.enforce_https',
        'aws_elasticache_replication_group.it node_type',
        'aws_elasticache_subnet_group.it ',
      ]),
    );
  });

  it('are absent where a stack has none', () => {
    const { search, cache } = resolveParts({});
    expect([search, cache]).toEqual([undefined, undefined]);
  });

  it.each<[type: string, it: object, problem: string]>([
    [
      'aws_elasticache_replication_group',
      { ...group, transit_encryption_enabled: true },
      'argument "transit_encryption_enabled" is true: TLS is not spoken here: leave it off in the local environment',
    ],
    [
      'aws_elasticache_replication_group',
      { ...group, num_node_groups: 2 },
      'argument "num_node_groups" is not supported here. Use "num_cache_clusters"',
    ],
    [
      'aws_elasticache_replication_group',
      { ...group, replicas_per_node_group: 1 },
      'argument "replicas_per_node_group" is not supported here. Use "num_cache_clusters"',
    ],
    [
      'aws_elasticache_replication_group',
      { ...group, engine: 'memcached' },
      'argument "engine" is "memcached": must be valkey or redis',
    ],
    [
      'aws_elasticache_replication_group',
      { ...group, port: 70_000 },
      'argument "port" is 70000: Too big: expected number to be <=65535',
    ],
    ['aws_elasticache_replication_group', { ...group, colour: 1 }, 'argument "colour" is not supported here'],
    [
      'aws_opensearch_domain',
      { ...domain, engine_version: 'Elasticsearch_7.10' },
      'argument "engine_version" is "Elasticsearch_7.10": must be a version of OpenSearch',
    ],
    [
      'aws_opensearch_domain',
      { ...domain, advanced_security_options: { enabled: true } },
      'argument "advanced_security_options.enabled" is true: there are no users here',
    ],
    [
      'aws_opensearch_domain',
      { ...domain, domain_endpoint_options: { custom_endpoint: 'search.example.org' } },
      'argument "domain_endpoint_options.custom_endpoint" is not supported here. Remove it',
    ],
    ['aws_opensearch_domain', { ...domain, colour: 1 }, 'argument "colour" is not supported here'],
  ])('refuses by name what of %s does not run: %#', (type, it, problem) => {
    expect(problemsOf(() => resolveParts({ ...resource, [type]: { it } }))).toEqual([
      expect.stringContaining(`${type}.it: ${problem}`),
    ]);
  });

  it('stand once in a stack', () => {
    const twice = {
      ...resource,
      aws_opensearch_domain: { it: domain, other: { ...domain, domain_name: 'other' } },
      aws_elasticache_replication_group: { it: group, other: { ...group, replication_group_id: 'other' } },
    };
    expect(problemsOf(() => resolveParts(twice))).toEqual([
      'there are two search domains, "shop" and "other": one is run here. Remove one',
      'there are two caches, "shop" and "other": one is run here. Remove one',
    ]);
  });
});
