import type { Branch, TaskState } from './states-language.ts';

/** A level's transitions that lead nowhere, and states that neither end nor go on. */
export function missingTargets(level: Branch, path: string): string[] {
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
export function contextProblems(level: Branch, path: string): string[] {
  const used = JSON.stringify(level).match(/\$\$\.(Execution\.(Input|StartTime)|Map)\b/g) ?? [];
  return [...new Set(used)].map(
    (name) =>
      `${path}States: ${name} cannot be read inside a Parallel or Map state here: hand it in through Parameters or ItemSelector`,
  );
}

/** Whether a task goes through Step Functions' Lambda integration, and not straight to a function. */
export function isLambdaIntegration(state: TaskState): boolean {
  return state.Resource.endsWith(':states:::lambda:invoke');
}

const INVOKE_PARAMETERS = ['FunctionName', 'FunctionName.$', 'Payload', 'Payload.$'];

/** What a task of the Lambda integration passes that is not supported, or does not pass and must. */
export function invokeProblems(state: TaskState, at: string): string[] {
  if (!isLambdaIntegration(state)) return [];
  const names = Object.keys(state.Parameters ?? {});
  const problems = names
    .filter((name) => !INVOKE_PARAMETERS.includes(name))
    .map((name) => `${at}.Parameters.${name}: not supported for lambda:invoke here`);
  if (!names.some((name) => name.startsWith('FunctionName')))
    problems.push(`${at}.Parameters: FunctionName is missing`);
  return problems;
}
