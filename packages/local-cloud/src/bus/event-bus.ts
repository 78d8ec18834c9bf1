import type { Clock } from '../clock.ts';
import { jsonResponse } from '../endpoint/service.ts';
import type { ServiceHandler, ServiceRequest } from '../endpoint/service.ts';
import { unknownOperation } from '../endpoint/unknown-operation.ts';
import type { InFlight } from '../in-flight.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { Rule, Stack } from '../stack/model.ts';
import { Archives, readEnvelope } from './archives.ts';
import type { EventLog } from './archives.ts';
import { Buses, DEFAULT_BUS } from './buses.ts';
import { deliver } from './delivery.ts';
import type { DeliveryTools, Destination } from './delivery.ts';
import { describingCalls } from './descriptions.ts';
import { createEvent, replayedEvent } from './event.ts';
import type { BusEvent, EventContent } from './event.ts';
import type { Outlets } from './outlets.ts';
import { checkEntry, readEntries } from './put-events.ts';
import { Replays } from './replays.ts';
import { Rules } from './rules.ts';
import { compileTarget } from './target.ts';
import { testEventPattern } from './test-event-pattern.ts';

export interface EventBusOptions extends Pick<
  Stack,
  'buses' | 'rules' | 'schedules' | 'archives' | 'region' | 'accountId'
> {
  readonly outlets: Pick<Outlets, 'sendMessage' | 'publish' | 'invokeAsync' | 'startExecution'>;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly journal: JournalWriter & EventLog;
  /** Between 0 and 1, for the retries' jitter. */
  readonly random?: () => number;
}

/** EventBridge: takes events, matches them against the rules of their bus and hands them to the rules' targets. */
export class EventBus {
  readonly #options: EventBusOptions;
  readonly #tools: DeliveryTools;
  readonly #buses: Buses;
  readonly #rules: Rules;
  readonly #operations: ReadonlyMap<string, (request: ServiceRequest) => unknown>;

  /** @throws Error for a rule or an archive that can't be run, naming it. */
  constructor(options: EventBusOptions) {
    this.#options = options;
    this.#tools = { ...options, random: options.random ?? Math.random };
    const { accountId, clock } = options;
    const buses = new Buses(options.buses, options);
    const rules = new Rules(options.rules, options.schedules, (rule) => this.#destinations(rule));
    const archives = new Archives({ ...options, requireBus: (bus) => buses.existing(bus) });
    const replays = new Replays({
      ...options,
      archives,
      rulesOf: (bus) => rules.on(buses.existing(bus)).map(({ arn }) => arn),
      put: (bus, json, name, only) =>
        this.#route(bus, replayedEvent(json, readEnvelope(json), name, clock.now()), only),
    });
    this.#buses = buses;
    this.#rules = rules;
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
    if (operation) return jsonResponse(await operation(request));
    const instead = "Buses, rules and archives are the stack's: change the stack and start again.";
    throw unknownOperation(request.operation, instead, this.#operations.keys());
  };

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
    if (!bus) return;
    const { id, source, detailType, acceptedAt, json } = event;
    const row = { id, bus: bus.name, source, detailType, at: acceptedAt, event: json };
    this.#options.journal.append('events', row);
    for (const { rule, matches, destinations } of this.#rules.active(bus.name)) {
      if (only?.has(rule.arn) === false || !matches(event.envelope)) continue;
      for (const destination of destinations) void deliver(event, destination, this.#tools);
    }
  }

  #destinations(rule: Rule): Destination[] {
    const forward = (bus: string, event: BusEvent) => this.#route(bus, event);
    return rule.targets.map((target) => ({
      rule,
      target,
      send: compileTarget(rule, target, this.#options.outlets, forward),
    }));
  }
}
