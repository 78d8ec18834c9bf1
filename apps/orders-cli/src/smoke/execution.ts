import { DescribeExecutionCommand, ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import { executionName } from '@orderstream/domain';
import type { SmokeTarget } from './target.ts';

/** How an order's newest execution stands. */
export interface Execution {
  readonly arn: string;
  /** As Step Functions tells it; `none` where nobody has started it. */
  readonly status: string;
  /** Epoch milliseconds. */
  readonly startedAt: number | undefined;
}

/** @param restarts how often the order's workflow was started again. */
export async function executionOf(
  { workflows, workflowArn }: Pick<SmokeTarget, 'workflows' | 'workflowArn'>,
  orderId: string,
  restarts = 0,
): Promise<Execution> {
  const arn = `${workflowArn.replace(':stateMachine:', ':execution:')}:${executionName(orderId, restarts)}`;
  try {
    const found = await workflows.send(new DescribeExecutionCommand({ executionArn: arn }));
    return { arn, status: found.status ?? 'unknown', startedAt: found.startDate?.getTime() };
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return { arn, status: 'none', startedAt: undefined };
    throw error;
  }
}
