import { z } from 'zod';

import { serviceOf } from '../bus/outlets.ts';
import type { Clock } from '../clock.ts';
import type { Invoker } from '../functions/invoker.ts';
import type { InFlight } from '../in-flight.ts';
import { NOTHING_KEPT, type State } from '../journal/state.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { Mapping } from '../stack/model.ts';
import type { ChangeStream } from '../tables/change.ts';
import type { DeliverFailure } from './failure-message.ts';
import type { MappingState, RunningMapping } from './mapping-state.ts';
import { forgetOthers } from './places.ts';
import { RefusedMapping } from './refused-mapping.ts';
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
  /** Why a mapping can't read its source; undefined when it can. */
  readonly problemOf?: ((mapping: Mapping) => string | undefined) | undefined;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly journal: JournalWriter;
  /** Where the mappings' places are kept, and which of them are paused; default: nowhere. */
  readonly state?: State;
  /** Told how old, in milliseconds, the last record of each batch of a stream is when it is handed to the function. */
  readonly onBatch?: ((functionName: string, ageMs: number) => void) | undefined;
}

/** Whether a mapping was paused or resumed, and what the stack said then: another word of the stack counts for more. */
const keptSwitch = z.object({ enabled: z.boolean(), stack: z.boolean() });

/** All event source mappings of the stack. */
export class Mappings {
  readonly #mappings: readonly Mapping[];
  readonly #state: State;
  readonly #running: ReadonlyMap<string, RunningMapping>;

  /** @throws Error that names the mapping for a source that is not there. */
  constructor(parts: MappingsParts) {
    const { mappings, state = NOTHING_KEPT } = parts;
    this.#mappings = mappings;
    this.#state = state;
    forgetOthers(state, mappings);
    const kept = new Map(state.entries('mapping'));
    this.#running = new Map(
      mappings.map((mapping) => [mapping.id, running(asSwitched(mapping, kept.get(mapping.id)), parts)]),
    );
  }

  /** Starts every mapping that is enabled. @throws Error that names the mapping for a queue that is not there. */
  start(): void {
    for (const mapping of this.#running.values()) mapping.start();
  }

  stop(): void {
    for (const mapping of this.#running.values()) mapping.stop();
  }

  /** Stops a mapping's deliveries; it keeps its position. Resolves when it stays so after a restart. */
  pause(id: string): Promise<void> {
    this.#get(id).pause();
    return this.#keep(id, false);
  }

  /** Goes on. Resolves when it stays so after a restart. */
  resume(id: string): Promise<void> {
    this.#get(id).resume();
    return this.#keep(id, true);
  }

  states(): MappingState[] {
    return [...this.#running.values()].map((mapping) => mapping.state());
  }

  #keep(id: string, enabled: boolean): Promise<void> {
    const stack = this.#mappings.find((mapping) => mapping.id === id)?.enabled;
    this.#state.put('mapping', id, { enabled, stack });
    return this.#state.durable();
  }

  #get(id: string): RunningMapping {
    const mapping = this.#running.get(id);
    if (!mapping)
      throw new Error(`There is no mapping ${id}; there are: ${[...this.#running.keys()].join(', ')}.`);
    return mapping;
  }
}

function asSwitched(mapping: Mapping, kept: unknown): Mapping {
  const { data } = keptSwitch.safeParse(kept);
  return data?.stack === mapping.enabled ? { ...mapping, enabled: data.enabled } : mapping;
}

function running(mapping: Mapping, parts: MappingsParts): RunningMapping {
  const { streams, queues, problemOf, ...others } = parts;
  const problem = problemOf?.(mapping);
  if (problem !== undefined) return new RefusedMapping(mapping, problem);
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
