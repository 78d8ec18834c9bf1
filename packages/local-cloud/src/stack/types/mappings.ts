import * as z from 'zod';
import { compilePattern, InvalidPattern } from '../../bus/pattern.ts';
import { mappingUuid } from '../../mappings/failure-message.ts';
import { args, block, blocks, flag, inert, jsonText, refused, text, whole } from '../arguments.ts';
import { arn, functionReference } from '../arns.ts';
import type { Draft } from '../draft.ts';
import type { Mapping, Queue } from '../model.ts';
import { requireArn, requireFunction } from '../require.ts';
import { resourceType } from '../resource-type.ts';

/** Ranges and defaults: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html */
const mapping = resourceType({
  type: 'aws_lambda_event_source_mapping',
  schema: args({
    function_name: text,
    event_source_arn: text,
    enabled: flag.default(true),
    batch_size: whole(1, 10_000).optional(),
    maximum_batching_window_in_seconds: whole(0, 300).default(0),
    parallelization_factor: whole(1, 10).default(1),
    starting_position: z
      .enum(['TRIM_HORIZON', 'LATEST'], { error: 'must be TRIM_HORIZON or LATEST' })
      .optional(),
    filter_criteria: block({ filter: blocks({ pattern: jsonText }) }),
    bisect_batch_on_function_error: flag.default(false),
    function_response_types: z.array(z.literal('ReportBatchItemFailures')).default([]),
    maximum_retry_attempts: whole(-1, 10_000).default(-1),
    maximum_record_age_in_seconds: whole(-1, 604_800).default(-1),
    tumbling_window_in_seconds: whole(0, 900).default(0),
    destination_config: block({ on_failure: block({ destination_arn: text }) }),
    metrics_config: inert('no metrics are collected here'),
    scaling_config: refused('Limit the function with reserved_concurrent_executions instead'),
  }),
  attributes(_args, place, address) {
    const uuid = mappingUuid(address.slice(address.indexOf('.') + 1));
    return { id: uuid, uuid, arn: arn('lambda', `event-source-mapping:${uuid}`, place) };
  },
  contribute({ address, label, args }, draft) {
    const destination = args.destination_config?.on_failure?.destination_arn;
    const isQueue = args.event_source_arn.startsWith('arn:aws:sqs:');
    const { functionName, qualifier } = functionReference(args.function_name);
    draft.mappings.push({
      address,
      id: label,
      functionName,
      ...(qualifier !== undefined && { qualifier }),
      sourceArn: args.event_source_arn,
      enabled: args.enabled,
      batchSize: args.batch_size ?? (isQueue ? 10 : 100),
      batchWindowSeconds: args.maximum_batching_window_in_seconds,
      parallelizationFactor: args.parallelization_factor,
      ...(args.starting_position && { startingPosition: args.starting_position }),
      filters: args.filter_criteria?.filter.map(({ pattern }) => pattern) ?? [],
      bisectOnError: args.bisect_batch_on_function_error,
      reportBatchItemFailures: args.function_response_types.length > 0,
      maximumRetryAttempts: args.maximum_retry_attempts,
      maximumRecordAgeSeconds: args.maximum_record_age_in_seconds,
      tumblingWindowSeconds: args.tumbling_window_in_seconds,
      ...(destination !== undefined && { onFailureDestination: destination }),
    });
  },
});

export const mappingTypes = [mapping];

/** Filters that one mapping may have: 5, and 10 with a raised quota. */
const MOST_FILTERS = 10;
/** Messages in a batch of a FIFO queue, and of any queue without a batching window. */
const SMALL_BATCH = 10;

/** The mappings; what AWS would refuse between a mapping, its source and its function is refused here. */
export function linkMappings(draft: Draft, problems: string[]): readonly Mapping[] {
  return draft.mappings.map(({ address, ...mapping }) => {
    requireFunction(draft, { address, ...mapping }, problems);
    const destination = { address, argument: 'destination_config', arn: mapping.onFailureDestination };
    requireArn(draft, ['queues', 'topics', 'buckets'], destination, problems);
    for (const problem of [...ownProblems(mapping), ...sourceProblems(mapping, draft)])
      problems.push(`${address}: ${problem}`);
    const same = draft.mappings.find(
      ({ functionName, sourceArn }) =>
        functionName === mapping.functionName && sourceArn === mapping.sourceArn,
    );
    if (same && same.address !== address)
      problems.push(
        `${address}: ${same.address} maps the same source to the same function. Keep one of them`,
      );
    return mapping;
  });
}

/** Sources: docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html, services-dynamodb-errors.html. */
function* ownProblems({ filters, onFailureDestination }: Mapping): Generator<string> {
  if (filters.length > MOST_FILTERS)
    yield `argument "filter_criteria" has ${filters.length} filters: ${MOST_FILTERS} is the most. Put several into one with "$or"`;
  for (const [index, pattern] of filters.entries()) {
    const reason = refusal(pattern);
    if (reason !== undefined)
      yield `argument "filter_criteria.filter.${index}.pattern" is an invalid filter pattern: ${reason}`;
  }
  if (onFailureDestination?.endsWith('.fifo'))
    yield 'argument "destination_config" is a FIFO queue or topic: records that were given up go to a standard one';
}

/** Why AWS refuses a filter pattern; undefined when it takes it. */
function refusal(pattern: string): string | undefined {
  try {
    compilePattern(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidPattern) return error.message;
    throw error;
  }
}

function sourceProblems(mapping: Mapping, draft: Draft): string[] {
  if (draft.tables.some(({ stream }) => stream?.arn === mapping.sourceArn))
    return [...streamProblems(mapping)];
  const queue = draft.queues.find(({ arn }) => arn === mapping.sourceArn);
  if (queue) return [...queueProblems(mapping, queue, draft)];
  return [
    `argument "event_source_arn" is ${mapping.sourceArn}, which is no queue and no table's stream of this stack`,
  ];
}

function* streamProblems(mapping: Mapping): Generator<string> {
  if (!mapping.startingPosition) yield 'argument "starting_position" is required for a stream';
  const age = mapping.maximumRecordAgeSeconds;
  if (age >= 0 && age < 60) yield 'argument "maximum_record_age_in_seconds" must be -1 or at least 60';
  if (mapping.tumblingWindowSeconds > 0 && mapping.parallelizationFactor > 1) {
    yield 'a "tumbling_window_in_seconds" is run with one batch at a time. Remove "parallelization_factor"';
  }
}

/** Source: docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html. */
function* queueProblems(mapping: Mapping, queue: Queue, draft: Draft): Generator<string> {
  const isFifo = queue.attributes['FifoQueue'] === 'true';
  if (isFifo && mapping.batchSize > SMALL_BATCH) yield 'a "batch_size" over 10 is for standard queues only';
  if (isFifo && mapping.batchWindowSeconds > 0) {
    yield 'argument "maximum_batching_window_in_seconds" is for standard queues only. Remove it';
  }
  if (!isFifo && mapping.batchSize > SMALL_BATCH && mapping.batchWindowSeconds < 1) {
    yield 'a "batch_size" over 10 needs a "maximum_batching_window_in_seconds" of at least 1';
  }
  const timeout = draft.functions.find(({ name }) => name === mapping.functionName)?.timeoutSeconds ?? 0;
  const visibility = Number(queue.attributes['VisibilityTimeout'] ?? 30);
  if (visibility < timeout) {
    yield `the queue's visibility timeout (${visibility} s) is less than the function's timeout (${timeout} s)`;
  }
  const streamOnly = {
    starting_position: mapping.startingPosition !== undefined,
    parallelization_factor: mapping.parallelizationFactor !== 1,
    bisect_batch_on_function_error: mapping.bisectOnError,
    maximum_retry_attempts: mapping.maximumRetryAttempts !== -1,
    maximum_record_age_in_seconds: mapping.maximumRecordAgeSeconds !== -1,
    tumbling_window_in_seconds: mapping.tumblingWindowSeconds !== 0,
    destination_config: mapping.onFailureDestination !== undefined,
  };
  for (const [argument, set] of Object.entries(streamOnly)) {
    if (set) yield `argument "${argument}" is for streams only. Remove it`;
  }
}
