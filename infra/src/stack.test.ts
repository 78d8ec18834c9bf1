import {
  DEV,
  liveOf,
  resourcesOf,
  resourceWith,
  synthesize,
  type Synthesized,
} from './testing/synthesized.ts';

const stack = synthesize();
const { resource, output, provider, terraform } = stack.document;

describe('the stack', () => {
  it('comes out the same, byte for byte, each time', () => {
    expect(synthesize().text).toBe(stack.text);
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
        default_tags: [{ tags: { project: 'orderstream', environment: 'local', 'managed-by': 'terraform' } }],
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
      'currency',
      'dead_letter_bucket',
      'event_archive',
      'event_bus',
      'ledger_table',
      'notify_customer_function',
      'orders_table',
      'payment_gateway',
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

    it.each(['track-sales', 'refresh-cache', 'index-products', 'notify-customer'])(
      'the function of %s by its alias',
      (app) => {
        const [name, alias] = ['function_name', 'name'].map((attribute) =>
          liveOf(stack, `orderstream-local-${app}`, attribute),
        );

        expect(output[`${app.replace('-', '_')}_function`]?.value).toBe(`${name}:${alias}`);
      },
    );

    it('each by the name of a resource', () => {
      const named = Object.entries(output).map(([name, { value }]) => {
        const [, type = '', id = '', attribute = ''] = /^\$\{([^.]+)\.([^.]+)\.([^.]+)\}$/.exec(value) ?? [];
        return [name, resource[type]?.[id]?.[attribute] ?? `${type} ${attribute}`];
      });

      expect(Object.fromEntries(named)).toMatchObject({
        staff_api_url: 'aws_apigatewayv2_api api_endpoint',
        activity_table: 'orderstream-local-activity',
        summaries_table: 'orderstream-local-summaries',
        archive_bucket: 'orderstream-local-archive-${data.aws_caller_identity.identity.account_id}',
        event_archive: 'orderstream-local',
      });
    });
  });
});
