/** How a case of a conformance file came out. */
export interface CaseResult {
  /** As the file names it, or where it stands (`line 3`) when it names none. */
  readonly id: string;
  /** What differs from what was expected, a line each; none when the case passed. */
  readonly problems: readonly string[];
}

/** Compares two values by their JSON: the problem, or nothing. */
export function differing(what: string, expected: unknown, actual: unknown): string[] {
  const [wanted, found] = [JSON.stringify(expected), JSON.stringify(actual)];
  return wanted === found ? [] : [`${what}: expected ${wanted}, got ${found}`];
}

/** A file that is no file of cases. The message says what is wrong with it. */
export class CaseFileError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'CaseFileError';
  }
}
