import { resourcesOf, resourceWith, synthesize } from './testing/synthesized.ts';

const stack = synthesize();
const { resource, data, output, provider, terraform } = stack.document;

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
];

describe('the stack', () => {
  it('comes out the same, byte for byte, each time', () => {
    expect(synthesize().text).toBe(stack.text);
  });

  it('refers only to what is in it', () => {
    const references = [...stack.text.matchAll(/\$\{(data\.)?([a-z0-9_]+)\.([A-Za-z0-9_-]+)\.[a-z_]+\}/g)];
    const dangling = references.filter(
      ([, isData, type = '', id = '']) => (isData ? data : resource)[type]?.[id] === undefined,
    );

    expect(references.length).toBeGreaterThan(100);
    expect(dangling.map(([whole]) => whole)).toEqual([]);
    // Nothing else is interpolated: no function calls, no unresolved tokens.
    expect(stack.text.match(/\$\{/g)).toHaveLength(references.length);
    expect(stack.text).not.toContain('TfToken');
  });

  it('depends only on what is in it', () => {
    const dependencies = Object.values(resource)
      .flatMap((ofType) => Object.values(ofType))
      .flatMap((one): unknown => one['depends_on'] ?? [])
      .map((address) => String(address).split('.'));

    expect(dependencies.length).toBeGreaterThan(0);
    for (const [type = '', id = ''] of dependencies) expect(resource[type]?.[id]).toBeDefined();
  });

  it('can be created in some order: nothing depends on itself, however long the way', () => {
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
    const dev = synthesize({ ORDERSTREAM_ENV: 'dev' });

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

  it('rings an alarm at the first failed execution', () => {
    const alarm = resourceWith(
      stack,
      'aws_cloudwatch_metric_alarm',
      'alarm_name',
      'orderstream-local-failed-executions',
    );

    expect(alarm.arguments).toMatchObject({
      namespace: 'AWS/States',
      metric_name: 'ExecutionsFailed',
      comparison_operator: 'GreaterThanThreshold',
      threshold: 0,
    });
  });

  it('tells where a deployment is found', () => {
    expect(Object.keys(output).sort()).toEqual([
      'allocations_table',
      'api_url',
      'dead_letter_bucket',
      'event_bus',
      'ledger_table',
      'orders_table',
      'products_table',
      'stock_table',
      'workflow_arn',
    ]);
  });
});
