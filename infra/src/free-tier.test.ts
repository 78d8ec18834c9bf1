import { resourcesOf, synthesize, type Arguments } from './testing/synthesized.ts';

const stack = synthesize({ ORDERSTREAM_PRESET: 'free-tier' });
const tables = Object.values(resourcesOf(stack, 'aws_dynamodb_table'));

/** Of a table and its indexes. */
function unitsOf(table: Arguments, name: 'read_capacity' | 'write_capacity'): number {
  const indexes = (table['global_secondary_index'] ?? []) as readonly Arguments[];
  return [table, ...indexes].reduce((sum, each) => sum + Number(each[name]), 0);
}

it('has no more dashboards than the three that are always free', () => {
  expect(Object.keys(resourcesOf(stack, 'aws_cloudwatch_dashboard')).length).toBeLessThanOrEqual(3);
});

it.each(['read_capacity', 'write_capacity'] as const)(
  'provisions at most the 25 units of %s that are always free',
  (name) => {
    expect(tables.map((table) => table['billing_mode'])).toEqual(tables.map(() => 'PROVISIONED'));
    expect(tables.reduce((sum, table) => sum + unitsOf(table, name), 0)).toBeLessThanOrEqual(25);
  },
);

it.each(['aws_opensearch_domain', 'aws_elasticache_replication_group', 'aws_nat_gateway'])(
  'has no %s, which costs money while nobody uses it',
  (type) => expect(resourcesOf(stack, type)).toEqual({}),
);

it('polls no queue', () => {
  const sources = Object.values(resourcesOf(stack, 'aws_lambda_event_source_mapping'));
  expect(sources.filter((one) => String(one['event_source_arn']).includes('aws_sqs_queue'))).toEqual([]);
});

it('writes custom metrics from one function only, whose alarm needs them', () => {
  const writing = Object.values(resourcesOf(stack, 'aws_lambda_function')).filter((lambda) => {
    const { variables } = lambda['environment'] as { variables: Record<string, string> };
    return variables['POWERTOOLS_METRICS_DISABLED'] !== 'true';
  });
  expect(writing.map((lambda) => lambda['function_name'])).toEqual(['orderstream-local-sweep-orders']);
});
