import * as z from 'zod';
import type { Mapping } from '../stack/model.ts';
import { type CaseResult, differing } from './case-result.ts';
import { mappingWith } from './mapping-with.ts';
import { recordOf } from './memory-stream.ts';
import { functionScript } from './scripted-function.ts';
import { runStream } from './stream-run.ts';

/** One line of the file. Settings have the names and defaults of Lambda's API. */
const streamCase = z.object({
  id: z.string(),
  records: z.int().min(0).max(10_000),
  config: z.strictObject({
    BatchSize: z.int().min(1).max(10_000).default(100),
    MaximumRetryAttempts: z.int().min(-1).max(10_000).default(-1),
    BisectBatchOnFunctionError: z.boolean().default(false),
    FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).nullish(),
  }),
  function: functionScript,
  invocations: z.array(z.array(z.int())),
  checkpoints: z.array(z.int()),
  onFailure: z.array(
    z.object({
      first: z.int(),
      last: z.int(),
      /** null: AWS does not say. */
      count: z.int().nullable(),
      fe: z.string().nullable(),
    }),
  ),
});

type StreamCase = z.output<typeof streamCase>;

/** What the cases compare of an on-failure message. */
const failure = z.object({
  requestContext: z.object({ approximateInvokeCount: z.number() }),
  responseContext: z.object({ functionError: z.string().nullable() }),
  DDBStreamBatchInfo: z.object({ startSequenceNumber: z.string(), endSequenceNumber: z.string() }),
});

/**
 * Runs a file of scenarios (JSON Lines) through the event source mapping of streams: what the function is invoked with,
 * how the position moves, and which on-failure messages are sent. A line that is no scenario is a case that failed.
 */
export async function* runStreamCases(text: string): AsyncGenerator<CaseResult> {
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const read = readCase(line);
    if (typeof read === 'string') yield { id: `line ${index + 1}`, problems: [read] };
    else yield { id: read.id, problems: await problemsOf(read) };
  }
}

function readCase(line: string): StreamCase | string {
  try {
    const { success, data, error } = streamCase.safeParse(JSON.parse(line));
    return success ? data : `is no scenario:\n${z.prettifyError(error)}`;
  } catch (error) {
    return `is not JSON: ${String(error)}`;
  }
}

async function problemsOf(given: StreamCase): Promise<string[]> {
  const { invocations, checkpoints, failures, ended } = await runStream(
    mappingOf(given),
    given.records,
    given.function,
  );
  if (!ended) return [`does not end; its first invocations: ${JSON.stringify(invocations.slice(0, 20))}`];
  return [
    ...differing('invocations', given.invocations, invocations),
    ...differing('checkpoints', given.checkpoints, checkpoints),
    ...differing('on failure', given.onFailure, failures.map(summary).map(withoutUnspecified(given))),
  ];
}

function mappingOf({ config }: StreamCase): Mapping {
  return mappingWith({
    batchSize: config.BatchSize,
    bisectOnError: config.BisectBatchOnFunctionError,
    reportBatchItemFailures: (config.FunctionResponseTypes ?? []).length > 0,
    maximumRetryAttempts: config.MaximumRetryAttempts,
    onFailureDestination: 'arn:aws:sqs:eu-central-1:000000000000:failures',
  });
}

function summary(body: string): StreamCase['onFailure'][number] {
  const { requestContext, responseContext, DDBStreamBatchInfo } = failure.parse(JSON.parse(body));
  return {
    first: recordOf(DDBStreamBatchInfo.startSequenceNumber),
    last: recordOf(DDBStreamBatchInfo.endSequenceNumber),
    count: requestContext.approximateInvokeCount,
    fe: responseContext.functionError,
  };
}

/** Takes out the counts that the case leaves open. */
function withoutUnspecified({ onFailure }: StreamCase) {
  return (found: StreamCase['onFailure'][number], index: number) => {
    return onFailure[index]?.count === null ? { ...found, count: null } : found;
  };
}
