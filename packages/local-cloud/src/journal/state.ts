/**
 * What the cloud has to know again when it goes on after a restart, beside what happened: positions, queues, what is
 * under way. Values are JSON, kept by kind and key. Writes are collected and written together with the journal's rows,
 * in the order in which they were made: whenever a process dies, what is kept is what was so at one moment.
 */
export interface State {
  /** Whether anything is kept: without a state folder all ends with the process, and nothing is written. */
  readonly isKept: boolean;
  put(kind: StateKind, key: string, value: unknown): void;
  remove(kind: StateKind, key: string): void;
  /** All that is kept of a kind, in the order in which the keys were first put. */
  entries(kind: StateKind): readonly (readonly [key: string, value: unknown])[];
  /**
   * Resolves once everything written up to now outlives the process. Who answers a caller that something was accepted
   * waits for it first; at once where nothing is kept.
   */
  durable(): Promise<void>;
}

/**
 * `lane`: a mapping's place in its stream. `intent`: a write that was begun. `message`: in a queue. `delivered`: until when
 * the bus's events are. `rule`: whether one is enabled. `feedback`: what SES is yet to tell of a mail.
 */
export type StateKind =
  | 'clock'
  | 'lane'
  | 'mapping'
  | 'intent'
  | 'message'
  | 'deduplication'
  | 'sequence'
  | 'objects'
  | 'invocation'
  | 'schedule'
  | 'delivered'
  | 'rule'
  | 'replay'
  | 'feedback'
  | 'index'
  | 'alias'
  | 'document'
  | 'issuer'
  | 'alarm';

/** The state of a cloud that keeps nothing. */
export const NOTHING_KEPT: State = {
  isKept: false,
  put: () => undefined,
  remove: () => undefined,
  entries: () => [],
  durable: () => Promise.resolve(),
};
