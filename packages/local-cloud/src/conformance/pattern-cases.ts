import * as z from 'zod';
import { compilePattern, InvalidPattern, parseEvent } from '../bus/pattern.ts';
import { CaseFileError, type CaseResult } from './case-result.ts';

/** Patterns and events are JSON text: repeated keys and the spelling of numbers count. */
const patternFile = z.object({
  cases: z.array(z.object({ id: z.string(), pattern: z.string(), event: z.string(), expect: z.boolean() })),
  invalid: z.array(z.object({ id: z.string(), pattern: z.string() })).default([]),
});

/**
 * Runs a file of event patterns through the matcher of rules and mapping filters:
 * `{"cases": [{id, pattern, event, expect}], "invalid": [{id, pattern}]}`. An invalid pattern has to be refused; the words
 * of the refusal are not compared.
 *
 * @throws CaseFileError for a text of another form.
 */
export function* runPatternCases(text: string): Generator<CaseResult> {
  const { cases, invalid } = readFile(text);
  for (const { id, pattern, event, expect } of cases) {
    const problem = problemOf(pattern, event, expect);
    yield { id, problems: problem === undefined ? [] : [problem] };
  }
  for (const { id, pattern } of invalid) {
    const problem = refusal(pattern) === undefined ? [`is taken, but must be refused: ${pattern}`] : [];
    yield { id, problems: problem };
  }
}

function readFile(text: string): z.output<typeof patternFile> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new CaseFileError(`it is not JSON (${String(error)})`);
  }
  const { success, data, error } = patternFile.safeParse(document);
  if (success) return data;
  throw new CaseFileError(z.prettifyError(error));
}

function problemOf(pattern: string, event: string, expect: boolean): string | undefined {
  const refused = refusal(pattern);
  if (refused !== undefined) return `is refused (${refused}): ${pattern}`;
  try {
    if (compilePattern(pattern)(parseEvent(event)) === expect) return undefined;
  } catch (error) {
    return `cannot be matched (${String(error)}): ${event}`;
  }
  return `${expect ? 'does not match' : 'matches'}, but ${expect ? 'should' : 'should not'}: ${pattern} ${event}`;
}

/** Why a pattern is refused; undefined when it is taken. */
function refusal(pattern: string): string | undefined {
  try {
    compilePattern(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidPattern) return error.message;
    throw error;
  }
}
