import { MovableClock } from '../clock.ts';
import { mappingWith } from '../conformance/mapping-with.ts';
import { MemoryStream, recordOf, STREAM_ARN } from '../conformance/memory-stream.ts';
import { AwsError } from '../endpoint/service.ts';
import type { InvokeResult, Invoker } from '../functions/invoker.ts';
import { InFlight } from '../in-flight.ts';
import type { JournalKind, JournalRows } from '../journal/rows.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { Mapping } from '../stack/model.ts';
import type { StreamRecord } from '../tables/change.ts';
import type { FailureMessage } from './failure-message.ts';
import { StreamMapping } from './stream-mapping.ts';

export { MemoryStream, STREAM_ARN };

export function mappingOf(changed: Partial<Mapping> = {}): Mapping {
  return mappingWith({
    id: 'orders-to-dispatcher',
    functionName: 'dispatcher',
    sourceArn: STREAM_ARN,
    ...changed,
  });
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

  async invoke(name: string, payload: string): Promise<InvokeResult> {
    const executedVersion = name.endsWith(':live') ? '1' : '$LATEST';
    const event = JSON.parse(payload) as BatchEvent;
    const records = event.Records.map(({ dynamodb }) => recordOf(dynamodb.SequenceNumber));
    this.batches.push(records);
    this.payloads.push(payload);
    const requestId = `request-${this.batches.length}`;
    try {
      const answer: unknown = await this.#behaviour(records, event);
      return {
        requestId,
        payload: JSON.stringify(answer ?? null),
        functionError: undefined,
        executedVersion,
      };
    } catch (error) {
      if (!(error instanceof FunctionError)) {
        this.batches.pop();
        this.payloads.pop();
        throw error;
      }
      return { requestId, payload: '{"errorType":"Error"}', functionError: 'Unhandled', executedVersion };
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
