import { z } from 'zod';

import { AwsError, jsonResponse } from '../endpoint/service.ts';
import type { ServiceHandler, ServiceResponse } from '../endpoint/service.ts';
import { unknownOperation } from '../endpoint/unknown-operation.ts';
import type { Table } from '../stack/model.ts';
import type { Capture } from './capture.ts';
import { EngineUnavailable } from './engine-client.ts';
import type { EngineClient } from './engine-client.ts';
import { jsonBody } from './request-body.ts';
import { isWrite, WRITE_OPERATIONS } from './write-plan.ts';

/** Calls that change nothing: they go to the engine and back unread. */
const READS: ReadonlySet<string> = new Set([
  'GetItem',
  'BatchGetItem',
  'TransactGetItems',
  'Query',
  'Scan',
  'ListTables',
  'DescribeTimeToLive',
]);

/** PartiQL's calls, and where their statements are. */
const statements = z.object({
  Statement: z.string().optional(),
  Statements: z.array(z.object({ Statement: z.string() })).optional(),
  TransactStatements: z.array(z.object({ Statement: z.string() })).optional(),
});
const PARTIQL: ReadonlySet<string> = new Set([
  'ExecuteStatement',
  'BatchExecuteStatement',
  'ExecuteTransaction',
]);

const described = z.looseObject({
  Table: z.looseObject({
    TableName: z.string(),
    GlobalSecondaryIndexes: z.array(z.looseObject({ IndexName: z.string() })).optional(),
  }),
});

/** DynamoDB's API over the engine: writes are captured, reads pass, what would change a table itself is refused. */
export function tableService(
  engine: EngineClient,
  capture: Pick<Capture, 'write'>,
  tables: readonly Table[],
): ServiceHandler {
  const answer = async (operation: string, body: Buffer): Promise<ServiceResponse> => {
    if (isWrite(operation)) return capture.write(operation, body);
    if (READS.has(operation)) return engine.send(operation, body);
    if (operation === 'DescribeTable') return describeTable(await engine.send(operation, body), tables);
    if (PARTIQL.has(operation)) {
      refusePartiqlWrites(body);
      return engine.send(operation, body);
    }
    const run = [...WRITE_OPERATIONS, ...READS, 'DescribeTable', ...PARTIQL];
    throw unknownOperation(operation, "Tables are the stack's: change the stack and start again.", run);
  };

  return async ({ operation, body }) => {
    try {
      return await answer(operation, body);
    } catch (error) {
      if (error instanceof EngineUnavailable) throw new AwsError('InternalServerError', error.message, 500);
      throw error;
    }
  };
}

function refusePartiqlWrites(body: Buffer): void {
  const { success, data } = statements.safeParse(jsonBody(body));
  const all = success
    ? [data, ...(data.Statements ?? []), ...(data.TransactStatements ?? [])].map(({ Statement }) => Statement)
    : [''];
  if (all.every((statement) => statement === undefined || /^\s*(select|exists)\b/i.test(statement))) return;
  throw new AwsError(
    'ValidationException',
    'PartiQL statements that write are not supported here: use PutItem, UpdateItem, DeleteItem or TransactWriteItems.',
  );
}

/** The engine knows nothing of the stack's ARNs and streams. */
function describeTable(answer: ServiceResponse, tables: readonly Table[]): ServiceResponse {
  if (answer.status !== 200) return answer;
  const description = described.parse(JSON.parse(answer.body.toString()));
  const table = tables.find(({ name }) => name === description.Table.TableName);
  if (!table) return answer;
  const { stream } = table;
  const indexes = description.Table.GlobalSecondaryIndexes?.map((index) => ({
    ...index,
    IndexArn: `${table.arn}/index/${index.IndexName}`,
  }));
  return jsonResponse({
    ...description,
    Table: {
      ...description.Table,
      TableArn: table.arn,
      ...(indexes && { GlobalSecondaryIndexes: indexes }),
      ...(stream && {
        StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType },
        LatestStreamArn: stream.arn,
        LatestStreamLabel: stream.arn.slice(stream.arn.lastIndexOf('/') + 1),
      }),
    },
  });
}
