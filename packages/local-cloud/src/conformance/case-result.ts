/** How a case of a conformance file came out. */
export interface CaseResult {
  /** As the file names it, or where it stands (`line 3`) when it names none. */
  readonly id: string;
  /** What differs from what was expected, a line each; none when the case passed. */
  readonly problems: readonly string[];
}

/** Characters of a value that a problem shows. */
const SHOWN = 400;

/** Compares two lists by their JSON: the problem, from the first entries that differ on, or nothing. */
export function differing(what: string, expected: readonly unknown[], actual: readonly unknown[]): string[] {
  const texts = [expected, actual].map((list) => list.map((entry) => JSON.stringify(entry)));
  const [wanted = [], found = []] = texts;
  const length = Math.max(wanted.length, found.length);
  for (let place = 0; place < length; place++) {
    if (wanted[place] === found[place]) continue;
    const where = place === 0 ? what : `${what}, from entry ${place + 1} on`;
    return [`${where}: expected ${shown(wanted.slice(place))}, got ${shown(found.slice(place))}`];
  }
  return [];
}

function shown(entries: readonly string[]): string {
  const text = `[${entries.join(',')}]`;
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}… (${entries.length} entries)` : text;
}

/** A file that is no file of cases. The message says what is wrong with it. */
export class CaseFileError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'CaseFileError';
  }
}
