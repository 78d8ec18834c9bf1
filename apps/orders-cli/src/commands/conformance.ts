import { readFile } from 'node:fs/promises';
import { CaseFileError, type CaseResult, runPatternCases, runStreamCases } from '@orderstream/local-cloud';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { paint, printJson } from '../output.ts';

type Run = (text: string) => Iterable<CaseResult> | AsyncIterable<CaseResult>;

/** Runs of case files by what they judge. */
const RUNS: Readonly<Record<string, Run>> = { patterns: runPatternCases, stream: runStreamCases };

/** `npm run conformance`: cases in files against the matcher and the mapping that `npm start` runs. */
export const conformance: Command = {
  usage: 'conformance patterns|stream FILE',
  summary: 'Runs a file of cases through the matcher or the stream mapping; exit 1 on any disagreement.',
  options: {},
  operands: { least: 2, most: 2 },
  async run({ operands: [what = '', file = ''], values, signal }) {
    const run = Object.hasOwn(RUNS, what) ? RUNS[what] : undefined;
    if (!run) {
      throw new UsageError(
        `There are no cases of "${what}", only of patterns and stream. Usage: orders ${conformance.usage}`,
      );
    }
    const asJson = values['json'] === true;
    const text = await textOf(file);
    const failed: CaseResult[] = [];
    let passed = 0;
    try {
      for await (const result of run(text)) {
        signal.throwIfAborted();
        if (result.problems.length === 0) passed++;
        else failed.push(result);
        if (!asJson) print(result);
      }
    } catch (error) {
      if (error instanceof CaseFileError) throw noCases(file, what, error.message);
      throw error;
    }
    if (passed + failed.length === 0) throw noCases(file, what, 'it holds none');
    if (asJson) printJson({ passed, failed: failed.length, disagreements: failed });
    else process.stdout.write(`${passed} passed, ${failed.length} failed\n`);
    return failed.length === 0 ? 0 : 1;
  },
};

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${file} can't be read (${String(error)}). Give the path of a case file.`);
  });
}

function print({ id, problems }: CaseResult): void {
  for (const problem of problems) process.stdout.write(`${paint('red', id)} ${problem}\n`);
}

function noCases(file: string, what: string, problem: string): UsageError {
  return new UsageError(`${file} is no file of ${what} cases: ${problem}`);
}
