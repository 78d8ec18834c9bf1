import type { Mapping } from '../stack/model.ts';

/** A stream mapping with AWS's defaults, but for what is given. */
export function mappingWith(given: Partial<Mapping>): Mapping {
  return {
    id: 'mapping',
    functionName: 'function',
    sourceArn: '',
    enabled: true,
    batchSize: 100,
    batchWindowSeconds: 0,
    parallelizationFactor: 1,
    startingPosition: 'TRIM_HORIZON',
    filters: [],
    bisectOnError: false,
    reportBatchItemFailures: false,
    maximumRetryAttempts: -1,
    maximumRecordAgeSeconds: -1,
    tumblingWindowSeconds: 0,
    ...given,
  };
}
