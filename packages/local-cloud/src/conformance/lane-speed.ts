import { setTimeout as sleep } from 'node:timers/promises';
import { MovableClock } from '../clock.ts';
import type { Invoker } from '../functions/invoker.ts';
import { InFlight } from '../in-flight.ts';
import { StreamMapping } from '../mappings/stream-mapping.ts';
import { MemoryStream } from './memory-stream.ts';
import { mappingWith } from './mapping-with.ts';

/** What a measurement of a mapping's speed is made with. */
export interface LaneSpeedOptions {
  /** ParallelizationFactor. */
  readonly factor: number;
  readonly changes: number;
  /** Items that the changes are spread over. */
  readonly items: number;
  /** How long the function takes, in milliseconds of the system's time. */
  readonly handlerMs: number;
}

/** Milliseconds that a stream mapping takes for a stream's changes in batches of ten: the mapping alone, no threads. */
export async function measureLanes({ factor, changes, items, handlerMs }: LaneSpeedOptions): Promise<number> {
  const clock = new MovableClock();
  const inFlight = new InFlight();
  const stream = new MemoryStream(clock);
  const invoker: Invoker = {
    invoke: async () => {
      await sleep(handlerMs);
      return { requestId: 'measured', payload: 'null', functionError: undefined };
    },
  };
  const mapping = new StreamMapping({
    mapping: mappingWith({ sourceArn: stream.arn, batchSize: 10, parallelizationFactor: factor }),
    stream,
    invoker,
    deliverFailure: () => Promise.resolve(),
    clock,
    inFlight,
    journal: { append: () => undefined },
  });
  for (let change = 0; change < changes; change++) stream.append(`item-${(change * 7919) % items}`);
  const startedAt = performance.now();
  mapping.start();
  await inFlight.settled();
  const took = performance.now() - startedAt;
  mapping.stop();
  clock.stop();
  return took;
}
