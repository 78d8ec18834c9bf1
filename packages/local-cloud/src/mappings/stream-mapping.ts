import { compilePattern } from '../bus/pattern.ts';
import { NOTHING_KEPT } from '../journal/state.ts';
import type { Change } from '../tables/change.ts';
import type { LaneParts } from './lane-parts.ts';
import type { MappingState, RunningMapping } from './mapping-state.ts';
import { laneOf, Places } from './places.ts';
import { StreamLane } from './stream-lane.ts';

/** Changes taken from the stream in one turn of the event loop, unless one batch may be larger. */
const READ_AT_ONCE = 1_000;
/** After so many changes at the latest, the place up to which all is done with is kept. */
const KEEP_EVERY = 1_000;

/**
 * Reads a table's stream for one function: filters, spreads the changes over as many lanes as the mapping may run in
 * parallel (all changes of one item in the same lane, so in order) and keeps the place up to which all is done with.
 * Woken by the stream; it never polls. What the lanes hold is bounded: a lane that is stuck ends up holding all of
 * it, and then the others wait with it, as they do on AWS behind a shard's iterator.
 *
 * What leaves the stream before it is read (a pause of more than 24 hours) is passed over, as AWS goes on at the oldest
 * record there is: the state says how much. What was read before that goes to the on-failure destination.
 *
 * Where state is kept, a mapping goes on after a restart where its lanes stood: with the retries, bisects and windows
 * under way. What a lane had not recorded as delivered is delivered again.
 */
export class StreamMapping implements RunningMapping {
  readonly #parts: LaneParts;
  readonly #filters: readonly ((event: unknown) => boolean)[];
  readonly #lanes: readonly StreamLane[];
  readonly #readAhead: number;
  readonly #readAtOnce: number;
  /** Set where state is kept. */
  readonly #places: Places | undefined;
  #isRestored = true;
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
    const { mapping, stream, state = NOTHING_KEPT } = parts;
    this.#parts = parts;
    this.#filters = mapping.filters.map(compilePattern);
    const feed = { onMoved: () => this.#moved(), isCaughtUp: () => this.#read >= stream.head };
    if (state.isKept) this.#places = new Places(state, mapping, stream);
    this.#lanes = Array.from(
      { length: mapping.parallelizationFactor },
      (_, lane) => new StreamLane(parts, { ...feed, onDelivered: () => this.#keepPlace(lane) }),
    );
    this.#readAtOnce = Math.max(READ_AT_ONCE, mapping.batchSize);
    this.#readAhead = Math.max(1_000, 2 * mapping.batchSize * mapping.parallelizationFactor);
  }

  start(): void {
    const { stream, mapping } = this.#parts;
    if (this.#places?.restore()) {
      this.#read = this.#places.upTo;
      this.#isRestored = false;
    } else {
      this.#read = mapping.startingPosition === 'LATEST' ? stream.head : stream.horizon;
      this.#places?.reached(this.#read);
    }
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
    if (!this.#isRestored) this.#restore();
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

  /** Reads again what the lanes held, and has them go on with it. */
  #restore(): void {
    this.#isRestored = true;
    const places = this.#lanes.map((_, lane) => this.#places?.of(lane));
    const upTo = Math.max(...places.map((place) => place?.upTo ?? 0));
    while (this.#read < upTo && this.#take(this.#readAtOnce) > 0);
    for (const [index, lane] of this.#lanes.entries()) {
      const place = places[index];
      if (place) lane.restore(place);
    }
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
    this.#take(Math.min(this.#readAtOnce, this.#room()));
    this.#moved();
  }

  /** Reads up to so many changes and gives the lanes what is for them. @returns how many there were. */
  #take(most: number): number {
    const { stream } = this.#parts;
    const missed = stream.horizon - this.#read;
    if (missed > 0)
      this.#missed = `The stream dropped ${missed} changes, 24 hours old, before they were read`;
    const changes = stream.read(this.#read, most);
    this.#read = changes.at(-1)?.position ?? Math.max(this.#read, stream.horizon);
    const byLane = Map.groupBy(
      changes.filter((change) => this.#isWanted(change)),
      ({ itemKey }) => laneOf(itemKey, this.#lanes.length),
    );
    for (const [lane, ofLane] of byLane) this.#lanes[lane]?.push(ofLane);
    return changes.length;
  }

  #isWanted(change: Change): boolean {
    if (this.#places?.isPassed(change)) return false;
    return this.#filters.length === 0 || this.#filters.some((matches) => matches(change.record));
  }

  /** Changes were read or are done with: there is room to read on, or nothing left to read. */
  #moved(): void {
    this.#keepCheckpoint();
    if (this.#read < this.#parts.stream.head) return this.#readSoon();
    for (const lane of this.#lanes) lane.goOn();
    this.#leaveFlight?.();
    this.#leaveFlight = undefined;
  }

  #keepPlace(lane: number): void {
    const place = this.#places && this.#lanes[lane]?.place;
    if (place) this.#places?.keep(lane, place);
  }

  /** The lanes keep their places themselves; this one spares them to read again what is long done with. */
  #keepCheckpoint(): void {
    if (!this.#places) return;
    const checkpoint = this.#checkpoint();
    const come = checkpoint - this.#places.upTo;
    if (come >= KEEP_EVERY || (come > 0 && checkpoint === this.#parts.stream.head))
      this.#places.reached(checkpoint);
  }
}
