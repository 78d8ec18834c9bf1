import { serviceOf } from '../bus/outlets.ts';
import type { Clock } from '../clock.ts';
import type { Invoker } from '../functions/invoker.ts';
import type { InFlight } from '../in-flight.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { Mapping } from '../stack/model.ts';
import type { ChangeStream } from '../tables/change.ts';
import type { DeliverFailure } from './failure-message.ts';
import type { MappingState, RunningMapping } from './mapping-state.ts';
import { QueueMapping } from './queue-mapping.ts';
import type { QueueSource } from './queue-source.ts';
import { StreamMapping } from './stream-mapping.ts';

export interface MappingsParts {
  readonly mappings: readonly Mapping[];
  /** The stream with this ARN; undefined when the stack has none. */
  readonly streams: (arn: string) => ChangeStream | undefined;
  /** The queue with this ARN; asked for at the start, when queues are there. */
  readonly queues: (arn: string) => QueueSource | undefined;
  readonly invoker: Invoker;
  readonly deliverFailure: DeliverFailure;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly journal: JournalWriter;
}

/** All event source mappings of the stack. */
export class Mappings {
  readonly #running: ReadonlyMap<string, RunningMapping>;

  /** @throws Error that names the mapping for a source that is not there. */
  constructor(parts: MappingsParts) {
    this.#running = new Map(parts.mappings.map((mapping) => [mapping.id, running(mapping, parts)]));
  }

  /** Starts every mapping that is enabled. @throws Error that names the mapping for a queue that is not there. */
  start(): void {
    for (const mapping of this.#running.values()) mapping.start();
  }

  stop(): void {
    for (const mapping of this.#running.values()) mapping.stop();
  }

  /** Stops a mapping's deliveries; it keeps its position. */
  pause(id: string): void {
    this.#get(id).pause();
  }

  resume(id: string): void {
    this.#get(id).resume();
  }

  states(): MappingState[] {
    return [...this.#running.values()].map((mapping) => mapping.state());
  }

  #get(id: string): RunningMapping {
    const mapping = this.#running.get(id);
    if (!mapping)
      throw new Error(`There is no mapping ${id}; there are: ${[...this.#running.keys()].join(', ')}.`);
    return mapping;
  }
}

function running(mapping: Mapping, parts: MappingsParts): RunningMapping {
  const { streams, queues, ...others } = parts;
  const stream = streams(mapping.sourceArn);
  if (stream) return new StreamMapping({ ...others, mapping, stream });
  const missing = () =>
    new Error(`Mapping ${mapping.id}: the stack has no stream or queue ${mapping.sourceArn}.`);
  if (serviceOf(mapping.sourceArn) !== 'sqs') throw missing();
  const queue = () => {
    const source = queues(mapping.sourceArn);
    if (source) return source;
    throw missing();
  };
  return new QueueMapping({ ...others, mapping, queue });
}
