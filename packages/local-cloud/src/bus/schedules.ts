import * as z from 'zod';
import type { Clock, ClockTimer } from '../clock.ts';
import type { State } from '../journal/state.ts';
import type { Schedule } from '../stack/model.ts';
import { compileSchedule } from './schedule-expression.ts';
import type { Occurrences } from './schedule-expression.ts';

export interface SchedulesParts {
  readonly schedules: readonly Schedule[];
  readonly clock: Clock;
  readonly state: State;
  readonly isEnabled: (schedule: Schedule) => boolean;
  /** Hands the event of a schedule to its targets. @param dueAt epoch milliseconds. */
  readonly fire: (schedule: Schedule, dueAt: number) => void;
}

/** What is kept of a schedule. Times are epoch milliseconds. */
const keptSchedule = z.object({ expression: z.string(), since: z.number(), last: z.number() });

interface Waiting {
  readonly schedule: Schedule;
  readonly next: Occurrences;
  /** When it came to be. */
  readonly since: number;
  /** When it was due last, or found disabled; at first `since`. */
  last: number;
  timer: ClockTimer | undefined;
}

/**
 * Fires the schedules of rules by the clock. One that was due several times while the cloud was off, or while the clock was
 * moved, fires once, afterwards: what it invokes has the time that it would have. A schedule that waits is not in flight.
 */
export class Schedules {
  readonly #parts: SchedulesParts;
  readonly #compiled: readonly (readonly [Schedule, Occurrences])[];
  #waiting: readonly Waiting[] = [];

  /** @throws Error for an expression that EventBridge refuses, naming its rule. */
  constructor(parts: SchedulesParts) {
    this.#parts = parts;
    this.#compiled = parts.schedules.map((schedule) => [schedule, compile(schedule)]);
  }

  /** Lets them wait for their time; what was missed meanwhile fires before this returns. */
  start(): void {
    const { state, clock } = this.#parts;
    const kept = new Map(state.entries('schedule'));
    this.#waiting = this.#compiled.map(([schedule, next]) => {
      const { success, data } = keptSchedule.safeParse(kept.get(schedule.arn));
      const goesOn = success && data.expression === schedule.expression;
      const { since, last } = goesOn ? data : { since: clock.now(), last: clock.now() };
      return { schedule, next, since, last, timer: undefined };
    });
    for (const waiting of this.#waiting) {
      this.#keep(waiting);
      this.#wait(waiting);
    }
  }

  stop(): void {
    for (const { timer } of this.#waiting) this.#parts.clock.clearTimeout(timer);
    this.#waiting = [];
  }

  #wait(waiting: Waiting): void {
    const { clock } = this.#parts;
    const dueAt = waiting.next(waiting.last, waiting.since);
    if (dueAt === undefined) return;
    const isDue = () => clock.whenStill(() => this.#isDue(waiting, dueAt));
    if (dueAt <= clock.now()) return isDue();
    waiting.timer = clock.setTimeout(isDue, dueAt - clock.now());
  }

  #isDue(waiting: Waiting, dueAt: number): void {
    const { isEnabled, fire, clock } = this.#parts;
    if (!this.#waiting.includes(waiting)) return;
    if (isEnabled(waiting.schedule)) fire(waiting.schedule, dueAt);
    waiting.last = Math.max(dueAt, clock.now());
    this.#keep(waiting);
    this.#wait(waiting);
  }

  #keep({ schedule: { arn, expression }, since, last }: Waiting): void {
    this.#parts.state.put('schedule', arn, { expression, since, last });
  }
}

function compile({ name, expression }: Schedule): Occurrences {
  try {
    return compileSchedule(expression);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Rule ${name}: the schedule "${expression}" is not valid: ${reason}`, { cause });
  }
}
