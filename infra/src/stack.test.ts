import { DEV, PROD, resourcesOf, resourceWith, synthesize, type Synthesized } from './testing/synthesized.ts';

const stack = synthesize();
const { resource, output, provider, terraform } = stack.document;

/** Longest name that AWS takes for the type, and the argument that holds it. */
const NAMES: readonly (readonly [type: string, argument: string, longest: number])[] = [
  ['aws_lambda_function', 'function_name', 64],
  ['aws_iam_role', 'name', 64],
  ['aws_iam_role_policy', 'name', 128],
  ['aws_dynamodb_table', 'name', 255],
  ['aws_sfn_state_machine', 'name', 80],
  ['aws_sqs_queue', 'name', 80],
  ['aws_s3_bucket', 'bucket', 63],
  ['aws_cloudwatch_event_bus', 'name', 256],
  ['aws_cloudwatch_log_group', 'name', 512],
  ['aws_cloudwatch_metric_alarm', 'alarm_name', 255],
  ['aws_apigatewayv2_api', 'name', 128],
  ['aws_apigatewayv2_authorizer', 'name', 128],
  ['aws_cloudwatch_event_rule', 'name', 64],
  ['aws_cloudwatch_event_target', 'target_id', 64],
  ['aws_cloudwatch_event_archive', 'name', 48],
  ['aws_sesv2_configuration_set', 'configuration_set_name', 64],
  ['aws_opensearch_domain', 'domain_name', 28],
  ['aws_elasticache_replication_group', 'replication_group_id', 40],
  ['aws_elasticache_subnet_group', 'name', 255],
  ['aws_security_group', 'name', 255],
  ['aws_glue_catalog_database', 'name', 255],
  ['aws_athena_workgroup', 'name', 128],
];

/** The stack as it is when one or the other is switched. */
const VARIANTS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['in the local cloud', {}],
  ['in the free tier', { ORDERSTREAM_PRESET: 'free-tier' }],
  ['with a cache and no search', { ORDERSTREAM_SEARCH: 'off' }],
  ['with a search and no cache', { ORDERSTREAM_CACHE: 'off', ORDERSTREAM_DELIVERY: 'direct' }],
  ['in prod', PROD],
];

describe('the stack', () => {
  it('comes out the same, byte for byte, each time', () => {
    expect(synthesize().text).toBe(stack.text);
  });

  it.each(VARIANTS)('refers only to what is in it, %s', (_name, variables) => {
    const { text, document } = synthesize(variables);
    const { resource, data } = document;
    const references = [...text.matchAll(/\$\{(data\.)?([a-z0-9_]+)\.([A-Za-z0-9_-]+)\.[a-z_]+(\.\d)?\}/g)];
    const dangling = references.filter(
      ([, isData, type = '', id = '']) => (isData ? data : resource)[type]?.[id] === undefined,
    );

    expect(references.length).toBeGreaterThan(100);
    expect(dangling.map(([whole]) => whole)).toEqual([]);
    // Nothing else is interpolated: no function calls, no unresolved tokens.
    expect(text.match(/[$%]\{/g)).toHaveLength(references.length);
    expect(text).not.toContain('TfToken');
  });

  it('depends only on what is in it', () => {
    const dependencies = Object.values(resource)
      .flatMap((ofType) => Object.values(ofType))
      .flatMap((one): unknown => one['depends_on'] ?? [])
      .map((address) => String(address).split('.'));

    expect(dependencies.length).toBeGreaterThan(0);
    for (const [type = '', id = ''] of dependencies) expect(resource[type]?.[id]).toBeDefined();
  });

  it.each(VARIANTS)('can be created in some order, %s: nothing depends on itself', (_name, variables) => {
    const { resource } = synthesize(variables).document;
    const needs = new Map(
      Object.entries(resource).flatMap(([type, ofType]) =>
        Object.entries(ofType).map(([id, one]) => {
          const found = JSON.stringify(one).matchAll(
            /(?<=\$\{|"depends_on".*")(aws_[a-z0-9_]+\.[A-Za-z0-9_-]+)/g,
          );
          return [`${type}.${id}`, [...found].map(([address]) => address)] as const;
        }),
      ),
    );
    const created = new Set<string>();
    for (let before = -1; before < created.size;) {
      before = created.size;
      for (const [address, needed] of needs)
        if (needed.every((one) => created.has(one))) created.add(address);
    }

    expect([...needs.keys()].filter((address) => !created.has(address))).toEqual([]);
  });

  it.each(NAMES)('gives each %s a %s of at most %i characters', (type, argument, longest) => {
    const names = Object.values(resourcesOf(stack, type)).map((one) =>
      String(one[argument]).replace(/\$\{.*?account_id\}/, '123456789012'),
    );

    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      expect(name).toMatch(/^[A-Za-z0-9/_.-]+$/);
      expect(name.length).toBeLessThanOrEqual(longest);
    }
  });

  it('begins every name with the environment, so that several live in one account', () => {
    const dev = synthesize(DEV);

    expect(dev.text).toContain('orderstream-dev-orders');
    expect(dev.text).not.toContain('orderstream-local');
  });

  it('keeps its state beside cdktf.json, by environment and without an absolute path', () => {
    expect(terraform).toMatchObject({
      backend: { local: { path: '../../../terraform.orderstream-local.tfstate' } },
    });
  });

  it('stands in the configured region and is tagged', () => {
    expect(provider['aws']).toEqual([
      {
        region: 'eu-west-1',
        default_tags: [{ tags: { project: 'orderstream', environment: 'local' } }],
      },
    ]);
  });

  it('runs the order workflow as a Standard state machine, logged and traced', () => {
    const machine = resourceWith(
      stack,
      'aws_sfn_state_machine',
      'name',
      'orderstream-local-order-workflow',
    ).arguments;

    expect(machine).toMatchObject({
      type: 'STANDARD',
      logging_configuration: { level: 'ERROR', include_execution_data: false },
      tracing_configuration: { enabled: true },
    });
    expect(JSON.parse(String(machine['definition']))).toMatchObject({ StartAt: 'ValidateOrder' });
  });

  it('rings one alarm at the first execution that failed, timed out or was stopped', () => {
    const { metric_query: queries, ...alarm } = resourceWith(
      stack,
      'aws_cloudwatch_metric_alarm',
      'alarm_name',
      'orderstream-local-failed-executions',
    ).arguments;

    expect(alarm).toMatchObject({ comparison_operator: 'GreaterThanThreshold', threshold: 0 });
    expect(queries).toMatchObject([
      ...['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'].map((metric_name) => ({
        id: metric_name.toLowerCase(),
        metric: { namespace: 'AWS/States', metric_name, stat: 'Sum', period: 60 },
      })),
      {
        expression: 'SUM([executionsfailed, executionstimedout, executionsaborted])',
        return_data: true,
      },
    ]);
  });

  it('keeps what was on the bus for a month, so that it can be replayed', () => {
    const [archive] = Object.values(resourcesOf(stack, 'aws_cloudwatch_event_archive'));

    expect(archive).toMatchObject({
      name: 'orderstream-local',
      event_source_arn: '${aws_cloudwatch_event_bus.bus.arn}',
      retention_days: 30,
    });
    expect(archive).not.toHaveProperty('event_pattern');
  });

  describe('tells where a deployment is found', () => {
    const ALWAYS = [
      'activity_table',
      'allocations_table',
      'api_url',
      'archive_bucket',
      'dead_letter_bucket',
      'event_archive',
      'event_bus',
      'ledger_table',
      'notify_customer_function',
      'orders_table',
      'products_table',
      'staff_api_url',
      'stock_table',
      'summaries_table',
      'track_sales_function',
      'workflow_arn',
    ];
    const outputsOf = ({ document }: Synthesized) => Object.keys(document.output).sort();

    it('with search and cache', () => {
      expect(outputsOf(stack)).toEqual(
        [...ALWAYS, 'index_products_function', 'refresh_cache_function'].sort(),
      );
    });

    it('without what is switched off', () => {
      expect(outputsOf(synthesize({ ORDERSTREAM_PRESET: 'free-tier' }))).toEqual(ALWAYS);
    });

    it('each by the name of a resource', () => {
      const named = Object.entries(output).map(([name, { value }]) => {
        const [, type = '', id = '', attribute = ''] = /^\$\{(.+)\.(.+)\.(.+)\}$/.exec(value) ?? [];
        return [name, resource[type]?.[id]?.[attribute] ?? `${type} ${attribute}`];
      });

      expect(Object.fromEntries(named)).toMatchObject({
        staff_api_url: 'aws_apigatewayv2_api api_endpoint',
        activity_table: 'orderstream-local-activity',
        summaries_table: 'orderstream-local-summaries',
        archive_bucket: 'orderstream-local-archive-${data.aws_caller_identity.identity.account_id}',
        event_archive: 'orderstream-local',
        track_sales_function: 'orderstream-local-track-sales',
        refresh_cache_function: 'orderstream-local-refresh-cache',
        index_products_function: 'orderstream-local-index-products',
        notify_customer_function: 'orderstream-local-notify-customer',
      });
    });
  });
});
