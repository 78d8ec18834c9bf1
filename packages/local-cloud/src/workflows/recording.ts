import type { JournalRows } from '../journal/rows.ts';
import type { EventContent } from './history.ts';

type HistoryRow = JournalRows['history'];

const ATTEMPT_ENDED = /^(?:Task|LambdaFunction)(?:Succeeded|Failed|TimedOut)$/;
/** Events that hold whatever fails after them. */
const HOLDS =
  /(?:StateEntered|StateStarted|StateExited|MapIterationStarted|MapIterationSucceeded|ExecutionStarted)$/;
/** The events of a Parallel or Map state whose predecessor is whichever branch or iteration ended last. */
const AFTER_BRANCHES = /^(?:Parallel|Map)State(?:Succeeded|Failed)$/;

/** What a branch or an iteration begins with, and after what. */
const BEGINS = /(?:StateEntered|MapIterationStarted)$/;
const BRANCHES_FOLLOW = /^(?:Parallel|Map)State(?:Started|Failed)$/;

/**
 * The history of an execution that is run again from its beginning: it says what to skip. Each event that the run comes to
 * and that is recorded is taken out of the recording instead of being written again, and each task attempt that has ended
 * answers with what it answered then. Where the recording ends, the run goes on for real.
 */
export class Recording {
  readonly #byId: ReadonlyMap<number, HistoryRow>;
  /** Events that were not come to yet, by their predecessor. */
  readonly #following: ReadonlyMap<number, Set<HistoryRow>>;
  readonly #failedFrom: ReadonlySet<number>;

  /** @param rows the whole history, oldest first. */
  constructor(rows: readonly HistoryRow[]) {
    const repeated = repeatable(rows);
    this.#byId = new Map(repeated.map((row) => [row.id, row]));
    this.#failedFrom = failedFrom(repeated);
    this.#following = new Map(
      [...Map.groupBy(repeated, ({ previousId }) => previousId)].map(([id, some]) => [id, new Set(some)]),
    );
  }

  /** Takes out the event that says the same after the same predecessor; undefined when nothing like it is recorded. */
  take(previousId: number, content: EventContent): HistoryRow | undefined {
    const candidates = AFTER_BRANCHES.test(content.type)
      ? [...this.#following.values()].flatMap((rows) => [...rows])
      : [...(this.#following.get(previousId) ?? [])];
    const found = candidates.find((row) => isLike(row, content));
    if (found) this.#following.get(found.previousId)?.delete(found);
    return found;
  }

  /** How the task attempt ended whose newest event has this id. */
  endOfAttempt(id: number): HistoryRow | undefined {
    return [...(this.#following.get(id) ?? [])].find(({ type }) => ATTEMPT_ENDED.test(type));
  }

  /**
   * Whether the branches or iterations that began after the event with this id were ended because one of them failed.
   * What had not ended in them by then was aborted, and is not done again.
   */
  hasFailedFrom(id: number): boolean {
    return this.#failedFrom.has(id);
  }

  /** Whether the run went on after the event with this id. */
  goesOnAfter(id: number): boolean {
    return (this.#following.get(id)?.size ?? 0) > 0;
  }

  /** The recorded event with this id. */
  event(id: number): HistoryRow | undefined {
    return this.#byId.get(id);
  }
}

/**
 * The events after which the branches or iterations began of Parallel and Map states that failed: the state's start, or
 * its failure before where it was retried.
 */
function failedFrom(rows: readonly HistoryRow[]): Set<number> {
  const failed = new Set<number>();
  const byId = new Map(rows.map((row) => [row.id, row]));
  /** Of each event, the event after which its branch or iteration began; 0 outside of them. */
  const origins = new Map<number, number>([[0, 0]]);
  for (const { id, previousId, type } of rows) {
    const origin = origins.get(previousId) ?? 0;
    if (AFTER_BRANCHES.test(type)) {
      if (type.endsWith('Failed')) failed.add(origin);
      origins.set(id, origins.get(origin) ?? 0);
    } else {
      const begins = BEGINS.test(type) && BRANCHES_FOLLOW.test(byId.get(previousId)?.type ?? '');
      origins.set(id, begins ? previousId : origin);
    }
  }
  return failed;
}

/**
 * What of a history is gone through again. A redrive does the failed state anew, so what that state did before, and the
 * end of the execution, are left out.
 */
function repeatable(rows: readonly HistoryRow[]): readonly HistoryRow[] {
  let kept: HistoryRow[] = [];
  for (const row of rows) {
    if (row.type === 'ExecutionRedriven') kept = beforeFailedState(kept);
    else kept.push(row);
  }
  return kept;
}

/**
 * Without the ends that were no good: of the execution, and of each branch and iteration that failed or was aborted with
 * it. What each of them did since it entered its last state is left out; parts that ended well are kept.
 */
function beforeFailedState(rows: readonly HistoryRow[]): HistoryRow[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const continued = new Set(rows.map(({ previousId }) => previousId));
  const left = new Set<HistoryRow>();
  for (const end of rows) {
    if (continued.has(end.id)) continue;
    for (let row: HistoryRow | undefined = end; row && !HOLDS.test(row.type); row = byId.get(row.previousId))
      left.add(row);
  }
  return rows.filter((row) => !left.has(row));
}

/** States and iterations are told apart by what they are called. */
function isLike(row: HistoryRow, { type, details }: EventContent): boolean {
  return row.type === type && nameOf(JSON.parse(row.details)) === nameOf(details);
}

function nameOf(details: unknown): string {
  const [inner]: unknown[] = typeof details === 'object' && details !== null ? Object.values(details) : [];
  if (typeof inner !== 'object' || inner === null) return '';
  return `${String(Reflect.get(inner, 'name'))} ${String(Reflect.get(inner, 'index'))}`;
}
