import { liveOf, referenceTo, resourcesOf, synthesize, type Arguments } from '../testing/synthesized.ts';

const stack = synthesize();
const mappings = Object.values(resourcesOf(stack, 'aws_lambda_event_source_mapping'));
const LETTERS = 'orderstream-local-dead-letters-${data.aws_caller_identity.identity.account_id}';

const functionArn = (app: string) => liveOf(stack, `orderstream-local-${app}`, 'arn');
const streamOf = (table: string) =>
  referenceTo(stack, ['aws_dynamodb_table', 'name', `orderstream-local-${table}`], 'stream_arn');
const mappingsOf = (app: string): Arguments[] =>
  mappings.filter((one) => one['function_name'] === functionArn(app));

describe('the readers of changes', () => {
  it('are at most two of each stream', () => {
    for (const table of ['orders', 'products', 'stock', 'activity']) {
      const readers = mappings.filter((one) => one['event_source_arn'] === streamOf(table));

      expect(readers).toHaveLength(table === 'activity' ? 1 : 2);
    }
  });

  it.each(['archive-changes', 'track-activity'])(
    'begin at the beginning, try for hours, and give up whole changes: %s',
    (app) => {
      for (const mapping of mappingsOf(app)) {
        expect(mapping).toMatchObject({
          starting_position: 'TRIM_HORIZON',
          batch_size: 1000,
          parallelization_factor: 1,
          function_response_types: ['ReportBatchItemFailures'],
          maximum_retry_attempts: 180,
          maximum_record_age_in_seconds: 43_200,
          destination_config: {
            on_failure: { destination_arn: referenceTo(stack, ['aws_s3_bucket', 'bucket', LETTERS], 'arn') },
          },
        });
      }
    },
  );

  it('archive every change of orders, products and stock, a bad one alone', () => {
    const archiving = mappingsOf('archive-changes');

    expect(archiving.map((one) => one['event_source_arn'])).toEqual(
      ['orders', 'products', 'stock'].map(streamOf),
    );
    for (const mapping of archiving) {
      expect(mapping).toMatchObject({
        maximum_batching_window_in_seconds: 5,
        bisect_batch_on_function_error: true,
      });
      expect(mapping).not.toHaveProperty('filter_criteria');
    }
  });

  it('count activity by the minute, and none that the time to live takes away', () => {
    const [mapping, ...others] = mappingsOf('track-activity');

    expect(others).toEqual([]);
    expect(mapping).toMatchObject({
      event_source_arn: streamOf('activity'),
      tumbling_window_in_seconds: 60,
      maximum_batching_window_in_seconds: 0,
      bisect_batch_on_function_error: false,
      filter_criteria: { filter: [{ pattern: '{"eventName":["INSERT"]}' }] },
    });
  });
});
