import type { DynamoDBRecord } from 'aws-lambda';

/**
 * What Lambda sends of a stream with a tumbling window: some records of the window and the state that the function
 * answered with before; at the window's end, the state it ended with.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html
 */
export interface WindowEvent {
  readonly Records: readonly DynamoDBRecord[];
  /** ISO 8601, whole seconds. */
  readonly window: { readonly start: string; readonly end: string };
  /** `{}` at the window's beginning, and after it ended early. */
  readonly state: unknown;
  readonly shardId: string;
  readonly isFinalInvokeForWindow: boolean;
  /** The state outgrew 1 MB: this part of the window ends here, and the rest begins anew. */
  readonly isWindowTerminatedEarly: boolean;
}

/** What Lambda wants to hear: without `state`, it takes the invocation for failed. */
export interface WindowResponse {
  readonly state: object;
  readonly batchItemFailures: [];
}
