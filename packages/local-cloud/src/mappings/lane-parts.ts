import type { Clock } from '../clock.ts';
import type { Invoker } from '../functions/invoker.ts';
import type { InFlight } from '../in-flight.ts';
import type { State } from '../journal/state.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { Mapping } from '../stack/model.ts';
import type { ChangeStream } from '../tables/change.ts';
import type { DeliverFailure } from './failure-message.ts';

/** What the lanes of a stream mapping work with. */
export interface LaneParts {
  readonly mapping: Mapping;
  readonly stream: ChangeStream;
  readonly invoker: Invoker;
  readonly deliverFailure: DeliverFailure;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly journal: JournalWriter;
  /** Where the mapping's place is kept; default: nowhere. */
  readonly state?: State;
  /** Told how old, in milliseconds, the last record of each batch is when it is handed to the function. */
  readonly onBatch?: ((functionName: string, ageMs: number) => void) | undefined;
}

/** The mapping that fills a lane. */
export interface LaneFeed {
  /** A delivery has ended: the lane stands elsewhere. Called in the turn in which the journal's row is written. */
  onDelivered(): void;
  /** Changes have left the lane. */
  onMoved(): void;
  /** Whether every change of the stream has been read. */
  isCaughtUp(): boolean;
}
