import { block, blocks, parsed, text, texts, type Resource } from './document.ts';
import { fault, type Fault, type Rule } from './finding.ts';
import { failureFaults } from './failures.ts';
import type { Called, Stack } from './stack-view.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
const READ_STREAM = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
];
/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const READ_QUEUE = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
/** More readers of one shard are throttled: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
const MOST_READERS = 2;
/** AWS's own recommendation for what a queue hands out: in function timeouts, and tries before the dead letters. */
const VISIBLE_AFTER_TIMEOUTS = 6;
const FEWEST_TRIES = 5;
/** What SQS takes where nothing is said, in seconds. */
const DEFAULT_VISIBILITY = 30;

/** What a function is brought it may read, in time, and what it can't handle may be put away. */
export const mappings: Rule = {
  name: 'functions may read what they are brought',
  check: (stack) => [
    ...stack.ofType('aws_lambda_event_source_mapping').flatMap((mapping) => mappingFaults(stack, mapping)),
    ...tooManyReaders(stack),
  ],
};

function mappingFaults(stack: Stack, mapping: Resource): readonly Fault[] {
  const { function_name, event_source_arn, filter_criteria, destination_config } = mapping.arguments;
  const called = stack.functionAt(function_name);
  const sourceArn = stack.render(event_source_arn);
  const source = stack.withArn(sourceArn);
  if (called === undefined) {
    return [fault(mapping, `function_name ${text(function_name)} is no function`, 'Name one of the stack.')];
  }
  if (source === undefined) {
    return [
      fault(mapping, `event_source_arn ${text(event_source_arn)} is no source`, 'Name one of the stack.'),
    ];
  }
  const isQueue = source.type === 'aws_sqs_queue';
  const needed = isQueue ? READ_QUEUE : READ_STREAM;
  const { destination_arn } = block(block(destination_config)['on_failure']);
  return [
    ...(stack.roleMay(called.lambda.arguments['role'], needed, sourceArn)
      ? []
      : [
          fault(mapping, `its function's role may not read ${source.address}`, `Allow ${needed.join(', ')}.`),
        ]),
    ...blocks(block(filter_criteria)['filter'])
      .filter(({ pattern }) => parsed(pattern) === undefined)
      .map(({ pattern }) =>
        fault(mapping, `the filter ${text(pattern)} is no JSON`, 'Write the pattern as JSON.'),
      ),
    ...(isQueue
      ? queueFaults(stack, mapping, source, called)
      : [...streamFaults(source), ...failureFaults(stack, mapping, called, destination_arn)]),
  ];
}

function streamFaults(table: Resource): readonly Fault[] {
  // A table that exists already says about its stream only what it has.
  return table.address.startsWith('data.') || table.arguments['stream_enabled'] === true
    ? []
    : [fault(table, 'is read and has no stream', 'Set stream_enabled and stream_view_type.')];
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-queueconfig */
function queueFaults(stack: Stack, mapping: Resource, queue: Resource, { lambda }: Called): readonly Fault[] {
  const window = Number(mapping.arguments['maximum_batching_window_in_seconds'] ?? 0);
  const least = VISIBLE_AFTER_TIMEOUTS * Number(lambda.arguments['timeout']) + window;
  const visible = Number(queue.arguments['visibility_timeout_seconds'] ?? DEFAULT_VISIBILITY);
  const redrive = block(parsed(queue.arguments['redrive_policy']));
  const letters = stack.withArn(stack.render(redrive['deadLetterTargetArn']));
  const tries = Number(redrive['maxReceiveCount'] ?? 0);
  return [
    ...(visible >= least
      ? []
      : [
          fault(
            queue,
            `hands out again after ${visible} s what ${stack.nameOf(lambda)} may still work at`,
            `Set visibility_timeout_seconds to ${least} or more: six timeouts and the batching window.`,
          ),
        ]),
    ...(letters?.type === 'aws_sqs_queue' && tries >= FEWEST_TRIES
      ? []
      : [
          fault(
            queue,
            `has no dead letters after ${FEWEST_TRIES} tries or more`,
            `Set redrive_policy, with a queue and a maxReceiveCount of ${FEWEST_TRIES} or more.`,
          ),
        ]),
    ...(texts(mapping.arguments['function_response_types']).includes('ReportBatchItemFailures')
      ? []
      : [fault(mapping, 'repeats a whole batch for one failure', 'Let it report batch item failures.')]),
  ];
}

function tooManyReaders(stack: Stack): readonly Fault[] {
  const readers = new Map<string, Resource[]>();
  for (const mapping of stack.ofType('aws_lambda_event_source_mapping')) {
    const source = stack.render(mapping.arguments['event_source_arn']);
    if (source.includes('/stream/')) readers.set(source, [...(readers.get(source) ?? []), mapping]);
  }
  return [...readers.entries()]
    .filter(([, mappingsOfOne]) => mappingsOfOne.length > MOST_READERS)
    .flatMap(([source, mappingsOfOne]) =>
      mappingsOfOne.map((mapping) =>
        fault(
          mapping,
          `is one of ${mappingsOfOne.length} readers of ${source}`,
          `Let ${MOST_READERS} read it at most.`,
        ),
      ),
    );
}
