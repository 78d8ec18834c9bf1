import { createHash } from 'node:crypto';
import { COMPENSATION, STAGES, TIMEOUTS } from '@orderstream/domain';
import { DEV, resourcesOf, resourceWith, synthesize, type Arguments } from '../testing/synthesized.ts';

const stack = synthesize();
const APPS = [
  'order-api',
  'stream-dispatcher',
  'validate-order',
  'process-payment',
  'update-inventory',
  'ship-order',
  'close-order',
  'sweep-orders',
  'ops-api',
  'redrive-api',
  'notify-customer',
  'track-sales',
  'track-activity',
  'refresh-cache',
  'index-products',
  'archive-changes',
];

const nameOf = (app: string) => `orderstream-local-${app}`;
const lambda = (app: string): Arguments =>
  resourceWith(stack, 'aws_lambda_function', 'function_name', nameOf(app)).arguments;

/** The function's own variables; a table by its name without prefix. */
function environmentOf(app: string): Record<string, unknown> {
  const { environment } = lambda(app);
  const { variables }: { variables: Record<string, string> } = JSON.parse(JSON.stringify(environment));
  const tables = resourcesOf(stack, 'aws_dynamodb_table');
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => {
      const id = /^\$\{aws_dynamodb_table\.(.+)\.name\}$/.exec(value)?.[1];
      return [name, id === undefined ? value : tables[id]?.['name']];
    }),
  );
}

const IN_NETWORK = ['order-api', 'refresh-cache', 'index-products'];
const CACHE_URL = expect.stringMatching(
  /^redis:\/\/\$\{(aws_elasticache_replication_group\..+)\.primary_endpoint_address\}:\$\{\1\.port\}$/,
);
const SEARCH_URL = expect.stringMatching(/^http:\/\/\$\{aws_opensearch_domain\..+\.endpoint\}$/);

const table = (name: string) => `orderstream-local-${name}`;

describe('the functions', () => {
  it('are one for each app', () => {
    const names = Object.values(resourcesOf(stack, 'aws_lambda_function')).map((one) => one['function_name']);

    expect(names.sort()).toEqual(APPS.map(nameOf).sort());
  });

  describe.each(APPS)('%s', (app) => {
    it('runs its own package on Node 24 and arm64', () => {
      const { filename, source_code_hash, ...rest } = lambda(app);

      expect(rest).toMatchObject({
        runtime: 'nodejs24.x',
        architectures: ['arm64'],
        handler: 'index.handler',
      });
      expect(stack.assets.get(String(filename))).toBe(app);
      expect(source_code_hash).toBe(createHash('sha256').update(app).digest('base64'));
    });

    it('has a role of its own, ready before it', () => {
      const { id: roleId } = resourceWith(stack, 'aws_iam_role', 'name', nameOf(app));
      const { id: policyId } = resourceWith(stack, 'aws_iam_role_policy', 'name', nameOf(app));

      expect(lambda(app)).toMatchObject({
        role: `\${aws_iam_role.${roleId}.arn}`,
        depends_on: [`aws_iam_role_policy.${policyId}`],
      });
    });

    it('writes JSON to a log group of its own, which is kept for a while', () => {
      const group = resourceWith(stack, 'aws_cloudwatch_log_group', 'name', `/aws/lambda/${nameOf(app)}`);

      expect(group.arguments['retention_in_days']).toBe(14);
      expect(lambda(app)['logging_config']).toMatchObject({
        log_format: 'JSON',
        log_group: `\${aws_cloudwatch_log_group.${group.id}.name}`,
      });
    });

    it('is traced, and says who it is', () => {
      expect(lambda(app)['tracing_config']).toEqual({ mode: 'Active' });
      expect(environmentOf(app)).toMatchObject({
        POWERTOOLS_SERVICE_NAME: app,
        POWERTOOLS_METRICS_NAMESPACE: 'Orderstream/local',
        LOG_LEVEL: 'WARN',
      });
    });
  });

  it.each(APPS)('stand in the network only where they use what is in it: %s', (app) => {
    expect(Boolean(lambda(app)['vpc_config'])).toBe(IN_NETWORK.includes(app));
  });

  it('speak with search and cache over TLS outside of the local cloud', () => {
    const { text } = synthesize(DEV);

    expect(text).toMatch(/"CACHE_URL": "rediss:\/\//);
    expect(text).not.toContain('"redis://');
    expect(text).toMatch(/"SEARCH_URL": "https:\/\//);
    expect(text).not.toContain('"http://');
  });

  it.each([
    ...new Set([...Object.values(STAGES), ...Object.values(COMPENSATION)].map((one) => one.function)),
  ])('that work for the workflow stop before their task does: %s', (app) => {
    expect(lambda(app)['timeout']).toBe(TIMEOUTS.function);
  });

  it.each([
    [
      'order-api',
      {
        ORDERS_TABLE: table('orders'),
        PRODUCTS_TABLE: table('products'),
        ACTIVITY_TABLE: table('activity'),
        CURRENCY: 'GBP',
        CACHE_URL,
        SEARCH_URL,
      },
    ],
    [
      'ops-api',
      {
        ORDERS_TABLE: table('orders'),
        PRODUCTS_TABLE: table('products'),
        STOCK_TABLE: table('stock'),
        ALLOCATIONS_TABLE: table('allocations'),
        SUMMARIES_TABLE: table('summaries'),
        CURRENCY: 'GBP',
      },
    ],
    [
      'redrive-api',
      {
        ORDERS_TABLE: table('orders'),
        PRODUCTS_TABLE: table('products'),
        STOCK_TABLE: table('stock'),
        ACTIVITY_TABLE: table('activity'),
        DEAD_LETTER_BUCKET: expect.stringMatching(/^\$\{aws_s3_bucket\..+\.bucket\}$/),
        DEAD_LETTER_NOTICES: expect.stringMatching(/^\$\{aws_sqs_queue\..+\.url\}$/),
        WORKFLOW_ARN: expect.stringMatching(/^\$\{aws_sfn_state_machine\..+\.arn\}$/),
        STREAM_READERS: expect.any(String),
        CONSUMERS: expect.any(String),
        DISPATCHER_MAPPINGS: expect.any(String),
      },
    ],
    [
      'notify-customer',
      {
        ORDERS_TABLE: table('orders'),
        SUMMARIES_TABLE: table('summaries'),
        MAIL_FROM: expect.stringMatching(/^\$\{aws_sesv2_email_identity\..+\.email_identity\}$/),
        MAIL_CONFIGURATION_SET: expect.stringMatching(
          /^\$\{aws_sesv2_configuration_set\..+\.configuration_set_name\}$/,
        ),
        SHOP_NAME: 'Orderstream',
      },
    ],
    ['track-sales', { ORDERS_TABLE: table('orders'), SUMMARIES_TABLE: table('summaries') }],
    ['track-activity', { SUMMARIES_TABLE: table('summaries') }],
    ['refresh-cache', { ORDERS_TABLE: table('orders'), PRODUCTS_TABLE: table('products'), CACHE_URL }],
    ['index-products', { PRODUCTS_TABLE: table('products'), STOCK_TABLE: table('stock'), SEARCH_URL }],
    [
      'archive-changes',
      {
        ORDERS_TABLE: table('orders'),
        PRODUCTS_TABLE: table('products'),
        STOCK_TABLE: table('stock'),
        ARCHIVE_BUCKET: expect.stringMatching(/^\$\{aws_s3_bucket\.archive_.+\.bucket\}$/),
      },
    ],
    ['validate-order', { ORDERS_TABLE: table('orders'), CURRENCY: 'GBP' }],
    [
      'process-payment',
      { ORDERS_TABLE: table('orders'), LEDGER_TABLE: table('ledger'), PAYMENT_GATEWAY: 'sandbox' },
    ],
    [
      'update-inventory',
      {
        ORDERS_TABLE: table('orders'),
        STOCK_TABLE: table('stock'),
        ALLOCATIONS_TABLE: table('allocations'),
      },
    ],
    [
      'ship-order',
      {
        ORDERS_TABLE: table('orders'),
        STOCK_TABLE: table('stock'),
        ALLOCATIONS_TABLE: table('allocations'),
        LEDGER_TABLE: table('ledger'),
        CARRIER: 'sandbox',
      },
    ],
    ['close-order', { ORDERS_TABLE: table('orders') }],
    [
      'sweep-orders',
      {
        ORDERS_TABLE: table('orders'),
        SUMMARIES_TABLE: table('summaries'),
        WORKFLOW_ARN: expect.stringMatching(/^\$\{aws_sfn_state_machine\..+\.arn\}$/),
        STILL_SECONDS: '5400',
        RUNNING_SECONDS: '21600',
        DISPATCHER_MAPPINGS: expect.stringMatching(
          /^(\$\{aws_lambda_event_source_mapping\.\w+\.uuid\},?){3}$/,
        ),
      },
    ],
    [
      'stream-dispatcher',
      {
        ORDERS_TABLE: table('orders'),
        PRODUCTS_TABLE: table('products'),
        STOCK_TABLE: table('stock'),
        WORKFLOW_ARN: expect.stringMatching(/^\$\{aws_sfn_state_machine\..+\.arn\}$/),
        EVENT_BUS: '${aws_cloudwatch_event_bus.bus.name}',
        QUARANTINE_BUCKET: expect.stringMatching(/^\$\{aws_s3_bucket\..+\.bucket\}$/),
      },
    ],
  ])('know what they work with: %s', (app, expected) => {
    const { POWERTOOLS_SERVICE_NAME, POWERTOOLS_METRICS_NAMESPACE, LOG_LEVEL, ...own } = environmentOf(app);

    expect([POWERTOOLS_SERVICE_NAME, POWERTOOLS_METRICS_NAMESPACE, LOG_LEVEL]).not.toContain(undefined);
    expect(own).toEqual(expected);
  });
});
