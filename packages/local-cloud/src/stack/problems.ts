/** A stack that can't be run here: everything that is wrong with it, each as a sentence with its remedy. */
export class StackError extends Error {
  readonly problems: readonly string[];

  constructor(stack: string, problems: readonly string[]) {
    super(`The stack ${stack} can't be run here:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'StackError';
    this.problems = problems;
  }
}
