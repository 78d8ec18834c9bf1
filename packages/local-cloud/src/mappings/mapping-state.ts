/** How an event source mapping stands. */
export interface MappingState {
  readonly id: string;
  readonly functionName: string;
  readonly sourceArn: string;
  readonly state: 'Enabled' | 'Disabled';
  /** Position in the stream up to which all is done with; undefined for a queue, which has none. */
  readonly position: number | undefined;
  /** Changes or messages not done with, as far as the mapping knows. */
  readonly behind: number;
  /** What went wrong with the newest delivery; empty when it went well. */
  readonly problem: string;
}

/** A mapping that runs, whatever its source. */
export interface RunningMapping {
  start(): void;
  stop(): void;
  pause(): void;
  resume(): void;
  state(): MappingState;
}
