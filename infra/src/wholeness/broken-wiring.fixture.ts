import { broken, type Breakage } from './broken.fixture.ts';

const isBrought = broken('functions may read what they are brought');
const arrives = broken('rules may reach their targets');
const arrivesDirectly = broken('rules may reach their targets', 'direct');

const MAPPING = 'aws_lambda_event_source_mapping';
const TARGET = 'aws_cloudwatch_event_target';
const TRACK_SALES = 'arn:aws:lambda:eu-west-1:123456789012:function:orderstream-local-track-sales:live';

/** Ways in which what is brought does not arrive. */
export const BROKEN_WIRING: readonly Breakage[] = [
  isBrought(
    'a function may not read its stream',
    (stack) => stack.forbid('readers_track-activity_role_policy', 'dynamodb:GetRecords'),
    `${MAPPING}.readers_activity: its function's role may not read aws_dynamodb_table.tables_activity_table`,
  ),
  isBrought(
    'a function may not read its queue',
    (stack) => stack.forbid('consumers_track-sales_role_policy', 'sqs:DeleteMessage'),
    `${MAPPING}.consumers_track-sales_mapping: its function's role may not read aws_sqs_queue.consumers_track-sales_queue`,
  ),
  isBrought(
    'a table that is read has no stream',
    (stack) => {
      stack.at('aws_dynamodb_table', 'tables_activity_table')['stream_enabled'] = false;
    },
    'aws_dynamodb_table.tables_activity_table: is read and has no stream',
  ),
  isBrought(
    'a filter is no JSON',
    (stack) => {
      stack.at(MAPPING, 'readers_activity')['filter_criteria'] = {
        filter: [{ pattern: '{eventName: INSERT}' }],
      };
    },
    `${MAPPING}.readers_activity: the filter {eventName: INSERT} is no JSON`,
  ),
  isBrought(
    'what a function gives up is lost',
    (stack) => {
      delete stack.at(MAPPING, 'readers_activity')['destination_config'];
    },
    `${MAPPING}.readers_activity: what is given up is lost: the destination on failure is not set`,
  ),
  isBrought(
    'a function may not put away what it gives up',
    (stack) => stack.forbid('readers_track-activity_role_policy', 's3:ListBucket'),
    `${MAPPING}.readers_activity: its function's role may not put away to aws_s3_bucket.dead-letters_bucket`,
  ),
  isBrought(
    'a queue hands out again what is still worked at',
    (stack) => {
      stack.at('aws_sqs_queue', 'consumers_track-sales_queue')['visibility_timeout_seconds'] = 360;
    },
    'aws_sqs_queue.consumers_track-sales_queue: hands out again after 360 s what orderstream-local-track-sales may still work at',
  ),
  isBrought(
    'a queue gives up at once',
    (stack) => {
      const queue = stack.at('aws_sqs_queue', 'consumers_track-sales_queue');
      queue['redrive_policy'] = String(queue['redrive_policy']).replace(
        '"maxReceiveCount":5',
        '"maxReceiveCount":1',
      );
    },
    'aws_sqs_queue.consumers_track-sales_queue: has no dead letters after 5 tries or more',
  ),
  isBrought(
    'one failure repeats a whole batch',
    (stack) => {
      delete stack.at(MAPPING, 'consumers_track-sales_mapping')['function_response_types'];
    },
    `${MAPPING}.consumers_track-sales_mapping: repeats a whole batch for one failure`,
  ),
  isBrought(
    'a third reader reads a stream',
    (stack) => stack.add(MAPPING, 'third', stack.at(MAPPING, 'readers_archive-stock')),
    ...['third', 'readers_archive-stock', 'dispatcher_stock'].map(
      (reader) =>
        `${MAPPING}.${reader}: is one of 3 readers of arn:aws:dynamodb:eu-west-1:123456789012:table/orderstream-local-stock/stream/2026-01-01T00:00:00.000`,
    ),
  ),

  arrives(
    'a target names a rule of another bus',
    (stack) => {
      delete stack.at(TARGET, 'consumers_track-sales_events-target')['event_bus_name'];
    },
    expect.stringContaining(`${TARGET}.consumers_track-sales_events-target: there is no rule`),
  ),
  arrives(
    'a queue does not let its rule in',
    (stack) => stack.statements(['aws_sqs_queue_policy', 'consumers_track-sales_queue-policy'], () => []),
    expect.stringMatching(
      /consumers_track-sales_events-target: .* does not let aws_cloudwatch_event_rule.* in$/,
    ),
  ),
  arrives(
    "what can't be delivered is lost",
    (stack) => {
      delete stack.at(TARGET, 'consumers_track-sales_events-target')['dead_letter_config'];
    },
    `${TARGET}.consumers_track-sales_events-target: what can't be delivered is lost: no dead_letter_config`,
  ),
  arrivesDirectly(
    'a function does not let its rule in',
    (stack) => stack.remove('aws_lambda_permission', 'consumers_track-sales_events-permission'),
    expect.stringMatching(
      /consumers_track-sales_events-target: .* does not let aws_cloudwatch_event_rule.* in$/,
    ),
  ),
  arrivesDirectly(
    'a function lets its rule in, and the alias that is called does not',
    (stack) => {
      delete stack.at('aws_lambda_permission', 'consumers_track-sales_events-permission')['qualifier'];
    },
    expect.stringMatching(
      /consumers_track-sales_events-target: .* does not let aws_cloudwatch_event_rule.* in$/,
    ),
  ),
  arrivesDirectly(
    'what a function gives up is kept for the function, and not for the alias that is called',
    (stack) => {
      delete stack.at('aws_lambda_function_event_invoke_config', 'consumers_track-sales_retries')[
        'qualifier'
      ];
    },
    `${TARGET}.consumers_track-sales_events-target: what ${TRACK_SALES} gives up is lost`,
  ),
  arrivesDirectly(
    'a function may not put away an event',
    (stack) => stack.forbid('consumers_track-sales_role_policy', 'sqs:SendMessage'),
    "aws_lambda_function_event_invoke_config.consumers_track-sales_retries: its function's role may not put away to aws_sqs_queue.consumers_track-sales_dead-letters",
  ),
  broken('buckets may tell of their objects')(
    'a queue does not let its bucket in',
    (stack) =>
      stack.statements(['aws_sqs_queue_policy', 'dead-letters_notices-policy'], (all) =>
        all.map((one) => ({
          ...one,
          Condition: {
            StringEquals: { 'aws:SourceAccount': '123456789012', 'aws:SourceArn': 'arn:aws:s3:::other' },
          },
        })),
      ),
    expect.stringMatching(
      /^aws_s3_bucket_notification.dead-letters_notification: .* does not let the bucket in$/,
    ),
  ),
];
