import { MovableClock } from '../clock.ts';
import { InFlight } from '../in-flight.ts';
import type { Mapping } from '../stack/model.ts';
import { ChangeLog } from '../tables/change-log.ts';
import { MortalJournal } from '../tables/crash.fixture.ts';
import { imageOf } from '../tables/image.ts';
import { positionOf } from '../tables/stream-record.ts';
import { aStream, aTable } from '../tables/tables.fixture.ts';
import type { FailureMessage } from './failure-message.ts';
import { type BatchEvent, FunctionError, mappingOf, turn } from './mappings.fixture.ts';
import type { MappingState } from './mapping-state.ts';
import { Mappings } from './mappings.ts';

/** What a function does with the changes at these positions. */
type Behaviour = (positions: number[], event: BatchEvent) => unknown;

interface Process {
  readonly journal: MortalJournal;
  readonly stream: ChangeLog;
  readonly inFlight: InFlight;
  readonly mappings: Mappings;
}

/** A mapping over a table's stream, in a process that can be killed and started again over the same file. */
export class Restarts {
  readonly clock = new MovableClock();
  /** Positions of every batch, over all processes. */
  readonly batches: number[][] = [];
  readonly events: BatchEvent[] = [];
  readonly failures: FailureMessage[] = [];
  readonly #folder: () => string;
  readonly #behaviour: Behaviour;
  readonly #changed: Partial<Mapping>;
  readonly #dead: Process[] = [];
  #process: Process;

  constructor(folder: () => string, changed: Partial<Mapping>, behaviour: Behaviour) {
    this.#folder = folder;
    this.#behaviour = behaviour;
    this.#changed = changed;
    this.#process = this.#begin(folder(), changed);
  }

  get mappings(): Mappings {
    return this.#process.mappings;
  }

  get state(): MappingState | undefined {
    return this.#process.mappings.states()[0];
  }

  get journal(): MortalJournal {
    return this.#process.journal;
  }

  append(...items: string[]): void {
    for (const item of items) {
      const key = { id: { S: item } };
      this.#process.stream.append({ key, before: imageOf(undefined), after: imageOf(key) });
    }
  }

  /** Kills the process now, starts another one a moment later. @param changed what the stack says then. */
  kill(changed: Partial<Mapping> = {}): void {
    const folder = this.#process.journal.killed(this.#folder());
    this.#process.mappings.stop();
    this.#dead.push(this.#process);
    this.#process = this.#begin(folder, changed);
  }

  /** The same, once all that happened is in the file. */
  async killLater(changed: Partial<Mapping> = {}): Promise<void> {
    await this.journal.durable();
    this.kill(changed);
  }

  /** Moves the clock until there is nothing left to be delivered, or so many batches were. */
  async settle(batches = Infinity): Promise<void> {
    let settled = false;
    await turn();
    void this.#process.inFlight.settled().then(() => (settled = true));
    while (!settled && this.batches.length < batches) {
      await this.clock.advance(200);
      await turn();
    }
    await turn();
  }

  end(): void {
    this.clock.stop();
    for (const { mappings, journal } of [...this.#dead, this.#process]) {
      mappings.stop();
      journal.close();
    }
  }

  #begin(folder: string, changed: Partial<Mapping>): Process {
    const journal = new MortalJournal(folder);
    const inFlight = new InFlight();
    const { clock } = this;
    const parts = { table: aTable('orders'), stream: aStream('orders'), region: 'eu-central-1' };
    const stream = new ChangeLog({ ...parts, clock, journal });
    const mapping = { onFailureDestination: 'arn:aws:sqs:eu-central-1:0:q', sourceArn: stream.arn };
    const mappings = new Mappings({
      mappings: [mappingOf({ ...mapping, ...this.#changed, ...changed })],
      streams: () => stream,
      queues: () => undefined,
      invoker: { invoke: (_name, payload) => this.#invoke(payload) },
      deliverFailure: async (_arn, message) => void this.failures.push(message),
      clock,
      inFlight,
      journal,
      state: journal,
    });
    mappings.start();
    return { journal, stream, inFlight, mappings };
  }

  async #invoke(payload: string) {
    const event = JSON.parse(payload) as BatchEvent;
    const positions = event.Records.map(({ dynamodb }) => positionOf(dynamodb.SequenceNumber) ?? 0);
    this.batches.push(positions);
    this.events.push(event);
    const requestId = `request-${this.batches.length}`;
    try {
      const answer: unknown = await this.#behaviour(positions, event);
      return { requestId, payload: JSON.stringify(answer ?? null), functionError: undefined };
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      return { requestId, payload: '{"errorType":"Error"}', functionError: 'Unhandled' as const };
    }
  }
}
