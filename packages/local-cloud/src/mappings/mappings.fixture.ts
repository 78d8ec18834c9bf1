import { MovableClock } from '../clock.ts';
import { AwsError } from '../endpoint/service.ts';
import type { InvokeResult, Invoker } from '../functions/invoker.ts';
import { InFlight } from '../in-flight.ts';
import type { JournalKind, JournalRows } from '../journal/rows.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { Mapping } from '../stack/model.ts';
import type { Change, ChangeStream, StreamRecord } from '../tables/change.ts';
import type { FailureMessage } from './failure-message.ts';
import { StreamMapping } from './stream-mapping.ts';

export const STREAM_ARN =
  'arn:aws:dynamodb:eu-central-1:000000000000:table/orders/stream/2026-01-01T00:00:00.000';

export function mappingOf(changed: Partial<Mapping> = {}): Mapping {
  return {
    id: 'orders-to-dispatcher',
    functionName: 'dispatcher',
    sourceArn: STREAM_ARN,
    enabled: true,
    batchSize: 100,
    batchWindowSeconds: 0,
    parallelizationFactor: 1,
    startingPosition: 'TRIM_HORIZON',
    filters: [],
    bisectOnError: false,
    reportBatchItemFailures: false,
    maximumRetryAttempts: -1,
    maximumRecordAgeSeconds: -1,
    tumblingWindowSeconds: 0,
    ...changed,
  };
}

/** A stream in memory. Record n has sequence number n · 100. */
export class MemoryStream implements ChangeStream {
  readonly arn = STREAM_ARN;
  readonly viewType = 'NEW_AND_OLD_IMAGES';
  readonly shardId = 'shardId-1';
  horizon = 0;
  readonly #changes: Change[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #clock: MovableClock;

  constructor(clock: MovableClock) {
    this.#clock = clock;
  }

  get head(): number {
    return this.#changes.length;
  }

  /** @param text makes the record larger. */
  append(item: string, text = ''): void {
    const position = this.head + 1;
    const record: StreamRecord = {
      eventID: position.toString(16).padStart(32, '0'),
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'eu-central-1',
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(this.#clock.now() / 1000),
        Keys: { orderId: { S: item } },
        NewImage: { orderId: { S: item }, text: { S: text } },
        SequenceNumber: String(position * 100),
        SizeBytes: 10,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      eventSourceARN: STREAM_ARN,
    };
    this.#changes.push({ position, itemKey: item, record, json: JSON.stringify(record) });
    for (const listener of this.#listeners) listener();
  }

  read(position: number, limit: number): Change[] {
    const from = Math.max(position, this.horizon);
    return this.#changes.slice(from, from + limit);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The event of a batch; the members beside `Records` are there with tumbling windows only. */
export interface BatchEvent {
  readonly Records: StreamRecord[];
  readonly window: { readonly start: string; readonly end: string };
  readonly state: Readonly<Record<string, unknown>>;
  readonly shardId: string;
  readonly eventSourceARN: string;
  readonly isFinalInvokeForWindow: boolean;
  readonly isWindowTerminatedEarly: boolean;
}

/** What a function does with the records (numbered from 1) of a batch. */
export type Behaviour = (records: number[], event: BatchEvent) => unknown;

export const THROTTLED = () => {
  throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
};

/** A function that fails with an error of its own. */
export class FunctionError extends Error {}

export const fail = () => {
  throw new FunctionError();
};

/** Runs a function given as a plain callback; keeps what it was called with. */
export class CallbackInvoker implements Invoker {
  readonly batches: number[][] = [];
  readonly payloads: string[] = [];
  readonly #behaviour: Behaviour;

  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour;
  }

  async invoke(_name: string, payload: string): Promise<InvokeResult> {
    const event = JSON.parse(payload) as BatchEvent;
    const records = event.Records.map(({ dynamodb }) => Number(dynamodb.SequenceNumber) / 100);
    this.batches.push(records);
    this.payloads.push(payload);
    const requestId = `request-${this.batches.length}`;
    try {
      const answer: unknown = await this.#behaviour(records, event);
      return { requestId, payload: JSON.stringify(answer ?? null), functionError: undefined };
    } catch (error) {
      if (!(error instanceof FunctionError)) {
        this.batches.pop();
        this.payloads.pop();
        throw error;
      }
      return { requestId, payload: '{"errorType":"Error"}', functionError: 'Unhandled' };
    }
  }
}

export class MemoryJournal implements JournalWriter {
  readonly deliveries: JournalRows['deliveries'][] = [];

  append<K extends JournalKind>(kind: K, row: JournalRows[K]): void {
    if (kind === 'deliveries') this.deliveries.push(row as JournalRows['deliveries']);
  }
}

/** A stream mapping with everything around it in memory. */
export class StreamBench {
  readonly clock = new MovableClock();
  readonly inFlight = new InFlight();
  readonly journal = new MemoryJournal();
  readonly stream = new MemoryStream(this.clock);
  readonly failures: FailureMessage[] = [];
  readonly invoker: CallbackInvoker;
  readonly mapping: StreamMapping;

  constructor(changed: Partial<Mapping>, behaviour: Behaviour) {
    this.invoker = new CallbackInvoker(behaviour);
    this.mapping = new StreamMapping({
      mapping: mappingOf(changed),
      stream: this.stream,
      invoker: this.invoker,
      deliverFailure: async (_arn, message) => void this.failures.push(message),
      clock: this.clock,
      inFlight: this.inFlight,
      journal: this.journal,
    });
  }

  append(...items: string[]): void {
    for (const item of items) this.stream.append(item);
  }

  /** Moves the clock until nothing is in flight. */
  readonly settle = async (): Promise<void> => {
    let settled = false;
    void this.inFlight.settled().then(() => (settled = true));
    while (!settled) {
      await this.clock.advance(1_000);
      await turn();
    }
  };
}

/** Makes benches that are stopped after each test. */
export function streamBenches(): (...parameters: ConstructorParameters<typeof StreamBench>) => StreamBench {
  const made: StreamBench[] = [];
  afterEach(() => {
    for (const { mapping, clock } of made.splice(0)) {
      mapping.stop();
      clock.stop();
    }
  });
  return (...parameters) => {
    const bench = new StreamBench(...parameters);
    made.push(bench);
    return bench;
  };
}

/** A turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export async function turns(count: number): Promise<void> {
  for (let done = 0; done < count; done++) await turn();
}
