import type { z } from 'zod';
import type { StateMachine } from '../stack/model.ts';
import { NO_TIMEOUT_SECONDS } from './engine.ts';
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
  const levels = new Map<object, Level>();
  const problems: string[] = [];
  const root = prepareLevel(parsed.data, undefined, '', levels, problems);
  if (problems.length > 0) throw refusal(machine, problems);
  return { root, levels };
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

function prepareLevel(
  level: Branch,
  parent: Level['parent'],
  path: string,
  levels: Map<object, Level>,
  problems: string[],
): object {
  const tasks: Task[] = [];
  const states: Record<string, object> = {};
  problems.push(...missingTargets(level, path), ...(parent ? contextProblems(level, path) : []));
  for (const [name, state] of Object.entries(level.States)) {
    const at = `${path}States.${name}`;
    const inside = (part: unknown, where: string, type: 'Parallel' | 'Map'): object => {
      const parsed = branchSchema.safeParse(part);
      if (parsed.success)
        return prepareLevel(parsed.data, { name, type }, `${at}.${where}.`, levels, problems);
      problems.push(...problemsOf(parsed.error).map((problem) => `${at}.${where}.${problem}`));
      return {};
    };
    if (state.Type === 'Task') {
      tasks.push(taskOf(name, state));
      problems.push(...invokeProblems(state, at));
    }
    const prepared = prepareState(state);
    if (state.Type === 'Parallel')
      prepared['Branches'] = state.Branches.map((branch, i) => inside(branch, `Branches.${i}`, 'Parallel'));
    if (state.Type === 'Map') {
      prepared['ItemProcessor'] = inside(state.ItemProcessor ?? state.Iterator, 'ItemProcessor', 'Map');
      delete prepared['Iterator'];
    }
    states[name] = prepared;
  }
  const root = { ...level, States: states };
  levels.set(root, { tasks, parent });
  return root;
}

function taskOf(name: string, state: TaskState): Task {
  return {
    name,
    kind: state.Resource.endsWith(':states:::lambda:invoke') ? 'invoke' : 'function',
    resource: state.Resource,
    timeoutSeconds: state.TimeoutSeconds,
  };
}

/** Paths for which `$` says what leaving them out says. */
const WHOLE_BY_DEFAULT = new Set(['InputPath', 'OutputPath', 'ResultPath']);

/**
 * Puts a state into the form in which the library runs it as AWS does. The library takes `$` in ResultPath for a
 * field's name, ends tasks without a timeout after 60 s, ignores a Pass state's Result when it is falsy and invents
 * texts for a Fail state without Error or Cause.
 */
function prepareState(state: State): Record<string, unknown> {
  const prepared: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(state))
    if (value !== '$' || !WHOLE_BY_DEFAULT.has(field)) prepared[field] = value;
  if ('Catch' in state && state.Catch)
    prepared['Catch'] = state.Catch.map(({ ResultPath, ...catcher }) =>
      ResultPath === undefined || ResultPath === '$' ? catcher : { ...catcher, ResultPath },
    );
  if (state.Type === 'Task' && !state.TimeoutSecondsPath)
    prepared['TimeoutSeconds'] = state.TimeoutSeconds ?? NO_TIMEOUT_SECONDS;
  if (state.Type === 'Fail') {
    if (state.ErrorPath === undefined) prepared['Error'] = state.Error ?? '';
    if (state.CausePath === undefined) prepared['Cause'] = state.Cause ?? '';
  }
  if (state.Type === 'Pass' && 'Result' in state && !state.Result) {
    prepared['Parameters'] = state.Result;
    delete prepared['Result'];
  }
  return prepared;
}

/** A level's transitions that lead nowhere, and states that neither end nor go on. */
function missingTargets(level: Branch, path: string): string[] {
  const problems: string[] = [];
  const check = (target: string | undefined, where: string) => {
    if (target !== undefined && !Object.hasOwn(level.States, target))
      problems.push(`${path}${where}: there is no state named ${target}`);
  };
  check(level.StartAt, 'StartAt');
  for (const [name, state] of Object.entries(level.States)) {
    const at = `States.${name}`;
    if ('Catch' in state) state.Catch?.forEach((c, i) => check(c.Next, `${at}.Catch.${i}.Next`));
    if (state.Type === 'Choice') {
      state.Choices.forEach((c, i) => check(c.Next, `${at}.Choices.${i}.Next`));
      check(state.Default, `${at}.Default`);
    } else if (state.Type !== 'Succeed' && state.Type !== 'Fail') {
      check(state.Next, `${at}.Next`);
      if ((state.Next === undefined) === (state.End === undefined))
        problems.push(`${path}${at}: must have either Next or End`);
    }
  }
  return problems;
}

/** Parts of the context object that the library gets wrong inside Parallel and Map states. */
function contextProblems(level: Branch, path: string): string[] {
  const used = JSON.stringify(level).match(/\$\$\.(Execution\.(Input|StartTime)|Map)\b/g) ?? [];
  return [...new Set(used)].map(
    (name) =>
      `${path}States: ${name} cannot be read inside a Parallel or Map state here: hand it in through Parameters or ItemSelector`,
  );
}

const INVOKE_PARAMETERS = ['FunctionName', 'FunctionName.$', 'Payload', 'Payload.$'];

function invokeProblems(state: TaskState, at: string): string[] {
  if (taskOf('', state).kind === 'function') return [];
  const names = Object.keys(state.Parameters ?? {});
  const problems = names
    .filter((name) => !INVOKE_PARAMETERS.includes(name))
    .map((name) => `${at}.Parameters.${name}: not supported for lambda:invoke here`);
  if (!names.some((name) => name.startsWith('FunctionName')))
    problems.push(`${at}.Parameters: FunctionName is missing`);
  return problems;
}
