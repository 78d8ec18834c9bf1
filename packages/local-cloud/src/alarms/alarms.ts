import * as z from 'zod';
import type { Clock, ClockTimer } from '../clock.ts';
import type { State } from '../journal/state.ts';
import type { Alarm, AlarmState, Stack } from '../stack/model.ts';
import { alarmState } from './alarm-state.ts';
import { MetricStore, MINUTE_MS } from './metric-store.ts';
import { type AlarmChange, type Notification, notificationOf } from './notification.ts';
import { type QueueDepth, QueueLevels } from './queue-levels.ts';
import { NOT_EVALUATED, reasonOf } from './reason.ts';
import { Recorder } from './recorder.ts';
import { minutesLookedBack, Watch } from './watch.ts';

export interface AlarmsParts extends Pick<Stack, 'alarms' | 'queues' | 'region' | 'accountId'> {
  readonly clock: Clock;
  readonly state: Pick<State, 'put' | 'entries'>;
  /** What a queue holds; asked for once the queues run. */
  readonly depthOf: (queueArn: string) => QueueDepth;
  /** Tells a topic. */
  readonly tell: (alarm: Alarm, topicArn: string, notification: Notification) => void;
}

/** An alarm as it stands. */
export interface AlarmView {
  readonly name: string;
  readonly state: AlarmState;
  /** ISO 8601. */
  readonly since: string;
  readonly reason: string;
  readonly description: string;
}

interface Watching {
  readonly alarm: Alarm;
  readonly watch: Watch;
}

interface Standing {
  readonly state: AlarmState;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly reason: string;
}

const kept = z.object({
  state: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  since: z.number(),
  reason: z.string(),
});

/**
 * The stack's alarms, evaluated as CloudWatch does it: each whenever a minute of the cloud's clock is over. While nothing
 * happens that could change the state of one, none is evaluated; a timer runs only for those that ring for silence.
 */
export class Alarms {
  /** Takes down what happens. */
  readonly recorder: Recorder;
  readonly #parts: AlarmsParts;
  readonly #levels: QueueLevels;
  readonly #watched: readonly Watching[];
  readonly #standing = new Map<string, Standing>();
  #isRunning = false;
  #timer: ClockTimer | undefined;
  /** The minute from which on what is not there was not told: before, the cloud did not run, or its time was moved on. */
  #listensSince = 0;
  #waitsUntilStill = false;

  constructor(parts: AlarmsParts) {
    const { alarms, queues, clock, state, depthOf } = parts;
    this.#parts = parts;
    const keptMinutes = Math.max(0, ...alarms.map(minutesLookedBack));
    const metrics = alarms.flatMap((alarm) => alarm.metrics.map(({ metric }) => metric));
    const store = new MetricStore(metrics, keptMinutes);
    this.recorder = new Recorder(store, clock, () => this.wake());
    const depths = queues.map(({ name, arn }) => ({ name, depth: () => depthOf(arn) }));
    this.#levels = new QueueLevels(store, depths, keptMinutes);
    this.#watched = alarms.map((alarm) => ({ alarm, watch: new Watch(alarm, store) }));
    const before = new Map(state.entries('alarm'));
    for (const { name } of alarms) {
      const { data } = kept.safeParse(before.get(name));
      this.#standing.set(name, data ?? { ...INITIAL, since: clock.now() });
    }
  }

  /** What a queue is to tell when something happens to it; undefined for one that no alarm asks for. */
  watcherOf(queueName: string): (() => void) | undefined {
    return this.#levels.isWatched(queueName) ? () => this.wake() : undefined;
  }

  /** Looks at every alarm at once, and from then on whenever something may have changed. */
  start(): void {
    this.#isRunning = true;
    this.#listensSince = this.#minute();
    this.#evaluate();
  }

  stop(): void {
    this.#isRunning = false;
    this.#parts.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Something happened that an alarm may see: it is looked at when the minute is over. */
  wake(): void {
    this.#wakeAt(this.#minute() + 1);
  }

  states(): AlarmView[] {
    return this.#parts.alarms.map(({ name, description }) => {
      const { state, since, reason } = this.#standing.get(name) ?? INITIAL;
      return { name, state, since: new Date(since).toISOString(), reason, description };
    });
  }

  #minute(): number {
    return Math.floor(this.#parts.clock.now() / MINUTE_MS);
  }

  #wakeAt(minute: number): void {
    const { clock } = this.#parts;
    const dueAt = minute * MINUTE_MS;
    if (!this.#isRunning || (this.#timer && this.#timer.dueAt <= dueAt)) return;
    clock.clearTimeout(this.#timer);
    this.#timer = clock.setTimeout(() => {
      this.#timer = undefined;
      this.#evaluate();
    }, dueAt - clock.now());
  }

  #evaluate(): void {
    const end = this.#minute();
    this.#levels.sample(end - 1);
    for (const one of this.#watched) {
      const { alarm, watch } = one;
      const silentFrom = watch.silentFrom(this.#listensSince);
      if (silentFrom === undefined || watch.sees(end)) this.#judge(one, end);
      if (silentFrom === undefined) continue;
      if (silentFrom > end) this.#wakeAt(silentFrom);
      else if (this.#standing.get(alarm.name)?.state !== 'ALARM') this.#judgeSilence(end);
    }
    const isAtRest = this.#levels.isStill(end) && this.#watched.every(({ watch }) => !watch.seesEvents(end));
    if (!isAtRest) this.wake();
  }

  /** While the clock is being moved, what should come is not told in time: a schedule fires once, afterwards. */
  #judgeSilence(end: number): void {
    if (this.#waitsUntilStill) return;
    this.#waitsUntilStill = true;
    this.#parts.clock.whenStill(() => {
      this.#waitsUntilStill = false;
      const now = this.#minute();
      if (now > end + 1) this.#listensSince = now;
      for (const one of this.#watched) {
        const silentFrom = one.watch.silentFrom(this.#listensSince);
        if (silentFrom === undefined) continue;
        if (silentFrom > now) this.#wakeAt(silentFrom);
        else this.#judge(one, now);
      }
    });
  }

  #judge({ alarm, watch }: Watching, end: number): void {
    const points = watch.datapoints(end);
    const { state: from } = this.#standing.get(alarm.name) ?? INITIAL;
    const to = alarmState(points, alarm, from);
    if (to !== from) this.#change(alarm, { from, to, reason: reasonOf(points, alarm, to) });
  }

  #change(alarm: Alarm, change: Omit<AlarmChange, 'at'>): void {
    const at = this.#parts.clock.now();
    const before = this.#standing.get(alarm.name);
    const standing = { state: change.to, since: at, reason: change.reason };
    this.#standing.set(alarm.name, standing);
    this.#parts.state.put('alarm', alarm.name, standing);
    // That all is well with a stack that has just begun is no news.
    if (change.to === 'OK' && before?.reason === NOT_EVALUATED) return;
    const notification = notificationOf(alarm, { ...change, at }, this.#parts);
    for (const topicArn of alarm.actions[change.to]) this.#parts.tell(alarm, topicArn, notification);
  }
}

const INITIAL: Standing = { state: 'INSUFFICIENT_DATA', since: 0, reason: NOT_EVALUATED };
