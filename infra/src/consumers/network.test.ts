import {
  DEV,
  PROD,
  referenceTo,
  resourcesOf,
  resourceWith,
  statementsOf,
  synthesize,
} from '../testing/synthesized.ts';

const stack = synthesize(DEV);
const prod = synthesize(PROD);
const named = (name: string) => `orderstream-dev-${name}`;
const group = (name: string) => referenceTo(stack, ['aws_security_group', 'name', named(name)], 'id');
const only = (type: string, of = stack) => Object.values(resourcesOf(of, type))[0] ?? {};
const COSTLY =
  /"aws_(vpc|subnet|security_group|opensearch_domain|elasticache_\w+|vpc_endpoint|nat_gateway)"|vpc_config/;

describe('the network', () => {
  it('has two private subnets in two zones, and no way to the internet', () => {
    const subnets = Object.values(resourcesOf(stack, 'aws_subnet'));

    expect(subnets.map((one) => one['cidr_block'])).toEqual(['10.20.0.0/24', '10.20.1.0/24']);
    expect(new Set(subnets.map((one) => one['availability_zone'])).size).toBe(2);
    for (const subnet of subnets) expect(subnet).not.toHaveProperty('map_public_ip_on_launch');
    for (const table of Object.values(resourcesOf(stack, 'aws_route_table')))
      expect(table).not.toHaveProperty('route');
    expect(stack.text).not.toMatch(/aws_(internet|nat)_gateway/);
    expect(Object.keys(resourcesOf(stack, 'aws_route_table_association'))).toHaveLength(2);
  });

  it('reaches by a gateway the tables and the one index that its functions use, and no others', () => {
    const endpoint = only('aws_vpc_endpoint');
    const tables = Object.values(resourcesOf(stack, 'aws_dynamodb_table'));
    const reached = statementsOf(endpoint['policy']).flatMap(({ Resource }) => Resource);

    expect(endpoint).toMatchObject({
      vpc_endpoint_type: 'Gateway',
      service_name: 'com.amazonaws.eu-west-1.dynamodb',
    });
    expect(tables.length).toBeGreaterThan(4);
    expect(reached).toEqual(
      ['orders', 'products', 'stock', 'activity'].flatMap((name) => {
        const arn = referenceTo(stack, ['aws_dynamodb_table', 'name', named(name)], 'arn');
        return name === 'orders' ? [arn, `${arn}/index/byCustomer`] : [arn];
      }),
    );
  });

  it('lets the functions out to the tables, the search and the cache, and nowhere else', () => {
    const rules = Object.values(resourcesOf(stack, 'aws_vpc_security_group_egress_rule'));
    const endpointId = Object.keys(resourcesOf(stack, 'aws_vpc_endpoint'))[0];
    const tcp = (port: number) => ({ ip_protocol: 'tcp', from_port: port, to_port: port });

    expect(rules).toHaveLength(3);
    expect(rules).toMatchObject([
      { security_group_id: group('functions'), referenced_security_group_id: group('cache'), ...tcp(6379) },
      {
        security_group_id: group('functions'),
        prefix_list_id: `\${aws_vpc_endpoint.${endpointId}.prefix_list_id}`,
        ...tcp(443),
      },
      { security_group_id: group('functions'), referenced_security_group_id: group('search'), ...tcp(443) },
    ]);
  });

  it('lets only the functions in to the search and the cache', () => {
    const rules = Object.values(resourcesOf(stack, 'aws_vpc_security_group_ingress_rule'));

    expect(
      rules.map((rule) => [
        rule['security_group_id'],
        rule['referenced_security_group_id'],
        rule['from_port'],
        rule['to_port'],
      ]),
    ).toEqual([
      [group('cache'), group('functions'), 6379, 6379],
      [group('search'), group('functions'), 443, 443],
    ]);
    for (const one of Object.values(resourcesOf(stack, 'aws_security_group'))) {
      expect(one).not.toHaveProperty('ingress');
      expect(one).not.toHaveProperty('egress');
    }
  });

  it('holds the functions that use it in both subnets', () => {
    const { vpc_config } = resourceWith(
      stack,
      'aws_lambda_function',
      'function_name',
      named('order-api'),
    ).arguments;

    expect(vpc_config).toEqual({
      subnet_ids: Object.keys(resourcesOf(stack, 'aws_subnet')).map((id) => `\${aws_subnet.${id}.id}`),
      security_group_ids: [group('functions')],
    });
  });

  it.each([
    ['with the search alone', { ORDERSTREAM_CACHE: 'off' }, 'search', 'cache'],
    ['with the cache alone', { ORDERSTREAM_SEARCH: 'off' }, 'cache', 'search'],
  ])('is there %s', (_name, variables, there, absent) => {
    const half = synthesize({ ...DEV, ...variables });
    const groups = Object.values(resourcesOf(half, 'aws_security_group')).map((one) => one['name']);

    expect(groups).toContain(named(there));
    expect(groups).not.toContain(named(absent));
  });

  it.each([
    ['in the free tier', { ORDERSTREAM_PRESET: 'free-tier' }],
    ['with search and cache off', { ORDERSTREAM_SEARCH: 'off', ORDERSTREAM_CACHE: 'off' }],
  ])('is not there %s, nor anything else that costs money while it is idle', (_name, variables) => {
    expect(stack.text).toMatch(COSTLY);
    expect(synthesize({ ...DEV, ...variables }).text).not.toMatch(COSTLY);
  });
});

describe('the search', () => {
  it('is one small node, encrypted on disk and on the way', () => {
    expect(only('aws_opensearch_domain')).toMatchObject({
      domain_name: 'orderstream-dev',
      cluster_config: {
        instance_type: 't3.small.search',
        instance_count: 1,
        zone_awareness_enabled: false,
      },
      ebs_options: { ebs_enabled: true, volume_type: 'gp3', volume_size: 10 },
      encrypt_at_rest: { enabled: true },
      node_to_node_encryption: { enabled: true },
      domain_endpoint_options: { enforce_https: true, tls_security_policy: expect.stringMatching(/TLS-1-2/) },
      vpc_options: { subnet_ids: { length: 1 }, security_group_ids: [group('search')] },
    });
  });

  it('outlives a zone in prod', () => {
    expect(only('aws_opensearch_domain', prod)).toMatchObject({
      cluster_config: {
        instance_count: 2,
        zone_awareness_enabled: true,
        zone_awareness_config: { availability_zone_count: 2 },
      },
      vpc_options: { subnet_ids: { length: 2 } },
    });
  });

  it('has no policy of its own: the roles say who may call it', () => {
    expect(only('aws_opensearch_domain')).not.toHaveProperty('access_policies');
  });
});

describe('the cache', () => {
  it('is one small node of Valkey, encrypted on disk and on the way', () => {
    expect(only('aws_elasticache_replication_group')).toMatchObject({
      replication_group_id: 'orderstream-dev',
      engine: 'valkey',
      node_type: 'cache.t4g.micro',
      num_cache_clusters: 1,
      automatic_failover_enabled: false,
      port: 6379,
      security_group_ids: [group('cache')],
      at_rest_encryption_enabled: 'true',
      transit_encryption_enabled: true,
    });
  });

  it('fails over in prod', () => {
    expect(only('aws_elasticache_replication_group', prod)).toMatchObject({
      num_cache_clusters: 2,
      automatic_failover_enabled: true,
      multi_az_enabled: true,
    });
  });

  it('speaks without TLS in the local cloud, whose server has none', () => {
    expect(only('aws_elasticache_replication_group', synthesize())).toMatchObject({
      transit_encryption_enabled: false,
    });
  });
});
