import { setImmediate as turn } from 'node:timers/promises';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { AwsError } from '../endpoint/service.ts';
import type { ServiceRequest } from '../endpoint/service.ts';
import type { InFlight } from '../in-flight.ts';
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
interface Replay extends z.output<typeof startCall> {
  readonly ReplayArn: string;
  readonly ReplayStartTime: number;
  ReplayEndTime?: number;
  /** Time of the last event that was replayed. */
  EventLastReplayedTime?: number;
  State: 'STARTING' | 'RUNNING' | 'CANCELLING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  StateReason?: string;
}

/** Events that are replayed in one turn of the event loop. */
const REPLAYED_AT_ONCE = 50;

/**
 * Replays of archives: the events of a period go to the rules of their bus again, in the order of their own times, each
 * marked with `replay-name`. A running replay is in flight.
 *
 * Source: docs.aws.amazon.com/eventbridge/latest/APIReference/API_StartReplay.html.
 */
export class Replays {
  readonly #parts: ReplayParts;
  readonly #replays = new Map<string, Replay>();

  constructor(parts: ReplayParts) {
    this.#parts = parts;
  }

  start(request: ServiceRequest) {
    const { clock, region, accountId } = this.#parts;
    const call = readCall(startCall, request);
    const archive = this.#check(call);
    const ReplayArn = `arn:aws:events:${region}:${accountId}:replay/${call.ReplayName}`;
    const ReplayStartTime = clock.now() / 1000;
    const replay: Replay = { ...call, ReplayArn, ReplayStartTime, State: 'STARTING' };
    this.#replays.set(call.ReplayName, replay);
    void this.#run(replay, archive);
    return { ReplayArn, State: 'STARTING', ReplayStartTime };
  }

  describe(request: ServiceRequest): Replay {
    return this.#named(readCall(nameCall, request).ReplayName);
  }

  cancel(request: ServiceRequest) {
    const replay = this.#named(readCall(nameCall, request).ReplayName);
    if (replay.State !== 'STARTING' && replay.State !== 'RUNNING') {
      throw new AwsError(
        'IllegalStatusException',
        `Replay ${replay.ReplayName} is not in a valid state for this operation.`,
      );
    }
    replay.State = 'CANCELLING';
    return { ReplayArn: replay.ReplayArn, State: replay.State };
  }

  list(request: ServiceRequest) {
    const { NamePrefix, State, EventSourceArn, ...paging } = readCall(listCall, request);
    const listed = [...this.#replays.values()]
      .filter(({ ReplayName }) => ReplayName.startsWith(NamePrefix))
      .filter((replay) => State === undefined || replay.State === State)
      .filter((replay) => EventSourceArn === undefined || replay.EventSourceArn === EventSourceArn);
    const { items, ...next } = page(listed, paging);
    return { Replays: items.map(listItem), ...next };
  }

  #named(name: string): Replay {
    const replay = this.#replays.get(name);
    if (!replay) throw notFound('Replay', name);
    return replay;
  }

  #check(call: z.output<typeof startCall>): Archive {
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
    return archive;
  }

  async #run(replay: Replay, archive: Archive): Promise<void> {
    const leave = this.#parts.inFlight.enter('replay');
    try {
      await turn();
      if (replay.State === 'STARTING') replay.State = 'RUNNING';
      await this.#replay(replay, archive, await this.#period(replay, archive));
      replay.State = replay.State === 'CANCELLING' ? 'CANCELLED' : 'COMPLETED';
    } catch (error) {
      replay.State = 'FAILED';
      replay.StateReason = String(error);
    }
    replay.ReplayEndTime = this.#parts.clock.now() / 1000;
    leave();
  }

  /** The archive's events of the replay's period, oldest first. An event's time is whole seconds, so its start is, too. */
  async #period({ EventStartTime, EventEndTime }: Replay, archive: Archive): Promise<ArchivedEvent[]> {
    const [from, to] = [Math.floor(EventStartTime) * 1000, EventEndTime * 1000];
    const events: ArchivedEvent[] = [];
    for await (const event of this.#parts.archives.events(archive)) {
      if (event.time >= from && event.time < to) events.push(event);
    }
    return events.sort((a, b) => a.time - b.time);
  }

  async #replay(replay: Replay, archive: Archive, events: readonly ArchivedEvent[]): Promise<void> {
    const { archives, put } = this.#parts;
    const { FilterArns } = replay.Destination;
    const rules = FilterArns && FilterArns.length > 0 ? new Set(FilterArns) : undefined;
    for (let next = 0; next < events.length && replay.State === 'RUNNING'; next += REPLAYED_AT_ONCE) {
      const batch = events.slice(next, next + REPLAYED_AT_ONCE);
      const texts = archives.read(batch.map(({ place }) => place));
      for (const json of texts) put(archive.busName, json, replay.ReplayName, rules);
      replay.EventLastReplayedTime = (batch.at(-1)?.time ?? 0) / 1000;
      await turn();
    }
  }
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
