import { liveOf, resourcesOf, resourceWith, synthesize, type Arguments } from '../testing/synthesized.ts';

const stack = synthesize();
const functionArn = liveOf(stack, 'orderstream-local-stream-dispatcher', 'arn');
const mappings = Object.values(resourcesOf(stack, 'aws_lambda_event_source_mapping')).filter(
  (one) => one['function_name'] === functionArn,
);
const BUCKET = 'orderstream-local-dead-letters-${data.aws_caller_identity.identity.account_id}';

function mappingOf(table: string): Arguments | undefined {
  const { id } = resourceWith(stack, 'aws_dynamodb_table', 'name', `orderstream-local-${table}`);
  return mappings.find((one) => one['event_source_arn'] === `\${aws_dynamodb_table.${id}.stream_arn}`);
}

describe('the dispatcher', () => {
  it.each([
    ['orders', 5, 100, 0, 4],
    ['products', 1, 100, 0, 1],
    ['stock', 1, 1000, 1, 1],
  ])(
    'reads what is new in %s: %i patterns, %i at once',
    (table, filters, batchSize, window, parallelization) => {
      const mapping = mappingOf(table);

      expect(mapping).toMatchObject({
        batch_size: batchSize,
        maximum_batching_window_in_seconds: window,
        parallelization_factor: parallelization,
      });
      expect(mapping?.['filter_criteria']).toMatchObject({ filter: { length: filters } });
    },
  );

  it('stays paused through a deployment', () => {
    for (const mapping of mappings) {
      expect(mapping).toMatchObject({ lifecycle: { ignore_changes: ['enabled'] } });
      expect(mapping).not.toHaveProperty('enabled');
    }
  });

  it('reads each stream from its beginning, and bounds how long a bad record can block it', () => {
    const { id: bucket } = resourceWith(stack, 'aws_s3_bucket', 'bucket', BUCKET);

    expect(mappings).toHaveLength(3);
    for (const mapping of mappings) {
      expect(mapping).toMatchObject({
        starting_position: 'TRIM_HORIZON',
        function_response_types: ['ReportBatchItemFailures'],
        bisect_batch_on_function_error: true,
        maximum_retry_attempts: 60,
        maximum_record_age_in_seconds: 21_600,
        destination_config: { on_failure: { destination_arn: `\${aws_s3_bucket.${bucket}.arn}` } },
      });
    }
  });
});
