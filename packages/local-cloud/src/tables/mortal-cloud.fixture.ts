import { join } from 'node:path';

import { MovableClock } from '../clock.ts';
import { InFlight } from '../in-flight.ts';
import type { Table } from '../stack/model.ts';
import type { Change } from './change.ts';
import { MortalJournal } from './crash.fixture.ts';
import { Engine } from './engine.ts';
import { EngineClient } from './engine-client.ts';
import { aRequest, aStream } from './tables.fixture.ts';
import { Tables } from './tables.ts';
import { anUnreliableWay } from './unreliable-way.fixture.ts';

interface Process {
  readonly folder: string;
  readonly journal: MortalJournal;
  readonly tables: Tables;
  readonly engine: Engine;
  readonly exited: Promise<unknown>;
  readonly way: Awaited<ReturnType<typeof anUnreliableWay>>;
}

/** Called at each step that a process takes; there it may be killed. */
export type OnStep = (step: string) => void;

/**
 * Tables whose process, and the engine's, can be killed at any step and started again over the same files. Dead processes
 * run on here, but reach neither the engine nor a file of the living one.
 */
export class MortalCloud {
  readonly clock = new MovableClock();
  /** Event ids that readers have seen, by position. */
  readonly seen = new Map<number, string>();
  onStep: OnStep = () => undefined;
  readonly #folder: () => string;
  readonly #database: string;
  readonly #tables: readonly Table[];
  readonly #dead: Process[] = [];
  #process: Process | undefined;
  #killed: string;

  constructor(folder: () => string, tables: readonly Table[]) {
    this.#folder = folder;
    this.#tables = tables;
    this.#database = join(folder(), 'tables.sqlite');
    this.#killed = folder();
  }

  get process(): Process {
    if (!this.#process) throw new Error('It is dead.');
    return this.#process;
  }

  get isAlive(): boolean {
    return this.#process !== undefined;
  }

  async start(): Promise<void> {
    for (const { exited } of this.#dead) await exited;
    let told: () => void = () => undefined;
    const exited = new Promise<void>((resolve) => (told = resolve));
    const engine = await Engine.start({ dbPath: this.#database, onExit: () => told() });
    const folder = this.#killed;
    const journal = new MortalJournal(folder);
    const isDead = () => this.#process?.journal !== journal;
    const step: OnStep = (name) => {
      if (!isDead()) this.onStep(name);
    };
    const way = await anUnreliableWay(
      engine,
      (operation) => {
        step(`${operation} is sent`);
        return isDead() ? 'before' : undefined;
      },
      (operation) => step(`${operation} is done`),
    );
    watch(journal, step);
    const tables = new Tables({
      tables: this.#tables,
      region: 'eu-west-1',
      clock: this.clock,
      inFlight: new InFlight(),
      journal,
      endpoint: way.endpoint,
    });
    this.#process = { folder, journal, tables, engine, exited, way };
    for (const { name } of this.#tables) {
      const stream = tables.stream(aStream(name).arn);
      stream.subscribe(() => {
        if (isDead()) return;
        for (const change of stream.read(stream.head - 1, 1)) this.seen.set(...sighted(name, change));
        step('the change is shown');
      });
    }
    await tables.start();
  }

  /** Kill -9 of the process and of the engine. */
  kill(): void {
    const dead = this.process;
    this.#killed = dead.journal.killed(this.#folder());
    if (dead.engine.pid !== undefined) process.kill(dead.engine.pid, 'SIGKILL');
    this.#dead.push(dead);
    this.#process = undefined;
    void dead.tables.stop();
  }

  /** Writes; undefined when it was killed before there was an answer. */
  async call(operation: string, input: unknown): Promise<number | undefined> {
    const { tables } = this.process;
    try {
      const { status } = await tables.handler(aRequest('dynamodb', operation, input));
      return this.#process?.tables === tables ? status : undefined;
    } catch (error) {
      if (this.#process?.tables === tables) throw error;
      return undefined;
    }
  }

  changes(name: string): Change[] {
    return this.process.tables.stream(aStream(name).arn).read(0, 1_000_000);
  }

  async item(TableName: string, Key: object): Promise<unknown> {
    const client = new EngineClient(this.process.engine.endpoint, 'eu-west-1');
    const answer = await client.call('GetItem', { TableName, Key, ConsistentRead: true });
    client.close();
    return (answer as { Item?: unknown }).Item;
  }

  async end(): Promise<void> {
    if (this.isAlive) this.kill();
    this.clock.stop();
    for (const { journal, way, exited } of this.#dead) {
      await exited;
      way.close();
      journal.close();
    }
  }
}

function sighted(table: string, { position, record }: Change): [position: number, eventId: string] {
  if (!record.eventSourceARN.includes(`/${table}/`)) throw new Error('A change of another table.');
  return [position, record.eventID];
}

/** Tells the steps that the journal's file takes. */
function watch(journal: MortalJournal, step: OnStep): void {
  const { append, put, remove, durable, flush } = journal;
  journal.append = (kind, row) => {
    step('the engine has answered');
    append.call(journal, kind, row);
    step('the change is appended');
  };
  journal.put = (...parameters) => {
    put.call(journal, ...parameters);
    step('the intent is noted');
  };
  journal.remove = (...parameters) => {
    remove.call(journal, ...parameters);
    step('the intent is removed');
  };
  journal.durable = async () => {
    await durable.call(journal);
    step('it is durable');
  };
  journal.flush = () => {
    flush.call(journal);
    step('it is flushed');
  };
}
