import { executionName } from './ids.ts';
import { traceOf } from './image-values.ts';

/**
 * The order workflow by its names: infra builds the state machine from them, the apps' handlers parse the same actions.
 * `function` is the app, `action` what it is asked to do.
 */
export const STAGES = {
  ValidateOrder: { function: 'validate-order', action: 'validate' },
  ProcessPayment: { function: 'process-payment', action: 'charge' },
  UpdateInventory: { function: 'update-inventory', action: 'allocate' },
  ShipOrder: { function: 'ship-order', action: 'ship' },
} as const;

/** Compensation, in its order. BeginClosing sets `closing`, CloseOrder writes the end. */
export const COMPENSATION = {
  BeginClosing: { function: 'close-order', action: 'begin' },
  ReleaseInventory: { function: 'update-inventory', action: 'release' },
  VoidShipment: { function: 'ship-order', action: 'void' },
  RefundPayment: { function: 'process-payment', action: 'refund' },
  CloseOrder: { function: 'close-order', action: 'finish' },
} as const;

export type StageName = keyof typeof STAGES | keyof typeof COMPENSATION;

/** Seconds, each longer than the one before: the gateway gives up, then the function, then the task. */
export const TIMEOUTS = { gateway: 5, function: 15, task: 20 } as const;

/** Calls that the dispatcher has under way at once in a batch: starts of workflows, puts of events. */
export const DISPATCHED_AT_ONCE = 16;

/** A workflow that is to be started. */
export interface WorkflowStart {
  readonly executionName: string;
  readonly input: { readonly orderId: string; readonly trace?: string };
}

/** How an order's workflow is started, or started again for the n-th time; a trace that is none is left out. */
export function workflowStart(orderId: string, orderTrace: unknown, restart = 0): WorkflowStart {
  const trace = traceOf(orderTrace);
  const input = trace === undefined ? { orderId } : { orderId, trace };
  return { executionName: executionName(orderId, restart), input };
}

/**
 * What Step Functions' StartExecution is asked. That an execution of the name exists is success: it was started before.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export function startRequest(stateMachineArn: string, { executionName: name, input }: WorkflowStart) {
  const { trace } = input;
  const traced = trace === undefined ? {} : { traceHeader: trace };
  return { stateMachineArn, name, input: JSON.stringify(input), ...traced };
}
