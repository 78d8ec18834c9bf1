import type { Clock } from '../clock.ts';
import { jsonResponse } from '../endpoint/service.ts';
import type { ServiceHandler, ServiceRequest } from '../endpoint/service.ts';
import { unknownOperation } from '../endpoint/unknown-operation.ts';
import type { InFlight } from '../in-flight.ts';
import type { RuleTarget, Stack } from '../stack/model.ts';
import { Archives } from './archives.ts';
import { Buses, DEFAULT_BUS } from './buses.ts';
import { deliver } from './delivery.ts';
import type { DeliveryTools } from './delivery.ts';
import { describingCalls } from './descriptions.ts';
import { createEvent, readEnvelope, replayedEvent } from './event.ts';
import type { BusEvent, EventContent } from './event.ts';
import { OnTheirWay } from './on-their-way.ts';
import type { BusJournal } from './on-their-way.ts';
import { serviceOf } from './outlets.ts';
import type { Outlets } from './outlets.ts';
import { checkEntry, readEntries } from './put-events.ts';
import { Replays } from './replays.ts';
import { Rules } from './rules.ts';
import { Schedules } from './schedules.ts';
import { compileTarget } from './target.ts';
import type { AuthorizeRule, DeliveringRule, Destination } from './target.ts';
import { testEventPattern } from './test-event-pattern.ts';

export interface EventBusOptions extends Pick<
  Stack,
  'buses' | 'rules' | 'schedules' | 'archives' | 'region' | 'accountId'
> {
  readonly outlets: Pick<Outlets, 'sendMessage' | 'publish' | 'invokeAsync' | 'startExecution'>;
  /** Asked before a rule hands something to a target or its dead letters. Throws AwsError when it may not. */
  readonly authorize?: AuthorizeRule | undefined;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  /** Keeps what is on its way, where anything is kept. */
  readonly journal: BusJournal;
  /** Between 0 and 1, for the retries' jitter. */
  readonly random?: () => number;
}

/** What says that it is a schedule's time: AWS's own source, which nobody else may put. */
const SCHEDULED = { source: 'aws.events', detailType: 'Scheduled Event' };

/**
 * EventBridge: takes events, matches them against the rules of their bus and hands them to the rules' targets; and the
 * schedules of rules. With state kept, an event is delivered at least once whenever the process dies.
 */
export class EventBus {
  readonly #options: EventBusOptions;
  readonly #tools: DeliveryTools;
  readonly #buses: Buses;
  readonly #rules: Rules;
  readonly #replays: Replays;
  readonly #schedules: Schedules;
  /** Where the events of schedules go, by the rule's ARN. */
  readonly #scheduled: ReadonlyMap<string, readonly Destination[]>;
  readonly #onTheirWay: OnTheirWay;
  readonly #ending = new AbortController();
  readonly #operations: ReadonlyMap<string, (request: ServiceRequest) => unknown>;

  /** @throws Error for a rule or an archive that can't be run, naming it. */
  constructor(options: EventBusOptions) {
    this.#options = options;
    const { accountId, clock, journal } = options;
    this.#onTheirWay = new OnTheirWay(journal, clock);
    const { signal: ended } = this.#ending;
    const random = options.random ?? Math.random;
    this.#tools = { ...options, random, onTheirWay: this.#onTheirWay, ended };
    const buses = new Buses(options.buses, options);
    const rules = new Rules(options.rules, options.schedules, (rule) => this.#destinations(rule), journal);
    const archives = new Archives({ ...options, requireBus: (bus) => buses.existing(bus) });
    const replays = new Replays({
      ...options,
      archives,
      state: journal,
      rulesOf: (bus) => rules.on(buses.existing(bus)).map(({ arn }) => arn),
      put: (bus, json, name, only) =>
        this.#route(bus, replayedEvent(json, readEnvelope(json), name, clock.now()), only),
    });
    this.#scheduled = new Map(options.schedules.map((rule) => [rule.arn, this.#destinations(rule)]));
    this.#schedules = new Schedules({
      ...options,
      state: journal,
      isEnabled: (schedule) => rules.isEnabled(schedule),
      fire: ({ arn }, dueAt) => this.#fire(arn, dueAt),
    });
    this.#buses = buses;
    this.#rules = rules;
    this.#replays = replays;
    this.#operations = new Map<string, (request: ServiceRequest) => unknown>([
      ['PutEvents', (request) => this.#putEvents(request)],
      ['TestEventPattern', testEventPattern],
      ...Object.entries(describingCalls({ buses, rules, accountId, createdAt: clock.now() })),
      ['DescribeArchive', (request) => archives.describe(request)],
      ['ListArchives', (request) => archives.list(request)],
      ['StartReplay', (request) => replays.start(request)],
      ['DescribeReplay', (request) => replays.describe(request)],
      ['ListReplays', (request) => replays.list(request)],
      ['CancelReplay', (request) => replays.cancel(request)],
    ]);
  }

  /** Answers the calls of service `events`. */
  readonly handler: ServiceHandler = async (request) => {
    const operation = this.#operations.get(request.operation);
    if (operation) {
      const answer = await operation(request);
      await this.#options.journal.durable();
      return jsonResponse(answer);
    }
    const instead = "Buses, rules and archives are the stack's: change the stack and start again.";
    throw unknownOperation(request.operation, instead, this.#operations.keys());
  };

  /**
   * Goes on with what an earlier process has left, and starts the schedules. Call it once, when the targets can be reached
   * and before anything else goes on that puts events.
   */
  start(): void {
    const left = [...this.#onTheirWay.earlier()].flatMap(({ event, busName, isDelivered }) =>
      this.#destinationsOf(busName, event)
        .filter((destination) => !isDelivered(destination))
        .map((destination) => ({ event, destination })),
    );
    for (const { event, destination } of left) void deliver(event, destination, this.#tools);
    this.#replays.resume();
    this.#schedules.start();
  }

  /** Leaves what is on its way as it stands. */
  stop(): void {
    this.#ending.abort();
    this.#replays.stop();
    this.#schedules.stop();
  }

  /**
   * Accepts an event; its deliveries are under way when this returns. A bus that is not there takes it and drops it,
   * as on AWS.
   * @param bus name or ARN. @returns the event's id.
   */
  putEvent(bus: string, content: EventContent): string {
    const event = createEvent(content, this.#options, this.#options.clock.now());
    this.#route(bus, event);
    return event.id;
  }

  #putEvents(request: ServiceRequest) {
    const now = this.#options.clock.now();
    const trace = request.headers['x-amzn-trace-id'];
    const Entries = readEntries(request).map((entry) => {
      const content = checkEntry(entry, now, trace);
      return 'ErrorCode' in content
        ? content
        : { EventId: this.putEvent(entry.EventBusName ?? DEFAULT_BUS, content) };
    });
    return { FailedEntryCount: Entries.filter((answer) => 'ErrorCode' in answer).length, Entries };
  }

  /** @param only ARNs of the rules that may get it; undefined: all of the bus. */
  #route(reference: string, event: BusEvent, only?: ReadonlySet<string>): void {
    const bus = this.#buses.find(reference);
    if (bus) this.#accept(bus.name, event, this.#matching(bus.name, event, only));
  }

  #accept(bus: string, event: BusEvent, destinations: readonly Destination[]): void {
    const { id, source, detailType, acceptedAt: at, json, trace = '' } = event;
    this.#options.journal.append('events', { id, bus, source, detailType, at, event: json, trace });
    for (const destination of destinations) void deliver(event, destination, this.#tools);
  }

  /**
   * What a rule has forwarded goes to no third bus, so that no event goes round in circles.
   *
   * Source: docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html
   */
  #matching(bus: string, event: BusEvent, only: ReadonlySet<string> | undefined): readonly Destination[] {
    return this.#rules
      .active(bus)
      .filter(({ rule, matches }) => only?.has(rule.arn) !== false && matches(event.envelope))
      .flatMap(({ destinations }) => destinations)
      .filter(({ target }) => !event.isForwarded || !isBus(target));
  }

  /** Where an event of an earlier process goes. */
  #destinationsOf(bus: string, event: BusEvent): readonly Destination[] {
    if (bus === DEFAULT_BUS && isScheduled(event))
      return this.#scheduled.get(String(event.envelope['resources'])) ?? [];
    return this.#matching(bus, event, this.#replays.rulesOf(event.replay));
  }

  /** The event of a schedule goes to the targets of its own rule only. @param arn of the rule. */
  #fire(arn: string, time: number): void {
    const content = {
      ...SCHEDULED,
      detail: '{}',
      parsedDetail: {},
      resources: [arn],
      time,
      trace: undefined,
    };
    const event = createEvent(content, this.#options, this.#options.clock.now());
    this.#accept(DEFAULT_BUS, event, this.#scheduled.get(arn) ?? []);
  }

  #destinations(rule: DeliveringRule & { readonly targets: readonly RuleTarget[] }): Destination[] {
    const forward = (bus: string, event: BusEvent) => this.#route(bus, { ...event, isForwarded: true });
    const { outlets, authorize } = this.#options;
    return rule.targets.map((target) => {
      const send = compileTarget(rule, target, outlets, forward);
      const sendAllowed = async (event: BusEvent) => {
        authorize?.(rule, target);
        return send(event);
      };
      return { rule, target, send: authorize ? sendAllowed : send };
    });
  }
}

function isBus({ arn }: RuleTarget): boolean {
  return serviceOf(arn) === 'events';
}

/** Whether an event is a schedule's own; its one resource is the rule. */
function isScheduled({ source, detailType, replay }: BusEvent): boolean {
  return source === SCHEDULED.source && detailType === SCHEDULED.detailType && replay === '';
}
