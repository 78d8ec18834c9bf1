import { compilePattern } from '../bus/pattern.ts';
import type { Change } from '../tables/change.ts';
import type { MappingState, RunningMapping } from './mapping-state.ts';
import { type LaneParts, StreamLane } from './stream-lane.ts';

/** Changes taken from the stream in one turn of the event loop, unless one batch may be larger. */
const READ_AT_ONCE = 1_000;

/**
 * Reads a table's stream for one function: filters, spreads the changes over as many lanes as the mapping may run in
 * parallel (all changes of one item in the same lane, so in order) and keeps the place up to which all is done with.
 * Woken by the stream; it never polls. What the lanes hold is bounded: a lane that is stuck ends up holding all of
 * it, and then the others wait with it, as they do on AWS behind a shard's iterator.
 *
 * What leaves the stream before it is read (a pause of more than 24 hours) is passed over, as AWS goes on at the oldest
 * record there is: the state says how much. What was read before that goes to the on-failure destination.
 */
export class StreamMapping implements RunningMapping {
  readonly #parts: LaneParts;
  readonly #filters: readonly ((event: unknown) => boolean)[];
  readonly #lanes: readonly StreamLane[];
  readonly #readAhead: number;
  readonly #readAtOnce: number;
  #running = false;
  /** Position of the newest change that was read. */
  #read = 0;
  /** What the stream dropped before it was read, as a sentence; empty when nothing. */
  #missed = '';
  #reading: NodeJS.Immediate | undefined;
  /** Holds an entry in flight for the changes that are not read yet; the lanes do for theirs. */
  #leaveFlight: (() => void) | undefined;
  #unsubscribe: (() => void) | undefined;

  /** @throws InvalidPattern for a filter that AWS refuses. */
  constructor(parts: LaneParts) {
    const { mapping, stream } = parts;
    this.#parts = parts;
    this.#filters = mapping.filters.map(compilePattern);
    const feed = { onMoved: () => this.#moved(), isCaughtUp: () => this.#read >= stream.head };
    this.#lanes = Array.from({ length: mapping.parallelizationFactor }, () => new StreamLane(parts, feed));
    this.#readAtOnce = Math.max(READ_AT_ONCE, mapping.batchSize);
    this.#readAhead = Math.max(1_000, 2 * mapping.batchSize * mapping.parallelizationFactor);
  }

  start(): void {
    const { stream, mapping } = this.#parts;
    this.#read = mapping.startingPosition === 'LATEST' ? stream.head : stream.horizon;
    if (mapping.enabled) this.resume();
  }

  /** Ends for good; deliveries under way are not waited for. */
  stop(): void {
    this.pause();
  }

  /** Stops to deliver and keeps the position. A delivery under way ends and counts. */
  pause(): void {
    this.#running = false;
    this.#unsubscribe?.();
    clearImmediate(this.#reading);
    this.#reading = undefined;
    for (const lane of this.#lanes) lane.close();
    this.#leaveFlight?.();
    this.#leaveFlight = undefined;
  }

  resume(): void {
    if (this.#running) return;
    this.#running = true;
    this.#missed = '';
    this.#unsubscribe = this.#parts.stream.subscribe(() => this.#readSoon());
    for (const lane of this.#lanes) lane.open();
    this.#readSoon();
  }

  state(): MappingState {
    const { mapping, stream } = this.#parts;
    const problem = this.#lanes.find((lane) => lane.problem !== '')?.problem;
    return {
      id: mapping.id,
      functionName: mapping.functionName,
      sourceArn: mapping.sourceArn,
      state: this.#running ? 'Enabled' : 'Disabled',
      position: this.#checkpoint(),
      behind: stream.head - this.#checkpoint(),
      problem: problem ?? this.#missed,
    };
  }

  /** The last position up to which every change is done with. */
  #checkpoint(): number {
    return Math.min(this.#read, ...this.#lanes.map((lane) => (lane.firstPosition ?? Infinity) - 1));
  }

  #readSoon(): void {
    if (!this.#running) return;
    const { stream, inFlight } = this.#parts;
    if (this.#read < stream.head) this.#leaveFlight ??= inFlight.enter('change');
    if (this.#room() <= 0) return;
    this.#reading ??= setImmediate(() => {
      this.#reading = undefined;
      this.#readOn();
    });
  }

  /** How many more changes the lanes may hold. */
  #room(): number {
    return this.#readAhead - this.#lanes.reduce((held, lane) => held + lane.size, 0);
  }

  #readOn(): void {
    const { stream } = this.#parts;
    const missed = stream.horizon - this.#read;
    if (missed > 0)
      this.#missed = `The stream dropped ${missed} changes, 24 hours old, before they were read`;
    const changes = stream.read(this.#read, Math.min(this.#readAtOnce, this.#room()));
    this.#read = changes.at(-1)?.position ?? Math.max(this.#read, stream.horizon);
    const byLane = Map.groupBy(
      changes.filter((change) => this.#isWanted(change)),
      (change) => this.#laneOf(change),
    );
    for (const [lane, ofLane] of byLane) lane.push(ofLane);
    this.#moved();
  }

  #isWanted({ record }: Change): boolean {
    return this.#filters.length === 0 || this.#filters.some((matches) => matches(record));
  }

  #laneOf({ itemKey }: Change): StreamLane {
    const lane = this.#lanes[this.#lanes.length === 1 ? 0 : hash(itemKey) % this.#lanes.length];
    if (!lane)
      throw new Error(
        `Mapping ${this.#parts.mapping.id} has no lanes: parallelizationFactor must be 1 to 10.`,
      );
    return lane;
  }

  /** Changes were read or are done with: there is room to read on, or nothing left to read. */
  #moved(): void {
    if (this.#read < this.#parts.stream.head) return this.#readSoon();
    for (const lane of this.#lanes) lane.goOn();
    this.#leaveFlight?.();
    this.#leaveFlight = undefined;
  }
}

/** FNV-1a, 32 bits: spreads keys that differ little evenly over the lanes. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
