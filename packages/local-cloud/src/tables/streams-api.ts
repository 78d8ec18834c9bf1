import { z } from 'zod';

import { AwsError, jsonResponse } from '../endpoint/service.ts';
import type { ServiceHandler } from '../endpoint/service.ts';
import { unknownOperation } from '../endpoint/unknown-operation.ts';
import type { Change } from './change.ts';
import type { ChangeLog } from './change-log.ts';
import { jsonBody } from './request-body.ts';
import { positionOf, sequenceNumber } from './stream-record.ts';

/** Most records, and characters of JSON, that one GetRecords answers with. */
const MOST_RECORDS = 1000;
const MOST_CHARACTERS = 1024 * 1024;
/** Most streams that one ListStreams answers with. */
const MOST_STREAMS = 100;

const listInput = z.object({
  TableName: z.string().optional(),
  Limit: z.int().min(1).max(MOST_STREAMS).default(MOST_STREAMS),
  ExclusiveStartStreamArn: z.string().optional(),
});
const describeInput = z.object({
  StreamArn: z.string(),
  ExclusiveStartShardId: z.string().optional(),
  ShardFilter: z.object({ Type: z.literal('CHILD_SHARDS'), ShardId: z.string() }).optional(),
});
const iteratorInput = z.object({
  StreamArn: z.string(),
  ShardId: z.string(),
  ShardIteratorType: z.enum(['TRIM_HORIZON', 'LATEST', 'AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER']),
  SequenceNumber: z.string().optional(),
});
const recordsInput = z.object({
  ShardIterator: z.string(),
  Limit: z.int().min(1).max(MOST_RECORDS).default(MOST_RECORDS),
});

/**
 * The DynamoDB Streams API over the captured changes. Every stream has one shard, which never closes; iterators do not
 * expire.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html
 */
export function streamsHandler(logs: readonly ChangeLog[]): ServiceHandler {
  const find = (arn: string) => {
    const log = logs.find((candidate) => candidate.arn === arn);
    if (log) return log;
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: Stream: ${arn} not found`);
  };

  return async ({ operation, body }) => {
    switch (operation) {
      case 'ListStreams':
        return jsonResponse(listStreams(logs, parse(listInput, body)));
      case 'DescribeStream': {
        const input = parse(describeInput, body);
        return jsonResponse({ StreamDescription: describe(find(input.StreamArn), input) });
      }
      case 'GetShardIterator': {
        const wanted = parse(iteratorInput, body);
        const log = find(wanted.StreamArn);
        return jsonResponse({ ShardIterator: iterator(log, startOf(log, wanted)) });
      }
      case 'GetRecords': {
        const { ShardIterator, Limit } = parse(recordsInput, body);
        const { arn, position } = readIterator(ShardIterator);
        return jsonResponse(getRecords(find(arn), position, Limit));
      }
      default:
        throw unknownOperation(operation, 'Streams belong to tables, and those to the stack.', [
          'ListStreams',
          'DescribeStream',
          'GetShardIterator',
          'GetRecords',
        ]);
    }
  };
}

function parse<T>(schema: z.ZodType<T>, body: Buffer): T {
  const result = schema.safeParse(jsonBody(body));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new AwsError('ValidationException', `Value at '${issue?.path.join('.')}': ${issue?.message}`);
}

function listStreams(logs: readonly ChangeLog[], input: z.infer<typeof listInput>) {
  const ofTable = logs.filter(({ table }) => !input.TableName || table.name === input.TableName);
  const from = ofTable.findIndex(({ arn }) => arn === input.ExclusiveStartStreamArn) + 1;
  const page = ofTable.slice(from, from + input.Limit);
  const last = from + page.length < ofTable.length ? page.at(-1) : undefined;
  return {
    Streams: page.map((log) => ({
      StreamArn: log.arn,
      TableName: log.table.name,
      StreamLabel: labelOf(log.arn),
    })),
    ...(last && { LastEvaluatedStreamArn: last.arn }),
  };
}

function describe(log: ChangeLog, { ExclusiveStartShardId, ShardFilter }: z.infer<typeof describeInput>) {
  const { partitionKey, sortKey } = log.table;
  const range = { StartingSequenceNumber: sequenceNumber(log.horizon + 1) };
  /** The only shard has no successor and no children. */
  const hasNoMore = ExclusiveStartShardId === log.shardId || ShardFilter !== undefined;
  const createdAt = Date.parse(`${labelOf(log.arn)}Z`) / 1000;
  return {
    StreamArn: log.arn,
    StreamLabel: labelOf(log.arn),
    StreamStatus: 'ENABLED',
    StreamViewType: log.viewType,
    ...(Number.isFinite(createdAt) && { CreationRequestDateTime: createdAt }),
    TableName: log.table.name,
    KeySchema: [
      { AttributeName: partitionKey.name, KeyType: 'HASH' },
      ...(sortKey ? [{ AttributeName: sortKey.name, KeyType: 'RANGE' }] : []),
    ],
    Shards: hasNoMore ? [] : [{ ShardId: log.shardId, SequenceNumberRange: range }],
  };
}

/** A stream's label is the end of its ARN: the time at which it was switched on. */
function labelOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** The position after which an iterator begins. */
function startOf(log: ChangeLog, input: z.infer<typeof iteratorInput>): number {
  if (input.ShardId !== log.shardId) {
    throw new AwsError(
      'ResourceNotFoundException',
      `Requested resource not found: Shard: ${input.ShardId} in Stream: ${log.arn} not found`,
    );
  }
  if (input.ShardIteratorType === 'TRIM_HORIZON') return log.horizon;
  if (input.ShardIteratorType === 'LATEST') return log.head;
  const position = positionOf(input.SequenceNumber ?? '');
  if (position === undefined) {
    throw new AwsError(
      'ValidationException',
      `Invalid SequenceNumber: ${input.SequenceNumber ?? 'it is missing'}`,
    );
  }
  const start = input.ShardIteratorType === 'AT_SEQUENCE_NUMBER' ? position - 1 : position;
  return notTrimmed(log, start);
}

function notTrimmed(log: ChangeLog, position: number): number {
  if (position >= log.horizon) return position;
  throw new AwsError(
    'TrimmedDataAccessException',
    'The operation attempted to read past the oldest stream record in a shard.',
  );
}

function iterator(log: ChangeLog, position: number): string {
  return `${log.arn}|1|${position}`;
}

/** The stream's ARN and the position that an iterator stands for. @throws AwsError ValidationException */
export function readIterator(text: string): { arn: string; position: number } {
  const parts = /^(.+)\|1\|(\d+)$/.exec(text);
  if (!parts) throw new AwsError('ValidationException', 'Invalid ShardIterator.');
  return { arn: String(parts[1]), position: Number(parts[2]) };
}

function getRecords(log: ChangeLog, position: number, limit: number) {
  const changes = upToSize(log.read(notTrimmed(log, position), limit));
  return {
    Records: changes.map(apiRecord),
    NextShardIterator: iterator(log, changes.at(-1)?.position ?? position),
  };
}

function upToSize(changes: readonly Change[]): readonly Change[] {
  let characters = 0;
  const end = changes.findIndex(
    ({ json }, index) => (characters += json.length) > MOST_CHARACTERS && index > 0,
  );
  return end < 0 ? changes : changes.slice(0, end);
}

/** The API writes a record a little differently from what Lambda gets. */
function apiRecord({ record }: Change) {
  const { eventID, eventName, eventVersion, eventSource, awsRegion, dynamodb, userIdentity } = record;
  return {
    eventID,
    eventName,
    eventVersion,
    eventSource,
    awsRegion,
    dynamodb,
    ...(userIdentity && {
      userIdentity: { PrincipalId: userIdentity.principalId, Type: userIdentity.type },
    }),
  };
}
