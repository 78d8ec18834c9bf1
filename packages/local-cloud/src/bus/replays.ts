import { setImmediate as turn } from 'node:timers/promises';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { AwsError } from '../endpoint/service.ts';
import type { ServiceRequest } from '../endpoint/service.ts';
import type { InFlight } from '../in-flight.ts';
import type { State } from '../journal/state.ts';
import type { Archive } from '../stack/model.ts';
import type { ArchivedEvent, Archives } from './archives.ts';
import type { Place } from './event.ts';
import { invalidParameter, notFound, page, pageMembers, readCall } from './request.ts';

/** Hands an archived event (its envelope's JSON text) to the rules of its bus, or only to those with these ARNs. */
export type PutArchived = (
  busName: string,
  json: string,
  replayName: string,
  ruleArns: ReadonlySet<string> | undefined,
) => void;

export interface ReplayParts extends Place {
  readonly archives: Archives;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly state: State;
  /** ARNs of the rules of a bus. @throws AwsError when there is no such bus. */
  readonly rulesOf: (busArn: string) => readonly string[];
  readonly put: PutArchived;
}

const startCall = z.object({
  ReplayName: z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/),
  Description: z.string().max(512).optional(),
  EventSourceArn: z.string(),
  /** Epoch seconds, like all times of this API. */
  EventStartTime: z.number(),
  EventEndTime: z.number(),
  Destination: z.object({ Arn: z.string(), FilterArns: z.array(z.string()).optional() }),
});
const nameCall = z.object({ ReplayName: z.string() });
const listCall = z.object({
  NamePrefix: z.string().default(''),
  State: z.string().optional(),
  EventSourceArn: z.string().optional(),
  ...pageMembers,
});

/** A replay as AWS describes it. */
const describedReplay = startCall.extend({
  ReplayArn: z.string(),
  ReplayStartTime: z.number(),
  ReplayEndTime: z.number().optional(),
  /** Time of the last event that was replayed. */
  EventLastReplayedTime: z.number().optional(),
  State: z.enum(['STARTING', 'RUNNING', 'CANCELLING', 'COMPLETED', 'CANCELLED', 'FAILED']),
  StateReason: z.string().optional(),
});
type Replay = z.output<typeof describedReplay>;

/** What is kept of a replay: `place` is the last replayed event's in the journal, 0 before the first. */
const keptReplay = z.object({ replay: describedReplay, place: z.int() });
type KeptReplay = z.output<typeof keptReplay>;

/** Events that are replayed in one turn of the event loop. */
const REPLAYED_AT_ONCE = 50;

/**
 * Replays of archives: the events of a period go to the rules of their bus again, in the order of their own times, each
 * marked with `replay-name`. A running replay is in flight. One that a crash interrupted goes on after the last event that
 * it has replayed.
 *
 * Source: docs.aws.amazon.com/eventbridge/latest/APIReference/API_StartReplay.html.
 */
export class Replays {
  readonly #parts: ReplayParts;
  readonly #replays = new Map<string, KeptReplay>();
  #isStopped = false;

  constructor(parts: ReplayParts) {
    this.#parts = parts;
    for (const [name, value] of parts.state.entries('replay')) {
      const { success, data } = keptReplay.safeParse(value);
      if (success) this.#replays.set(name, data);
    }
  }

  /** ARNs of the rules that a replay is for; undefined: all of the bus. */
  rulesOf(name: string): ReadonlySet<string> | undefined {
    const arns = this.#replays.get(name)?.replay.Destination.FilterArns ?? [];
    return arns.length > 0 ? new Set(arns) : undefined;
  }

  /** Has the replays go on that an earlier process left running. */
  resume(): void {
    for (const kept of this.#replays.values()) {
      if (kept.replay.ReplayEndTime === undefined) void this.#run(kept);
    }
  }

  /** Leaves what is running as it stands. */
  stop(): void {
    this.#isStopped = true;
  }

  start(request: ServiceRequest) {
    const { clock, region, accountId } = this.#parts;
    const call = readCall(startCall, request);
    this.#check(call);
    const ReplayArn = `arn:aws:events:${region}:${accountId}:replay/${call.ReplayName}`;
    const ReplayStartTime = clock.now() / 1000;
    const replay: Replay = { ...call, ReplayArn, ReplayStartTime, State: 'STARTING' };
    const kept = { replay, place: 0 };
    this.#replays.set(call.ReplayName, kept);
    this.#keep(kept);
    void this.#run(kept);
    return { ReplayArn, State: 'STARTING', ReplayStartTime };
  }

  describe(request: ServiceRequest): Replay {
    return this.#named(readCall(nameCall, request).ReplayName).replay;
  }

  cancel(request: ServiceRequest) {
    const kept = this.#named(readCall(nameCall, request).ReplayName);
    const { replay } = kept;
    if (replay.State !== 'STARTING' && replay.State !== 'RUNNING') {
      throw new AwsError(
        'IllegalStatusException',
        `Replay ${replay.ReplayName} is not in a valid state for this operation.`,
      );
    }
    replay.State = 'CANCELLING';
    this.#keep(kept);
    return { ReplayArn: replay.ReplayArn, State: replay.State };
  }

  list(request: ServiceRequest) {
    const { NamePrefix, State, EventSourceArn, ...paging } = readCall(listCall, request);
    const listed = [...this.#replays.values()]
      .map(({ replay }) => replay)
      .filter(({ ReplayName }) => ReplayName.startsWith(NamePrefix))
      .filter((replay) => State === undefined || replay.State === State)
      .filter((replay) => EventSourceArn === undefined || replay.EventSourceArn === EventSourceArn);
    const { items, ...next } = page(listed, paging);
    return { Replays: items.map(listItem), ...next };
  }

  #named(name: string): KeptReplay {
    const replay = this.#replays.get(name);
    if (!replay) throw notFound('Replay', name);
    return replay;
  }

  #check(call: z.output<typeof startCall>): void {
    const { archives, rulesOf } = this.#parts;
    const { ReplayName, EventSourceArn, Destination } = call;
    const rules = rulesOf(Destination.Arn);
    const archive = archives.withArn(EventSourceArn);
    if (!archive) {
      const name = EventSourceArn.slice(EventSourceArn.lastIndexOf('/') + 1);
      throw invalidParameter('EventSourceArn', `Archive ${name} does not exist.`);
    }
    if (archive.busArn !== Destination.Arn)
      throw invalidParameter('Destination.Arn', 'Cross event bus replay is not permitted.');
    const stranger = Destination.FilterArns?.find((arn) => !rules.includes(arn));
    if (stranger !== undefined)
      throw invalidParameter('Destination.FilterArns', `Rule ${stranger} does not exist on this event bus.`);
    if (call.EventStartTime >= call.EventEndTime)
      throw invalidParameter('EventEndTime', 'EventStartTime must be before EventEndTime.');
    if (this.#replays.has(ReplayName))
      throw new AwsError('ResourceAlreadyExistsException', `Replay ${ReplayName} already exists.`);
  }

  async #run(kept: KeptReplay): Promise<void> {
    const { replay } = kept;
    const leave = this.#parts.inFlight.enter('replay');
    try {
      await turn();
      if (replay.State === 'STARTING') replay.State = 'RUNNING';
      await this.#replay(kept);
      if (this.#isStopped) return leave();
      replay.State = replay.State === 'CANCELLING' ? 'CANCELLED' : 'COMPLETED';
    } catch (error) {
      replay.State = 'FAILED';
      replay.StateReason = String(error);
    }
    replay.ReplayEndTime = this.#parts.clock.now() / 1000;
    this.#keep(kept);
    leave();
  }

  /**
   * What is left of the archive's events of the replay's period, oldest first. An event's time is whole seconds, so its
   * start is, too.
   */
  async #period({ replay, place }: KeptReplay, archive: Archive): Promise<ArchivedEvent[]> {
    const { EventStartTime, EventEndTime, EventLastReplayedTime } = replay;
    const [from, to] = [Math.floor(EventStartTime) * 1000, EventEndTime * 1000];
    const last = { time: (EventLastReplayedTime ?? 0) * 1000, place };
    const events: ArchivedEvent[] = [];
    for await (const event of this.#parts.archives.events(archive)) {
      if (event.time < from || event.time >= to) continue;
      if (place === 0 || inOrder(last, event) < 0) events.push(event);
    }
    return events.sort(inOrder);
  }

  async #replay(kept: KeptReplay): Promise<void> {
    const { archives, put } = this.#parts;
    const { replay } = kept;
    const archive = archives.withArn(replay.EventSourceArn);
    if (!archive) throw new Error(`Archive ${replay.EventSourceArn} is in the stack no more.`);
    const events = await this.#period(kept, archive);
    const rules = this.rulesOf(replay.ReplayName);
    for (let next = 0; next < events.length && this.#goesOn(replay); next += REPLAYED_AT_ONCE) {
      const batch = events.slice(next, next + REPLAYED_AT_ONCE);
      const texts = archives.read(batch.map(({ place }) => place));
      for (const json of texts) put(archive.busName, json, replay.ReplayName, rules);
      const last = batch.at(-1);
      replay.EventLastReplayedTime = (last?.time ?? 0) / 1000;
      kept.place = last?.place ?? 0;
      this.#keep(kept);
      await turn();
    }
  }

  #goesOn({ State }: Replay): boolean {
    return State === 'RUNNING' && !this.#isStopped;
  }

  #keep(kept: KeptReplay): void {
    this.#parts.state.put('replay', kept.replay.ReplayName, kept);
  }
}

/** Replayed by their own times, and within one second as they were accepted. */
function inOrder(a: Pick<ArchivedEvent, 'time' | 'place'>, b: Pick<ArchivedEvent, 'time' | 'place'>): number {
  return a.time - b.time || a.place - b.place;
}

/** A replay as AWS lists it. */
function listItem(replay: Replay) {
  const { ReplayName, EventSourceArn, State, StateReason, EventStartTime, EventEndTime } = replay;
  const { EventLastReplayedTime, ReplayStartTime, ReplayEndTime } = replay;
  return {
    ReplayName,
    EventSourceArn,
    State,
    StateReason,
    EventStartTime,
    EventEndTime,
    EventLastReplayedTime,
    ReplayStartTime,
    ReplayEndTime,
  };
}
