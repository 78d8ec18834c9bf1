import type { Invocation } from './task.ts';
import type { Task } from './definition.ts';

/**
 * The details of history events as GetExecutionHistory answers them, under their member of the event.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
export type EventDetails = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Type and details of a history event; its id, its predecessor and its time come from the run. */
export interface EventContent {
  readonly type: string;
  readonly details: EventDetails;
}

const WHOLE = { truncated: false };

export function executionStarted(input: string, roleArn: string): EventContent {
  return {
    type: 'ExecutionStarted',
    details: { executionStartedEventDetails: { input, inputDetails: WHOLE, roleArn } },
  };
}

export function executionSucceeded(output: string): EventContent {
  return {
    type: 'ExecutionSucceeded',
    details: { executionSucceededEventDetails: { output, outputDetails: WHOLE } },
  };
}

/** @param redrives how often it has been redriven, this time included. */
export function executionRedriven(redrives: number): EventContent {
  return {
    type: 'ExecutionRedriven',
    details: { executionRedrivenEventDetails: { redriveCount: redrives } },
  };
}

/** The end of an execution without an output; an empty error or cause is left out, as AWS does. */
export function executionEndedBadly(
  type: 'Failed' | 'Aborted' | 'TimedOut',
  error: string,
  cause: string,
): EventContent {
  return {
    type: `Execution${type}`,
    details: {
      [`execution${type}EventDetails`]: { ...(error && { error }), ...(cause && { cause }) },
    },
  };
}

export function stateEntered(type: string, name: string, input: string): EventContent {
  return {
    type: `${type}StateEntered`,
    details: { stateEnteredEventDetails: { name, input, inputDetails: WHOLE } },
  };
}

export function stateExited(type: string, name: string, output: string): EventContent {
  return {
    type: `${type}StateExited`,
    details: { stateExitedEventDetails: { name, output, outputDetails: WHOLE } },
  };
}

/** `Started`, `Succeeded`, `Failed` of a Parallel or Map state as a whole. */
export function stateProgress(type: 'Parallel' | 'Map', what: string): EventContent {
  return { type: `${type}State${what}`, details: {} };
}

export function mapIteration(what: string, name: string, index: number): EventContent {
  return {
    type: `MapIteration${what}`,
    details: { [`mapIteration${what}EventDetails`]: { name, index } },
  };
}

const INTEGRATION = { resourceType: 'lambda', resource: 'invoke' };

export function taskScheduled(task: Task, invocation: Invocation, region: string): EventContent {
  const { functionName, payload } = invocation;
  const timeout = task.timeoutSeconds === undefined ? {} : { timeoutInSeconds: task.timeoutSeconds };
  if (task.kind === 'function') {
    const details = { resource: task.resource, input: payload, inputDetails: WHOLE, ...timeout };
    return { type: 'LambdaFunctionScheduled', details: { lambdaFunctionScheduledEventDetails: details } };
  }
  const parameters = `{"FunctionName":${JSON.stringify(functionName)},"Payload":${payload}}`;
  const details = { ...INTEGRATION, region, parameters, ...timeout };
  return { type: 'TaskScheduled', details: { taskScheduledEventDetails: details } };
}

export function taskStarted(task: Task): EventContent {
  if (task.kind === 'function') return { type: 'LambdaFunctionStarted', details: {} };
  return { type: 'TaskStarted', details: { taskStartedEventDetails: INTEGRATION } };
}

export function taskSucceeded(task: Task, output: string): EventContent {
  return taskEnded(task, 'Succeeded', { output, outputDetails: WHOLE });
}

export function taskFailed(task: Task, error: string, cause: string): EventContent {
  return taskEnded(task, 'Failed', { error, cause });
}

export function taskTimedOut(task: Task): EventContent {
  return taskEnded(task, 'TimedOut', { error: 'States.Timeout' });
}

function taskEnded(task: Task, what: string, details: Record<string, unknown>): EventContent {
  if (task.kind === 'function')
    return {
      type: `LambdaFunction${what}`,
      details: { [`lambdaFunction${what}EventDetails`]: details },
    };
  return { type: `Task${what}`, details: { [`task${what}EventDetails`]: { ...INTEGRATION, ...details } } };
}
