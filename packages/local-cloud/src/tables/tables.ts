import type { Clock } from '../clock.ts';
import type { ServiceHandler } from '../endpoint/service.ts';
import type { InFlight } from '../in-flight.ts';
import type { Journal } from '../journal/journal.ts';
import type { Table } from '../stack/model.ts';
import { Capture } from './capture.ts';
import type { ChangeStream } from './change.ts';
import { ChangeLog } from './change-log.ts';
import { createTables } from './create-tables.ts';
import { Engine } from './engine.ts';
import { EngineClient } from './engine-client.ts';
import { Expiry } from './expiry.ts';
import { IntentsInMemory, KeptIntents } from './intents.ts';
import type { Intents } from './intents.ts';
import { streamsHandler } from './streams-api.ts';
import { tableService } from './table-service.ts';

export interface TablesParts {
  readonly tables: readonly Table[];
  readonly region: string;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly journal: Journal;
  /** A DynamoDB that runs already, instead of an engine of our own; default: the environment's DYNAMODB_ENDPOINT. */
  readonly endpoint?: string;
  /** File that holds the tables; without it they are in memory. */
  readonly dbPath?: string;
  /** What writes are about to do; default: kept with the journal. */
  readonly intents?: Intents;
  /** Called when the engine ends without having been told to: nothing works any more. */
  readonly onEngineExit?: (error: Error) => void;
}

/** What exists while the tables are up. */
interface Running {
  readonly engine: Engine | undefined;
  readonly client: EngineClient;
  readonly capture: Capture;
  readonly expiry: Expiry;
  readonly service: ServiceHandler;
}

/** The stack's DynamoDB tables and their streams. */
export class Tables {
  /** Serves `dynamodb`. */
  readonly handler: ServiceHandler;
  /** Serves `dynamodbstreams`. */
  readonly streamsHandler: ServiceHandler;
  readonly #parts: TablesParts;
  readonly #logs: readonly ChangeLog[];
  #running: Running | undefined;

  constructor(parts: TablesParts) {
    const { tables, region, clock, journal } = parts;
    this.#parts = parts;
    this.#logs = tables.flatMap((table) =>
      table.stream ? [new ChangeLog({ table, stream: table.stream, region, clock, journal })] : [],
    );
    this.handler = (request) => {
      if (!this.#running) throw new Error('The tables are not started.');
      return this.#running.service(request);
    };
    this.streamsHandler = streamsHandler(this.#logs);
  }

  /** Starts the engine, makes the tables and appends the changes that an earlier process made and did not record. */
  async start(): Promise<void> {
    const { tables, region, clock, inFlight, journal } = this.#parts;
    const { intents = journal.isKept ? new KeptIntents(journal) : new IntentsInMemory() } = this.#parts;
    const given = this.#parts.endpoint ?? process.env['DYNAMODB_ENDPOINT'];
    const engine = given ? undefined : await this.#startEngine();
    const client = new EngineClient(engine?.endpoint ?? given ?? '', region);
    const capture = new Capture({ engine: client, logs: this.#logs, inFlight, intents });
    const expiry = new Expiry({ engine: client, capture, tables, clock, inFlight });
    this.#running = { engine, client, capture, expiry, service: tableService(client, capture, tables) };
    try {
      await createTables(client, tables);
      await capture.recover();
    } catch (error) {
      await this.stop();
      throw error;
    }
    expiry.start();
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (!running) return;
    running.expiry.stop();
    running.capture.stop();
    running.client.close();
    await running.engine?.stop();
  }

  /** Process of the engine; undefined while there is none of ours. */
  get enginePid(): number | undefined {
    return this.#running?.engine?.pid;
  }

  /** The stream with that ARN. */
  stream(arn: string): ChangeStream {
    const log = this.#logs.find((candidate) => candidate.arn === arn);
    if (!log) throw new Error(`No table of the stack has the stream ${arn}.`);
    return log;
  }

  #startEngine(): Promise<Engine> {
    const { dbPath } = this.#parts;
    return Engine.start({
      ...(dbPath !== undefined && { dbPath }),
      onExit: (error) => {
        this.#running?.expiry.stop();
        this.#running?.capture.stop();
        this.#parts.onEngineExit?.(error);
      },
    });
  }
}
