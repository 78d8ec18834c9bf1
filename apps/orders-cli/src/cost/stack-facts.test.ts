import { stackFacts } from './stack-facts.ts';

const facts = (resource: object) => stackFacts(JSON.stringify({ resource }));

it('reads what costs money while it is idle', () => {
  expect(
    facts({
      aws_cloudwatch_metric_alarm: {
        a: {},
        b: { metric_query: [{ metric: {} }, { metric: {} }, { expression: 'a / b' }] },
      },
      aws_cloudwatch_event_archive: { a: {} },
      aws_elasticache_replication_group: { a: { num_cache_clusters: 2 } },
      aws_opensearch_domain: {
        a: { cluster_config: { instance_count: 3 }, ebs_options: { volume_size: 10 } },
      },
    }),
  ).toMatchObject({ alarms: 3, archives: 1, cacheNodes: 2, searchNodes: 3, searchGb: 30, provisioned: null });
});

it('counts the mappings of queues, and not those of streams', () => {
  const mappings = {
    a: { event_source_arn: '${aws_sqs_queue.q.arn}' },
    b: { event_source_arn: '${aws_dynamodb_table.t.stream_arn}' },
  };

  expect(facts({ aws_lambda_event_source_mapping: mappings }).polledQueues).toBe(1);
});

it.each([
  ['rate(15 minutes)', 2_920],
  ['rate(1 hour)', 730],
  ['rate(1 day)', 30],
  ['cron(0 3 * * ? *)', 30],
])('counts the runs of %s in a month', (schedule_expression, expected) => {
  expect(
    facts({ aws_cloudwatch_event_rule: { a: { schedule_expression }, b: { event_pattern: '{}' } } })
      .scheduledRuns,
  ).toBe(expected);
});

it('adds up the capacity of provisioned tables and their indexes', () => {
  const index = { read_capacity: 1, write_capacity: 2 };
  const table = {
    billing_mode: 'PROVISIONED',
    read_capacity: 5,
    write_capacity: 6,
    global_secondary_index: [index, index],
  };

  expect(facts({ aws_dynamodb_table: { a: table } }).provisioned).toEqual({ read: 7, write: 10 });
  expect(facts({ aws_dynamodb_table: { a: { billing_mode: 'PAY_PER_REQUEST' } } }).provisioned).toBeNull();
});
