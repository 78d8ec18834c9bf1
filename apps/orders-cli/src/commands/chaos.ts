import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MUTATIONS, type Mutation } from '../chaos/mutations.ts';
import { runChaos, type ChaosResult } from '../chaos/run.ts';
import { failuresOf, firstBrokenOrder, lastLine } from '../chaos/verdict.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { paint, printJson, Progress, say, table } from '../output.ts';
import { countOf } from '../session.ts';
import { traceText } from './trace.ts';

const DEFAULT_ORDERS = 200;
/** Fewer would not meet every end. */
const LEAST_ORDERS = 20;
/** Violations shown of each law. */
const EXAMPLES = 5;

/** `orders chaos`: orders under every kind of fault, with the process killed in between, and then the laws. */
export const chaos: Command = {
  usage: 'chaos [--orders N] [--seed S] [--mutation NAME] [--stack DIR] [--keep]',
  summary:
    'Runs orders under all faults with kills, redrives what is dead, and checks the laws; exit 1 when one is broken.',
  options: {
    orders: { type: 'string' },
    seed: { type: 'string' },
    mutation: { type: 'string' },
    stack: { type: 'string' },
    keep: { type: 'boolean' },
  },
  operands: { least: 0, most: 0 },
  async run({ values, signal }) {
    const orders = countOf(values, 'orders', DEFAULT_ORDERS, LEAST_ORDERS);
    const seed = countOf(values, 'seed', 1);
    const mutation = mutationNamed(values['mutation']);
    const always = values['keep'] === true;
    const stack =
      values['stack'] === undefined
        ? undefined
        : resolve(process.env['INIT_CWD'] ?? '.', String(values['stack']));
    const outcome = await chaosRun({ orders, seed, mutation, stack, always, signal });
    if (values['json'] === true) printJson(outcome.document);
    process.stderr.write(outcome.text);
    const line = paint(outcome.failures.length === 0 ? 'green' : 'red', outcome.lastLine);
    if (values['json'] === true) say(line);
    else process.stdout.write(`${line}\n`);
    return outcome.failures.length === 0 ? 0 : 1;
  },
};

export interface ChaosOutcome {
  readonly failures: readonly string[];
  /** Names of the laws that do not hold. */
  readonly brokenLaws: readonly string[];
  readonly text: string;
  readonly lastLine: string;
  readonly document: object;
}

/** One run in a folder of its own, which stays when the run has failed. */
export async function chaosRun(options: {
  orders: number;
  seed: number;
  mutation: Mutation | undefined;
  stack?: string | undefined;
  /** Whether the folder is kept whatever comes out. */
  always?: boolean;
  signal: AbortSignal;
}): Promise<ChaosOutcome> {
  const { seed, mutation } = options;
  const folder = mkdtempSync(join(tmpdir(), `orderstream-chaos-${seed}-`));
  let keep = false;
  try {
    let outcome: ChaosOutcome | undefined;
    let shown: Progress | undefined;
    await runChaos(
      {
        ...options,
        stack: options.stack,
        folder,
        say,
        onProgress: (done, all) => (shown ??= new Progress('acts', all)).update(done),
      },
      async (result, { session }) => {
        const failures = failuresOf(result);
        const broken = firstBrokenOrder(result.laws);
        const trace = broken === undefined ? '' : await traceText(session, broken).catch(String);
        keep = options.always === true || (failures.length > 0 && mutation === undefined);
        outcome = outcomeOf(result, seed, failures, broken, trace, keep ? folder : undefined);
      },
    );
    if (outcome === undefined) throw new UsageError('The run ended without a result.', 1);
    return outcome;
  } catch (error) {
    keep = !options.signal.aborted;
    if (keep) say(`What the cloud kept and said: ${folder}`);
    throw error;
  } finally {
    if (!keep) rmSync(folder, { recursive: true, force: true });
  }
}

function outcomeOf(
  result: ChaosResult,
  seed: number,
  failures: readonly string[],
  broken: string | undefined,
  trace: string,
  folder: string | undefined,
): ChaosOutcome {
  const { laws, ends, redriven, struck, lives, figures } = result;
  const examples = laws.flatMap(({ law, violations }) =>
    violations.slice(0, EXAMPLES).map((violation) => `law ${law}: ${violation}`),
  );
  const text = [
    table(
      laws.map(({ law, name, checked, of, violations }) => [
        `law ${law}`,
        name,
        checked === undefined ? '–' : violations.length === 0 ? 'holds' : `${violations.length} violations`,
        checked === undefined ? of : `${checked} ${of}`,
      ]),
    ),
    table([...ends].sort(([, a], [, b]) => b - a).map(([end, count]) => [end, count])),
    `  ${lives} starts, ${redriven.redriven} dead letters redriven: ${JSON.stringify(redriven.kinds)}`,
    ...Object.entries(redriven.stays).map(([why, count]) => `  stays (${count}): ${why}`),
    ...examples,
    ...(broken === undefined ? [] : [`\norder ${broken}, seed ${seed}:\n${trace}`]),
    ...(folder === undefined ? [] : [`What the cloud kept and said: ${folder}`]),
    '',
  ].join('\n');
  return {
    failures,
    brokenLaws: laws.filter(({ violations }) => violations.length > 0).map(({ name }) => name),
    text,
    lastLine: lastLine(result, seed),
    document: {
      seed,
      failures,
      laws: laws.map((law) => ({
        ...law,
        violations: law.violations.length,
        examples: law.violations.slice(0, EXAMPLES),
      })),
      ends: Object.fromEntries(ends),
      struck: Object.fromEntries(struck),
      starts: lives,
      redriven,
      figures,
      ...(folder === undefined ? {} : { folder }),
    },
  };
}

function mutationNamed(name: string | boolean | undefined): Mutation | undefined {
  if (name === undefined) return undefined;
  const mutation = MUTATIONS.find((each) => each.name === name);
  if (mutation !== undefined) return mutation;
  throw new UsageError(
    `--mutation is ${String(name)}, but must be one of ${MUTATIONS.map((each) => each.name).join(', ')}.`,
  );
}
