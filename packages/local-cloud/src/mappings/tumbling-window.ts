/** A tumbling window whose state is kept from one invocation to the next. */
export interface OpenWindow {
  /** Epoch seconds. */
  readonly start: number;
  /** Epoch seconds: the first moment that does not belong to it. */
  readonly end: number;
  /** What the function answered last, JSON text of an object. */
  readonly state: string;
}

/** Bytes of state that a window may hold; one that holds more is ended early. */
const LARGEST_STATE = 1024 * 1024;

/** Bytes that an event may take beside its records: the largest state, and what stands around it. */
export const WINDOW_MEMBERS_SIZE = LARGEST_STATE + 1024;

/**
 * The window, without state, of a change created at that time. Windows are aligned to the epoch.
 *
 * Source: docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html.
 *
 * @param createdAt epoch seconds.
 */
export function windowAt(createdAt: number, lengthSeconds: number): OpenWindow {
  const start = Math.floor(createdAt / lengthSeconds) * lengthSeconds;
  return { start, end: start + lengthSeconds, state: '{}' };
}

/** Whether a change created at that time (epoch seconds) belongs to the window. */
export function holds({ start, end }: OpenWindow, createdAt: number): boolean {
  return createdAt >= start && createdAt < end;
}

/** How many of these creation times, from the first on, belong to the window of the first. */
export function leading(createdAt: readonly number[], lengthSeconds: number): number {
  const [first] = createdAt;
  if (first === undefined) return 0;
  const window = windowAt(first, lengthSeconds);
  const other = createdAt.findIndex((time) => !holds(window, time));
  return other < 0 ? createdAt.length : other;
}

/** Whether the window has more state than it may have, and so ends early. */
export function isOverfull({ state }: OpenWindow): boolean {
  return Buffer.byteLength(state) > LARGEST_STATE;
}

/** The state in a function's answer, as JSON text; undefined when there is none, which makes it a failed invocation. */
export function stateIn(payload: string): string | undefined {
  const answer: unknown = JSON.parse(payload);
  const state: unknown = typeof answer === 'object' && answer !== null && 'state' in answer && answer.state;
  return typeof state === 'object' && state !== null && !Array.isArray(state)
    ? JSON.stringify(state)
    : undefined;
}

/**
 * What an event says of its window, as members of the event's JSON.
 *
 * @param final whether this is the window's last invocation. One that ends the window early is a last one, too: what
 * follows of the same window begins with empty state.
 */
export function windowMembers(
  window: OpenWindow,
  { shardId, arn }: { readonly shardId: string; readonly arn: string },
  final: boolean,
): string {
  const members = {
    window: { start: instant(window.start), end: instant(window.end) },
    shardId,
    eventSourceARN: arn,
    isFinalInvokeForWindow: final,
    isWindowTerminatedEarly: final && isOverfull(window),
  };
  return `"state":${window.state},${JSON.stringify(members).slice(1, -1)}`;
}

/** Second precision, as AWS writes it. */
function instant(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
