import { createHash, randomUUID } from 'node:crypto';
import { qualified } from '../stack/arns.ts';
import { LATEST } from '../stack/versions.ts';
import type { ChangeStream, StreamRecord } from '../tables/change.ts';
import type { Discard } from './stream-batching.ts';

/** What a mapping sends to its on-failure destination when it gives records up. */
export interface FailureMessage {
  /** Body of the SQS or SNS message: about the batch, without its records. */
  readonly body: string;
  /** The S3 object: the same, with the event that the function was given as `payload`. */
  readonly object: { readonly key: string; readonly body: string };
}

/** Sends a message to a function's destination: the body to a queue or a topic, the object to a bucket. */
export type DeliverFailure = (
  destinationArn: string,
  message: FailureMessage,
  functionName: string,
) => Promise<void>;

interface GivenUp {
  readonly mappingId: string;
  readonly functionName: string;
  readonly qualifier?: string | undefined;
  /** Of the last invocation; undefined: the latest. */
  readonly executedVersion?: string | undefined;
  /** Of the last invocation with these records; undefined when there was none. */
  readonly requestId: string | undefined;
  readonly discard: Discard;
  readonly records: readonly StreamRecord[];
  readonly payload: string;
  readonly stream: Pick<ChangeStream, 'arn' | 'shardId'>;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Builds the message in AWS's form.
 *
 * Source: docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html.
 */
export function failureMessage(given: GivenUp): FailureMessage {
  const { discard, records, stream } = given;
  const [first, last] = [records[0], records[records.length - 1]];
  const timestamp = new Date(given.now).toISOString();
  const message = {
    requestContext: {
      requestId: given.requestId ?? randomUUID(),
      functionArn: qualified(functionArn(stream.arn, given.functionName), given.qualifier),
      condition: discard.condition,
      approximateInvokeCount: discard.invocations,
    },
    ...(discard.response && {
      responseContext: {
        statusCode: 200,
        executedVersion: given.executedVersion ?? LATEST,
        ...discard.response,
      },
    }),
    version: '1.0',
    timestamp,
    DDBStreamBatchInfo: {
      shardId: stream.shardId,
      startSequenceNumber: first?.dynamodb.SequenceNumber,
      endSequenceNumber: last?.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(last),
      batchSize: records.length,
      streamArn: stream.arn,
    },
  };
  const day = timestamp.slice(0, 10).replaceAll('-', '/');
  const second = timestamp.slice(0, 19).replaceAll(':', '.');
  return {
    body: JSON.stringify(message),
    object: {
      key: `aws/lambda/${mappingUuid(given.mappingId)}/${stream.shardId}/${day}/${second}-${randomUUID()}`,
      body: JSON.stringify({ ...message, payload: given.payload }),
    },
  };
}

/** The UUID that AWS would have given the mapping: here made of its id, so that it stays the same between runs. */
export function mappingUuid(id: string): string {
  const hex = createHash('sha256').update(id).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

function functionArn(streamArn: string, functionName: string): string {
  const [, partition, , region, account] = streamArn.split(':');
  return `arn:${partition}:lambda:${region}:${account}:function:${functionName}`;
}

/** Second precision, as AWS writes it. */
function arrival(record: StreamRecord | undefined): string | undefined {
  return (
    record && `${new Date(record.dynamodb.ApproximateCreationDateTime * 1000).toISOString().slice(0, 19)}Z`
  );
}
