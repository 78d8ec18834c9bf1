import { z } from 'zod';
import { AwsError, jsonResponse, type ServiceHandler } from '../endpoint/service.ts';
import { unknownOperation } from '../endpoint/unknown-operation.ts';
import type { JournalRows } from '../journal/rows.ts';
import { countEvents, listExecutions, readExecution, readHistory, type WorkflowJournal } from './archive.ts';
import { redriveProblem } from './redrive.ts';
import type { Workflows } from './workflows.ts';

/** One operation: reads its members from the request's document and answers with the response's. */
type Operation = (members: unknown) => object;

/**
 * Answers Step Functions' API, once what an answer tells of outlives the process, where anything does. Members and operations that are not supported are refused by name.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html
 */
export function statesHandler(workflows: Workflows, journal: WorkflowJournal): ServiceHandler {
  const operations = operationsOf(workflows, journal);
  return async ({ operation, body }) => {
    const run = operations.get(operation);
    if (!run) {
      const instead = "State machines are the stack's: change the stack and start again.";
      throw unknownOperation(operation, instead, operations.keys());
    }
    const answer = run(parseDocument(body));
    await journal.durable();
    return jsonResponse(answer);
  };
}

function operationsOf(workflows: Workflows, journal: WorkflowJournal): ReadonlyMap<string, Operation> {
  return new Map<string, Operation>([
    [
      'StartExecution',
      (members) => {
        const { stateMachineArn, name, input, traceHeader } = read(startSchema, members);
        const started = workflows.startExecution(stateMachineArn, name, input, traceHeader);
        return { executionArn: started.executionArn, startDate: seconds(started.startedAt) };
      },
    ],
    [
      'StopExecution',
      (members) => {
        const { executionArn, error, cause } = read(stopSchema, members);
        return { stopDate: seconds(workflows.stopExecution(executionArn, error, cause)) };
      },
    ],
    [
      'RedriveExecution',
      (members) => {
        const { executionArn, clientToken } = read(redriveSchema, members);
        return { redriveDate: seconds(workflows.redriveExecution(executionArn, clientToken)) };
      },
    ],
    [
      'DescribeExecution',
      (members) => {
        const row = readExecution(journal, read(executionSchema, members).executionArn);
        const problem = redriveProblem(row, countEvents(journal, row.arn), workflows.now());
        return described(row, problem);
      },
    ],
    [
      'ListExecutions',
      (members) => {
        const { stateMachineArn, statusFilter, ...paging } = read(listExecutionsSchema, members);
        workflows.stateMachine(stateMachineArn);
        const page = listExecutions(journal, stateMachineArn, statusFilter, paging);
        return { executions: page.rows.map(listed), nextToken: page.nextToken };
      },
    ],
    [
      'GetExecutionHistory',
      (members) => {
        const { executionArn, reverseOrder, includeExecutionData, ...paging } = read(historySchema, members);
        readExecution(journal, executionArn);
        const page = readHistory(journal, executionArn, reverseOrder, paging);
        const events = page.rows.map((row) => historyEvent(row, includeExecutionData));
        return { events, nextToken: page.nextToken };
      },
    ],
    [
      'ListStateMachines',
      (members) => {
        read(listMachinesSchema, members);
        const stateMachines = workflows.stateMachines.map(({ arn, name, type }) => ({
          ...{ stateMachineArn: arn, name, type },
          creationDate: seconds(workflows.createdAt),
        }));
        return { stateMachines };
      },
    ],
    [
      'DescribeStateMachine',
      (members) => {
        const machine = workflows.stateMachine(read(machineSchema, members).stateMachineArn);
        const { arn, name, definition, roleArn, type } = machine;
        return {
          ...{ stateMachineArn: arn, name, status: 'ACTIVE', definition, roleArn, type },
          creationDate: seconds(workflows.createdAt),
          loggingConfiguration: { level: 'OFF', includeExecutionData: false },
          tracingConfiguration: { enabled: false },
        };
      },
    ],
  ]);
}

const arn = z.string().min(1);
const paging = {
  maxResults: z
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .transform((size) => size || 100),
  nextToken: z.string().optional(),
};

const startSchema = z.strictObject({
  stateMachineArn: arn,
  name: z.string().optional(),
  input: z.string().default('{}'),
  traceHeader: z.string().optional(),
});
const stopSchema = z.strictObject({
  executionArn: arn,
  error: z.string().max(256).default(''),
  cause: z.string().max(32_768).default(''),
});
const executionSchema = z.strictObject({ executionArn: arn });
const redriveSchema = z.strictObject({
  executionArn: arn,
  clientToken: z.string().min(1).max(64).optional(),
});
const machineSchema = z.strictObject({ stateMachineArn: arn });
const listMachinesSchema = z.strictObject({ maxResults: z.int().optional() });
const listExecutionsSchema = z.strictObject({
  ...paging,
  stateMachineArn: arn,
  statusFilter: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']).optional(),
});
const historySchema = z.strictObject({
  ...paging,
  executionArn: arn,
  reverseOrder: z.boolean().default(false),
  includeExecutionData: z.boolean().default(true),
});

function parseDocument(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new AwsError('SerializationException', 'The request is not valid JSON.');
  }
}

function read<Schema extends z.ZodType>(schema: Schema, members: unknown): z.output<Schema> {
  const parsed = schema.safeParse(members);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`,
  );
  throw new AwsError(
    'ValidationException',
    `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`,
  );
}

/** AWS JSON carries times as epoch seconds. */
function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}

function listed(row: JournalRows['executions']): object {
  return {
    executionArn: row.arn,
    stateMachineArn: row.stateMachine,
    name: row.name,
    status: row.status,
    startDate: seconds(row.startedAt),
    ...(row.endedAt !== null && { stopDate: seconds(row.endedAt) }),
    redriveCount: row.redrives,
    ...(row.redrivenAt !== null && { redriveDate: seconds(row.redrivenAt) }),
  };
}

/** @param redriveProblem why it can't be redriven; undefined when it can. */
function described(row: JournalRows['executions'], redriveProblem: string | undefined): object {
  return {
    ...listed(row),
    input: row.input,
    inputDetails: { included: true },
    ...(row.output && { output: row.output, outputDetails: { included: true } }),
    ...(row.error && { error: row.error }),
    ...(row.cause && { cause: row.cause }),
    redriveStatus: redriveProblem === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
    ...(redriveProblem !== undefined && { redriveStatusReason: redriveProblem }),
  };
}

function historyEvent(row: JournalRows['history'], includeData: boolean): object {
  const details: unknown = includeData ? JSON.parse(row.details) : JSON.parse(row.details, withoutData);
  return {
    id: row.id,
    previousEventId: row.previousId,
    timestamp: seconds(row.at),
    type: row.type,
    ...(typeof details === 'object' && details),
  };
}

function withoutData(key: string, value: unknown): unknown {
  return key === 'input' || key === 'output' ? undefined : value;
}
