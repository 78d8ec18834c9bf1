import { MUTATIONS, type Mutation } from '../chaos/mutations.ts';
import type { Command } from '../command.ts';
import { printJson, say, table } from '../output.ts';
import { countOf } from '../session.ts';
import { chaosRun } from './chaos.ts';

const SEEDS = 10;
const ORDERS = 2_000;
/** Orders with which a protection that is missing shows: its own faults and load aim at it. */
const MUTATED_ORDERS = 40;

/** Whether a law broke that the protection is there for; another one's break would prove nothing of it. */
export function caught(
  { breaks }: Pick<Mutation, 'breaks'>,
  brokenLaws: readonly string[],
): Pick<Row, 'passed' | 'said'> {
  const passed = breaks.some((law) => brokenLaws.includes(law));
  const broken = brokenLaws.length === 0 ? 'every law held' : `broken: ${brokenLaws.join(', ')}`;
  return { passed, said: passed ? `caught: ${broken}` : `NOT caught by ${breaks.join(' or ')}: ${broken}` };
}

/** A run of the proof and what came of it. */
interface Row {
  readonly run: string;
  readonly passed: boolean;
  readonly said: string;
}

/** `orders proof`: chaos over several seeds, in which every law is to hold, and without each protection, in which one must break. */
export const proof: Command = {
  usage: 'proof [--seeds N] [--from SEED] [--orders N] [--mutated-orders N]',
  summary:
    'Chaos with several seeds, which must break no law, and with each protection switched off, which must break one.',
  options: {
    seeds: { type: 'string' },
    from: { type: 'string' },
    orders: { type: 'string' },
    'mutated-orders': { type: 'string' },
  },
  operands: { least: 0, most: 0 },
  async run({ values, signal }) {
    const from = countOf(values, 'from', 1);
    const seeds = countOf(values, 'seeds', SEEDS);
    const orders = countOf(values, 'orders', ORDERS, 20);
    const mutatedOrders = countOf(values, 'mutated-orders', MUTATED_ORDERS, 20);
    const rows: Row[] = [];
    const note = (row: Row) => {
      rows.push(row);
      say(`${row.run}: ${row.said}`);
    };
    for (let seed = from; seed < from + seeds; seed += 1)
      note({ run: `seed ${seed}, ${orders} orders`, ...(await held(orders, seed, signal)) });
    for (const mutation of MUTATIONS) {
      const { brokenLaws } = await chaosRun({ orders: mutatedOrders, seed: 1, mutation, signal });
      note({ run: `without ${mutation.name}`, ...caught(mutation, brokenLaws) });
    }
    const passed = rows.every((row) => row.passed);
    if (values['json'] === true) printJson({ passed, runs: rows });
    else
      process.stdout.write(
        `${table(rows.map((row) => [row.passed ? 'ok' : 'FAILED', row.run, row.said]))}\n`,
      );
    return passed ? 0 : 1;
  },
};

/** A run in which all laws are to hold. One that can't be ended has failed, and is no reason to leave out the others. */
async function held(
  orders: number,
  seed: number,
  signal: AbortSignal,
): Promise<Pick<Row, 'passed' | 'said'>> {
  try {
    const { failures, text, lastLine } = await chaosRun({ orders, seed, mutation: undefined, signal });
    if (failures.length > 0) say(text);
    return { passed: failures.length === 0, said: lastLine };
  } catch (error) {
    signal.throwIfAborted();
    return { passed: false, said: `broke off: ${error instanceof Error ? error.message : String(error)}` };
  }
}
