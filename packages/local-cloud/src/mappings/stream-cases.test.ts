import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Behaviour, FunctionError, StreamBench, THROTTLED } from './mappings.fixture.ts';

interface Case {
  id: string;
  records: number;
  config: {
    BatchSize: number;
    MaximumRetryAttempts?: number;
    BisectBatchOnFunctionError?: boolean;
    FunctionResponseTypes?: string[];
  };
  function: (Step | string)[] | { poison: number[] };
  invocations: number[][];
  checkpoints: number[];
  onFailure: { first: number; last: number; count: number | null; fe: string | null }[];
}
type Step = { report: number[] } | { resp: unknown };

const file = join(import.meta.dirname, '../../../../../shared/data/stream-cases.jsonl');
const cases = existsSync(file)
  ? readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Case)
  : [];

(cases.length > 0 ? describe : describe.skip)('the shared stream mapping cases', () => {
  it.each(cases.length > 0 ? cases : [undefined])('$id', async (given) => {
    if (!given) return;
    const bench = new StreamBench(
      {
        batchSize: given.config.BatchSize,
        maximumRetryAttempts: given.config.MaximumRetryAttempts ?? -1,
        bisectOnError: given.config.BisectBatchOnFunctionError ?? false,
        reportBatchItemFailures:
          given.config.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
        onFailureDestination: 'arn:aws:sqs:eu-central-1:000000000000:failures',
      },
      behaviourOf(given),
    );
    for (let record = 1; record <= given.records; record++) bench.append(`order-${record}`);

    bench.mapping.start();
    await bench.settle();

    expect(bench.invoker.batches).toEqual(given.invocations);
    expect(checkpoints(bench)).toEqual(given.checkpoints);
    expect(bench.failures.map(({ body }) => summary(body))).toEqual(
      given.onFailure.map((wanted) => ({
        ...wanted,
        count: wanted.count ?? (expect.any(Number) as unknown),
      })),
    );
  });
});

function behaviourOf({ function: rule }: Case): Behaviour {
  if (!Array.isArray(rule)) {
    return (records) => {
      if (records.some((record) => rule.poison.includes(record))) throw new FunctionError();
    };
  }
  let attempt = 0;
  return () => {
    const step = rule[Math.min(attempt++, rule.length - 1)];
    if (step === 'throw') throw new FunctionError();
    if (step === 'throttle') return THROTTLED();
    if (typeof step !== 'object') return undefined;
    if ('resp' in step) return step.resp;
    return { batchItemFailures: step.report.map((record) => ({ itemIdentifier: String(record * 100) })) };
  };
}

function checkpoints({ journal }: StreamBench): number[] {
  return journal.deliveries
    .filter(({ passed }) => passed > 0)
    .map(({ positions, passed }) => (JSON.parse(positions) as number[])[passed - 1]!);
}

function summary(body: string) {
  const message = JSON.parse(body) as {
    requestContext: { approximateInvokeCount: number };
    responseContext: { functionError: string | null };
    DDBStreamBatchInfo: { startSequenceNumber: string; endSequenceNumber: string };
  };
  return {
    first: Number(message.DDBStreamBatchInfo.startSequenceNumber) / 100,
    last: Number(message.DDBStreamBatchInfo.endSequenceNumber) / 100,
    count: message.requestContext.approximateInvokeCount,
    fe: message.responseContext.functionError,
  };
}
