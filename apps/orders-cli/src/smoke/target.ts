import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { CommandInput } from '../command.ts';
import { UsageError } from '../errors.ts';
import { awsOutputs } from '../outputs-file.ts';
import { clientConfigOf, openSession } from '../session.ts';

/** The outputs of the stack that a smoke run needs. */
const stackSchema = z.object({
  orders_table: z.string(),
  stock_table: z.string(),
  allocations_table: z.string(),
  ledger_table: z.string(),
  summaries_table: z.string(),
  workflow_arn: z.string().regex(/^arn:[^:]+:states:[^:]+:\d{12}:stateMachine:[^:]+$/, 'is no state machine'),
  payment_gateway: z.string(),
  currency: z.string(),
});
type Stack = z.infer<typeof stackSchema>;

export interface SmokeTables {
  readonly orders: string;
  readonly stock: string;
  readonly allocations: string;
  readonly ledger: string;
  readonly summaries: string;
}

/** A deployment that a smoke run works with: its tables and its workflow, with the caller's own credentials. */
export interface SmokeTarget {
  readonly where: 'local' | 'aws';
  readonly documents: DynamoDBDocumentClient;
  readonly workflows: SFNClient;
  readonly tables: SmokeTables;
  readonly workflowArn: string;
  readonly paymentGateway: string;
  readonly currency: string;
  /** Epoch milliseconds by the deployment's clock; on AWS this machine's, which has to be in step with it. */
  now(): number;
  close(): Promise<void>;
}

/**
 * The local cloud at `--port` (or one started for this call), or the deployment on AWS whose outputs `--outputs` names.
 * There the usual credentials and settings of the SDK hold: those of a pipeline's role, a profile, `AWS_ENDPOINT_URL`.
 *
 * @throws UsageError naming the option or output that is missing.
 */
export async function openSmokeTarget(input: CommandInput): Promise<SmokeTarget> {
  const target = input.values['target'] ?? 'local';
  if (target === 'aws') return awsTarget(stackOf(awsOutputs(input.values, 'orders_table')));
  if (target !== 'local')
    throw new UsageError(`--target is ${String(target)}, but must be local or aws. Without it: local.`);
  if (input.values['outputs'] !== undefined)
    throw new UsageError('--outputs goes with --target aws only. Give both or none.');
  const session = await openSession(input);
  const stack = stackOf(session.status.outputs);
  const { aheadMs } = await session.cloud.clock();
  const workflows = new SFNClient(clientConfigOf(session));
  return {
    ...namesOf(stack),
    where: 'local',
    documents: session.documents,
    workflows,
    now: () => Date.now() + aheadMs,
    close: async () => {
      workflows.destroy();
      await session.close();
    },
  };
}

function awsTarget(stack: Stack): SmokeTarget {
  const [, , , region = ''] = stack.workflow_arn.split(':');
  const tables = new DynamoDBClient({ region });
  const workflows = new SFNClient({ region });
  return {
    ...namesOf(stack),
    where: 'aws',
    documents: DynamoDBDocumentClient.from(tables),
    workflows,
    now: () => Date.now(),
    close: () => {
      tables.destroy();
      workflows.destroy();
      return Promise.resolve();
    },
  };
}

function namesOf(stack: Stack) {
  return {
    tables: {
      orders: stack.orders_table,
      stock: stack.stock_table,
      allocations: stack.allocations_table,
      ledger: stack.ledger_table,
      summaries: stack.summaries_table,
    },
    workflowArn: stack.workflow_arn,
    paymentGateway: stack.payment_gateway,
    currency: stack.currency,
  };
}

function stackOf(outputs: Readonly<Record<string, unknown>>): Stack {
  const read = stackSchema.safeParse(outputs);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new UsageError(
    `The stack's output ${issue?.path.join('.') ?? ''} is missing or not as expected: ${issue?.message ?? ''}. Deploy this version of the stack, then run it again.`,
    1,
  );
}
