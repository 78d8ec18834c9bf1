import { MovableClock } from '../clock.ts';
import type { ServiceRequest } from '../endpoint/service.ts';
import { InFlight } from '../in-flight.ts';
import { Journal } from '../journal/journal.ts';
import type { JournalKind, JournalRows } from '../journal/rows.ts';
import type { Archive, Rule, RuleTarget, Schedule } from '../stack/model.ts';
import { EventBus } from './event-bus.ts';
import type { BusJournal } from './on-their-way.ts';

export const REGION = 'eu-central-1';
export const ACCOUNT = '210987654321';
export const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

export const QUEUE = arn('sqs', 'mail');
export const DEAD_LETTERS = arn('sqs', 'mail-dead');

/** A target with EventBridge's default retry policy. */
export function target(settings: Partial<RuleTarget> = {}): RuleTarget {
  return { id: 'mail', arn: QUEUE, maximumRetryAttempts: 185, maximumEventAgeSeconds: 86_400, ...settings };
}

/** A rule on the bus `shop` for the events of source `orders`. */
export function rule(settings: Partial<Rule> = {}): Rule {
  const name = settings.name ?? 'tell-customer';
  return {
    name,
    arn: arn('events', `rule/shop/${name}`),
    busName: 'shop',
    enabled: true,
    pattern: '{"source":["orders"]}',
    targets: [target()],
    ...settings,
  };
}

/** A rule with a schedule, on the default bus. */
export function schedule(expression: string, settings: Partial<Schedule> = {}): Schedule {
  const name = settings.name ?? 'sweep';
  return {
    name,
    arn: arn('events', `rule/${name}`),
    busName: 'default',
    enabled: true,
    expression,
    targets: [target()],
    ...settings,
  };
}

/** An archive of everything on the bus `shop`. */
export function archive(settings: Partial<Archive> = {}): Archive {
  const name = settings.name ?? 'history';
  return {
    name,
    arn: arn('events', `archive/${name}`),
    busName: 'shop',
    busArn: arn('events', 'event-bus/shop'),
    retentionDays: 0,
    ...settings,
  };
}

/** What was handed to outlets: the name of the method, then its arguments. */
export type Call = readonly unknown[];

/** An answer's status and members. */
interface Answer extends Record<string, unknown> {
  readonly status: number;
}

/**
 * A bus whose outlets only note what they are handed.
 * @param failing answers with the error an outlet is to fail with, or nothing.
 * @param kept the journal, and the clock, of a bus that goes on after a crash.
 */
export function testBus(
  rules: readonly Rule[],
  failing: (call: Call) => Error | undefined = () => undefined,
  archives: readonly Archive[] = [],
  schedules: readonly Schedule[] = [],
  { journal = new Journal(':memory:'), clock = new MovableClock() } = {},
) {
  const inFlight = new InFlight();
  const calls: Call[] = [];
  const rows: { kind: string; row: unknown }[] = [];
  const note =
    (name: string) =>
    async (...parameters: unknown[]) => {
      const call = [name, ...parameters];
      const error = failing(call);
      calls.push(error ? [...call, error.name] : call);
      if (error) throw error;
    };
  const bus = new EventBus({
    buses: [
      { name: 'shop', arn: arn('events', 'event-bus/shop') },
      { name: 'archive', arn: arn('events', 'event-bus/archive') },
    ],
    rules,
    schedules,
    archives,
    region: REGION,
    accountId: ACCOUNT,
    outlets: {
      sendMessage: note('sendMessage'),
      publish: note('publish'),
      invokeAsync: note('invokeAsync'),
      startExecution: note('startExecution'),
    },
    clock,
    inFlight,
    journal: noting(journal, rows),
    random: () => 1,
  });
  const call = async (
    operation: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const { status, body: answer } = await bus.handler(request(operation, JSON.stringify(body), headers));
    const members: Record<string, unknown> = JSON.parse(String(answer));
    return { ...members, status };
  };
  const put = (...entries: object[]) => call('PutEvents', { Entries: entries });
  return { bus, clock, inFlight, calls, rows, call, put };
}

/** The journal, which notes what is appended to it. */
function noting(journal: Journal, rows: { kind: string; row: unknown }[]): BusJournal {
  return {
    isKept: journal.isKept,
    append: <K extends JournalKind>(kind: K, row: JournalRows[K]) => {
      rows.push({ kind, row });
      journal.append(kind, row);
    },
    all: (sql, ...parameters) => journal.all(sql, ...parameters),
    scan: (sql, ...parameters) => journal.scan(sql, ...parameters),
    put: (kind, key, value) => journal.put(kind, key, value),
    remove: (kind, key) => journal.remove(kind, key),
    entries: (kind) => journal.entries(kind),
    durable: () => journal.durable(),
  };
}

export function request(
  operation: string,
  body: string,
  headers: Record<string, string> = {},
): ServiceRequest {
  return {
    service: 'events',
    operation,
    method: 'POST',
    url: '/',
    headers,
    body: Buffer.from(body),
    caller: { kind: 'operator', name: 'test', roleArn: undefined },
  };
}

/** Moves the clock once everything that is under way waits for it, and lets what becomes due run. */
export async function pass(clock: MovableClock, ms: number): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

/** A complete entry for the bus `shop`. */
export function entry(settings: object = {}) {
  return {
    EventBusName: 'shop',
    Source: 'orders',
    DetailType: 'OrderPlaced',
    Detail: '{"orderId": "o-1", "lines": 2}',
    ...settings,
  };
}
