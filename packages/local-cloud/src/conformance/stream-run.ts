import { setImmediate as turn } from 'node:timers/promises';
import { MovableClock } from '../clock.ts';
import { InFlight } from '../in-flight.ts';
import type { JournalKind, JournalRows } from '../journal/rows.ts';
import { StreamMapping } from '../mappings/stream-mapping.ts';
import type { Mapping } from '../stack/model.ts';
import { MemoryStream } from './memory-stream.ts';
import { type FunctionScript, ScriptedFunction } from './scripted-function.ts';

/** Attempts in a row that pass no record, beyond those that its settings allow, after which a mapping never ends. */
const PATIENCE = 1_000;

/** What a mapping did with the records of its stream. */
export interface StreamRun {
  /** The records of each invocation. */
  readonly invocations: readonly (readonly number[])[];
  /** The last record passed, each time the position moved. */
  readonly checkpoints: readonly number[];
  /** Bodies of the on-failure messages. */
  readonly failures: readonly string[];
  /** Whether all records were passed. */
  readonly ended: boolean;
}

/**
 * Runs a stream mapping as the cloud does, over a stream that holds its records before the mapping starts, on a clock
 * that is moved until nothing is under way.
 */
export async function runStream(
  mapping: Mapping,
  records: number,
  script: FunctionScript,
): Promise<StreamRun> {
  const clock = new MovableClock();
  const inFlight = new InFlight();
  const stream = new MemoryStream(clock);
  const invoker = new ScriptedFunction(script);
  const failures: string[] = [];
  const deliveries = new Deliveries(invoker);
  const running = new StreamMapping({
    mapping: { ...mapping, sourceArn: stream.arn },
    stream,
    invoker,
    deliverFailure: async (_arn, { body }) => void failures.push(body),
    clock,
    inFlight,
    journal: deliveries,
  });
  for (let record = 1; record <= records; record++) stream.append(`item-${record}`);
  running.start();
  let ended = false;
  void inFlight.settled().then(() => (ended = true));
  const patience = PATIENCE + Math.max(0, mapping.maximumRetryAttempts) + 2 * mapping.batchSize;
  while (!ended && invoker.attempts - deliveries.attemptsAtPass < patience) {
    await clock.advance(1_000);
    await turn();
  }
  running.stop();
  clock.stop();
  return { invocations: invoker.invocations, checkpoints: deliveries.checkpoints, failures, ended };
}

/** Reads from the journal's rows how the position moved; with one lane, it moves at each delivery that passes records. */
class Deliveries {
  readonly checkpoints: number[] = [];
  /** How many attempts there had been when records were passed last. */
  attemptsAtPass = 0;
  readonly #invoker: Pick<ScriptedFunction, 'attempts'>;

  constructor(invoker: Pick<ScriptedFunction, 'attempts'>) {
    this.#invoker = invoker;
  }

  append<K extends JournalKind>(kind: K, row: JournalRows[K]): void {
    if (kind !== 'deliveries' || !('positions' in row) || row.passed === 0) return;
    this.attemptsAtPass = this.#invoker.attempts;
    const positions: unknown = JSON.parse(row.positions);
    if (Array.isArray(positions)) this.checkpoints.push(Number(positions[row.passed - 1]));
  }
}
