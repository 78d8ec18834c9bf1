import { COMPENSATION, RETRYABLE_ERRORS, STAGES, type StageName } from '@orderstream/domain';
import type { StageOutput } from '@orderstream/lambda-kit';

/** Invokes a stage function for an order, as the state machine does. */
export type InvokeStage = (
  stage: StageName,
  orderId: string,
  failure?: { Error: string; Cause: string },
) => Promise<StageOutput>;

/** How often a task is tried: compensation is far more patient. */
const ATTEMPTS = { stages: 4, compensation: 40 };

const NAMES = {
  stages: Object.keys(STAGES).filter((name): name is keyof typeof STAGES => name in STAGES),
  compensation: Object.keys(COMPENSATION).filter(
    (name): name is keyof typeof COMPENSATION => name in COMPENSATION,
  ),
};

/**
 * One execution of the order workflow, without the waits: every stage in turn, what passes retried, and on any other
 * error the compensation. An order that is closed already ends it well.
 */
export async function runWorkflow(invoke: InvokeStage, orderId: string): Promise<void> {
  try {
    for (const stage of NAMES.stages) await patiently(ATTEMPTS.stages, () => invoke(stage, orderId));
  } catch (error) {
    if (nameOf(error) !== 'AlreadyClosed') await compensate(invoke, orderId, error);
  }
}

/** The compensation alone, for the error that led to it. An order that has ended is met at its first task or not at all. */
export async function compensate(invoke: InvokeStage, orderId: string, error: unknown): Promise<void> {
  const { message } = error instanceof Error ? error : new Error(String(error));
  const failure = {
    Error: nameOf(error),
    Cause: JSON.stringify({ errorType: nameOf(error), errorMessage: message }),
  };
  for (const stage of NAMES.compensation) {
    try {
      await patiently(ATTEMPTS.compensation, () => invoke(stage, orderId, failure));
    } catch (ended) {
      if (stage === 'BeginClosing' && nameOf(ended) === 'AlreadyClosed') return;
      throw ended;
    }
  }
}

async function patiently(attempts: number, task: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await task();
      return;
    } catch (error) {
      const passes = [...RETRYABLE_ERRORS, 'Crash'].some((name) => name === nameOf(error));
      if (!passes || attempt === attempts) throw error;
    }
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
