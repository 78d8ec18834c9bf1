import type { Clock } from '../clock.ts';
import { AwsError, jsonResponse } from '../endpoint/service.ts';
import type { ServiceHandler, ServiceRequest } from '../endpoint/service.ts';
import type { InFlight } from '../in-flight.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { Bus, Rule, Stack } from '../stack/model.ts';
import { Archives, readEnvelope } from './archives.ts';
import type { EventLog } from './archives.ts';
import { deliver } from './delivery.ts';
import type { DeliveryTools, Destination } from './delivery.ts';
import { createEvent, replayedEvent } from './event.ts';
import type { BusEvent, EventContent } from './event.ts';
import type { Outlets } from './outlets.ts';
import { compilePattern } from './pattern.ts';
import { checkEntry, readEntries } from './put-events.ts';
import { Replays } from './replays.ts';
import { notFound } from './request.ts';
import { compileTarget } from './target.ts';

export interface EventBusOptions extends Pick<
  Stack,
  'buses' | 'rules' | 'archives' | 'region' | 'accountId'
> {
  readonly outlets: Pick<Outlets, 'sendMessage' | 'publish' | 'invokeAsync' | 'startExecution'>;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly journal: JournalWriter & EventLog;
  /** Between 0 and 1, for the retries' jitter. */
  readonly random?: () => number;
}

interface CompiledRule {
  readonly rule: Rule;
  readonly matches: (event: unknown) => boolean;
  readonly destinations: readonly Destination[];
}

/** Every account has this bus without making it. */
const DEFAULT_BUS = 'default';

/** EventBridge: takes events, matches them against the rules of their bus and hands them to the rules' targets. */
export class EventBus {
  readonly #options: EventBusOptions;
  readonly #tools: DeliveryTools;
  readonly #buses: ReadonlyMap<string, Bus>;
  readonly #rules: ReadonlyMap<string, readonly CompiledRule[]>;
  readonly #operations: ReadonlyMap<string, (request: ServiceRequest) => unknown>;

  /** @throws Error for a rule or an archive that can't be run, naming it. */
  constructor(options: EventBusOptions) {
    this.#options = options;
    this.#tools = { ...options, random: options.random ?? Math.random };
    const { buses, rules, region, accountId, journal, clock } = options;
    const arn = `arn:aws:events:${region}:${accountId}:event-bus/${DEFAULT_BUS}`;
    this.#buses = new Map([{ name: DEFAULT_BUS, arn }, ...buses].map((bus) => [bus.name, bus]));
    this.#rules = Map.groupBy(
      rules.map((rule) => this.#compile(rule)),
      ({ rule }) => rule.busName,
    );
    const archives = new Archives({
      archives: options.archives,
      journal,
      clock,
      requireBus: (bus) => this.#existingBus(bus),
    });
    const replays = new Replays({
      ...options,
      archives,
      rulesOf: (bus) => this.#rulesOf(this.#existingBus(bus)).map(({ rule }) => rule.arn),
      put: (bus, json, name, only) =>
        this.#route(bus, replayedEvent(json, readEnvelope(json), name, clock.now()), only),
    });
    this.#operations = new Map<string, (request: ServiceRequest) => unknown>([
      ['PutEvents', (request) => this.#putEvents(request)],
      ['DescribeEventBus', (request) => this.#describeBus(request)],
      ['ListRules', (request) => this.#listRules(request)],
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
    throw new AwsError('UnknownOperationException', `The event bus here does not do ${request.operation}.`);
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
    const bus = this.#buses.get(busName(reference));
    if (!bus) return;
    const { id, source, detailType, acceptedAt, json } = event;
    const row = { id, bus: bus.name, source, detailType, at: acceptedAt, event: json };
    this.#options.journal.append('events', row);
    for (const { rule, matches, destinations } of this.#rulesOf(bus)) {
      if (!rule.enabled || only?.has(rule.arn) === false || !matches(event.envelope)) continue;
      for (const destination of destinations) void deliver(event, destination, this.#tools);
    }
  }

  #compile(rule: Rule): CompiledRule {
    const forward = (bus: string, event: BusEvent) => this.#route(bus, event);
    const destinations = rule.targets.map((target) => ({
      rule,
      target,
      send: compileTarget(rule, target, this.#options.outlets, forward),
    }));
    return { rule, matches: compileRulePattern(rule), destinations };
  }

  #describeBus(request: ServiceRequest) {
    const { name, arn } = this.#existingBus(nameIn(request, 'Name'));
    return { Name: name, Arn: arn };
  }

  #listRules(request: ServiceRequest) {
    const bus = this.#existingBus(nameIn(request, 'EventBusName'));
    const Rules = this.#rulesOf(bus).map(({ rule }) => ({
      Name: rule.name,
      Arn: rule.arn,
      EventBusName: rule.busName,
      EventPattern: rule.pattern,
      State: rule.enabled ? 'ENABLED' : 'DISABLED',
    }));
    return { Rules };
  }

  #rulesOf({ name }: Bus): readonly CompiledRule[] {
    return this.#rules.get(name) ?? [];
  }

  #existingBus(reference: string): Bus {
    const bus = this.#buses.get(busName(reference));
    if (bus) return bus;
    throw notFound('Event bus', busName(reference));
  }
}

function compileRulePattern({ name, pattern }: Rule): (event: unknown) => boolean {
  try {
    return compilePattern(pattern);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Rule ${name}: ${reason}`, { cause });
  }
}

/** A bus may be given by its name or by its ARN. */
function busName(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

function nameIn({ body }: ServiceRequest, member: string): string {
  const request: unknown = JSON.parse(body.toString());
  const name = typeof request === 'object' && request !== null ? Reflect.get(request, member) : undefined;
  return typeof name === 'string' ? name : DEFAULT_BUS;
}
