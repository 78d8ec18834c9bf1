import type { z } from 'zod';
import type { StateMachine } from '../stack/model.ts';
import {
  contextProblems,
  invokeProblems,
  isLambdaIntegration,
  missingTargets,
} from './definition-problems.ts';
import { prepareState } from './prepare-state.ts';
import { branchSchema, machineSchema, type Branch, type State, type TaskState } from './states-language.ts';

/** A task as the history and the invocation need it. */
export interface Task {
  readonly name: string;
  /** `invoke`: through Step Functions' Lambda integration; `function`: the ARN of a function as the resource. */
  readonly kind: 'invoke' | 'function';
  readonly resource: string;
  readonly timeoutSeconds: number | undefined;
}

/** The states of one run: of the machine itself, a Parallel state's branch or a Map state's iteration. */
export interface Level {
  readonly tasks: readonly Task[];
  /** The Parallel or Map state that this level is part of. */
  readonly parent: { readonly name: string; readonly type: 'Parallel' | 'Map' } | undefined;
}

/** A definition that was read and made ready for the engine. */
export interface Definition {
  readonly root: object;
  /** Level of each part of `root` that the engine runs on its own, `root` included. */
  readonly levels: ReadonlyMap<object, Level>;
}

/**
 * Reads a state machine's definition. What this runtime would do otherwise than AWS is refused.
 * @throws Error naming the state machine and every wrong or unsupported field.
 */
export function readDefinition(machine: StateMachine): Definition {
  if (machine.type !== 'STANDARD')
    throw refusal(machine, [`type: ${machine.type} does not run here, only STANDARD does`]);
  const parsed = machineSchema.safeParse(parseJson(machine));
  if (!parsed.success) throw refusal(machine, problemsOf(parsed.error));
  const reading: Reading = { levels: new Map(), problems: [] };
  const root = readLevel(reading, parsed.data, undefined, '');
  if (reading.problems.length > 0) throw refusal(machine, reading.problems);
  return { root, levels: reading.levels };
}

function parseJson(machine: StateMachine): unknown {
  try {
    return JSON.parse(machine.definition);
  } catch (error) {
    throw refusal(machine, [`not JSON: ${String(error)}`]);
  }
}

function refusal(machine: StateMachine, problems: readonly string[]): Error {
  return new Error(
    `The definition of state machine ${machine.name} cannot be run:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
  );
}

function problemsOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.path.join('.') || 'definition'}: ${issue.message}`);
}

/** What comes together while the levels of a definition are read. */
interface Reading {
  readonly levels: Map<object, Level>;
  readonly problems: string[];
}

/** @param path where the level stands in the definition, for what is said of its problems. */
function readLevel(reading: Reading, level: Branch, parent: Level['parent'], path: string): object {
  const tasks: Task[] = [];
  const states: Record<string, object> = {};
  reading.problems.push(...missingTargets(level, path));
  if (parent) reading.problems.push(...contextProblems(level, path));
  for (const [name, state] of Object.entries(level.States)) {
    const at = `${path}States.${name}`;
    states[name] = { ...prepareState(state), ...readInside(reading, name, state, at) };
    if (state.Type !== 'Task') continue;
    tasks.push(taskOf(name, state));
    reading.problems.push(...invokeProblems(state, at));
  }
  const prepared = { ...level, States: states };
  reading.levels.set(prepared, { tasks, parent });
  return prepared;
}

/** The members of a Parallel or Map state that hold levels of their own. */
function readInside(reading: Reading, name: string, state: State, at: string): object {
  const read = (part: unknown, type: 'Parallel' | 'Map', where: string): object => {
    const parsed = branchSchema.safeParse(part);
    if (parsed.success) return readLevel(reading, parsed.data, { name, type }, `${at}.${where}.`);
    reading.problems.push(...problemsOf(parsed.error).map((problem) => `${at}.${where}.${problem}`));
    return {};
  };
  if (state.Type === 'Parallel')
    return { Branches: state.Branches.map((branch, i) => read(branch, 'Parallel', `Branches.${i}`)) };
  if (state.Type === 'Map')
    return { ItemProcessor: read(state.ItemProcessor ?? state.Iterator, 'Map', 'ItemProcessor') };
  return {};
}

function taskOf(name: string, state: TaskState): Task {
  return {
    name,
    kind: isLambdaIntegration(state) ? 'invoke' : 'function',
    resource: state.Resource,
    timeoutSeconds: state.TimeoutSeconds,
  };
}
