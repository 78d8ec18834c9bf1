import type { Meter } from './meter.ts';

/**
 * Whether a history event is a transition that a Standard workflow is billed for: the start, each state that is entered,
 * and each retry. A task is counted when it is scheduled, which a retry does again, and not when it is entered.
 * @see https://aws.amazon.com/step-functions/pricing/
 */
export function isTransition(eventType: string): boolean {
  if (eventType === 'ExecutionStarted') return true;
  if (eventType === 'TaskStateEntered') return false;
  return (
    eventType.endsWith('StateEntered') ||
    eventType === 'TaskScheduled' ||
    eventType === 'LambdaFunctionScheduled'
  );
}

/** Counts a history event: transitions of a Standard workflow, executions of an Express one. */
export function countTransition(
  meter: Meter,
  machine: { name: string; type: string },
  eventType: string,
): void {
  if (machine.type === 'EXPRESS') {
    if (eventType === 'ExecutionStarted') meter.add(machine.name, 'states.expressRequests');
  } else if (isTransition(eventType)) meter.add(machine.name, 'states.transitions');
}
