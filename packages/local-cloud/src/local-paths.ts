import type { HttpApis } from './api/http-apis.ts';
import type { LocalCache } from './cache/local-cache.ts';
import { localJson, type LocalHandler } from './endpoint/local-paths.ts';
import { AwsError } from './endpoint/service.ts';
import { heldBy, type HeldSources } from './held.ts';
import type { InFlight } from './in-flight.ts';
import type { Journal } from './journal/journal.ts';
import {
  changesOfItem,
  deliveriesOfChange,
  eventsWith,
  executionsNamed,
  idsOfChanges,
  historyOf,
  orderOfDeliveries,
  refusalsOfTrace,
} from './journal/queries.ts';
import { outboxPath } from './mail/outbox-paths.ts';
import { itemKey } from './tables/item-key.ts';
import type { Stack } from './stack/model.ts';

/** Longest that one question whether all has settled is held open. */
const LONGEST_WAIT_SECONDS = 30;

/** A question about the cloud itself, beside the AWS services, `/_local/<name>?…`: answers a JSON document. */
type Question = (query: URLSearchParams) => unknown;

/** What the local paths answer from. */
export interface LocalSources extends HeldSources {
  readonly stack: Stack;
  readonly inFlight: InFlight;
  readonly endpointUrl: string;
  readonly apis: Pick<HttpApis, 'urls' | 'token'>;
  readonly cache: Pick<LocalCache, 'kind'> | undefined;
  readonly ready: () => boolean;
  readonly startedAt: number;
}

/** Status, journal, outbox and tokens of a running cloud, for the command line and whoever else watches it. */
export function localPaths(sources: LocalSources): Record<string, LocalHandler> {
  const answered = Object.entries(questions(sources)).map(([name, answer]): [string, LocalHandler] => [
    name,
    async ({ query }) => localJson(await answer(query)),
  ]);
  return { ...Object.fromEntries(answered), outbox: outboxPath(sources.journal) };
}

function questions(sources: LocalSources): Record<string, Question> {
  const { stack, journal, inFlight } = sources;
  return {
    status: () => ({
      ready: sources.ready(),
      pid: process.pid,
      stack: stack.name,
      region: stack.region,
      endpoint: sources.endpointUrl,
      api: Object.values(sources.apis.urls)[0] ?? null,
      apis: sources.apis.urls,
      cache: sources.cache?.kind ?? null,
      outputs: stack.outputs,
      inFlight: inFlight.counts(),
      uptimeSeconds: (Date.now() - sources.startedAt) / 1_000,
      memoryMb: process.memoryUsage().rss / 1e6,
    }),
    held: () => heldBy(sources),
    settled: async (query) => {
      const seconds = Math.min(Number(query.get('seconds') ?? 1), LONGEST_WAIT_SECONDS);
      const settled = await settledWithin(inFlight, seconds * 1_000);
      return { settled, inFlight: inFlight.counts() };
    },
    token: async (query) => {
      const subject = required(query, 'subject');
      return { token: await sources.apis.token(subject, query.getAll('group')) };
    },
    order: () => {
      const { checked, violations } = orderOfDeliveries(journal);
      const texts = violations.map(
        ({ mapping, item, position, other, what }) =>
          `${mapping}: change ${position} of ${item} was ${what} by change ${other}`,
      );
      return { checked, violations: texts };
    },
    journal: (query) => ({ rows: journalView(stack, journal, query) }),
  };
}

function journalView(stack: Stack, journal: Journal, query: URLSearchParams): unknown[] {
  const view = required(query, 'view');
  switch (view) {
    case 'changes': {
      const name = required(query, 'table');
      const arn = streamOf(stack, name);
      const table = stack.tables.find((each) => each.name === name);
      return table ? changesOfItem(journal, arn, itemKey(table, JSON.parse(required(query, 'key')))) : [];
    }
    case 'change-ids':
      return idsOfChanges(journal, streamOf(stack, required(query, 'table')));
    case 'deliveries':
      return deliveriesOfChange(journal, required(query, 'stream'), Number(required(query, 'position')));
    case 'executions':
      return executionsNamed(journal, required(query, 'name'));
    case 'history':
      return historyOf(journal, required(query, 'execution'));
    case 'events':
      return eventsWith(journal, required(query, 'path'), required(query, 'value'));
    case 'refusals':
      return refusalsOfTrace(journal, required(query, 'trace'));
    case 'running-executions':
      return journal.all(`SELECT name FROM executions WHERE status = 'RUNNING'`);
    case 'ended-executions':
      return journal.all(
        `SELECT count(*) AS count FROM executions WHERE status <> 'RUNNING' AND name >= ? AND name < ?`,
        required(query, 'name'),
        `${required(query, 'name')}\u{10FFFF}`,
      );
    case 'transitions':
      // A billed transition is a state entered, and one more for the end (Step Functions pricing).
      return journal.all(
        `SELECT 1.0 * count(*) / count(DISTINCT execution) + 1 AS perExecution FROM history
         WHERE type LIKE '%StateEntered' AND execution IN (SELECT arn FROM executions WHERE name >= ? AND name < ?)`,
        required(query, 'name'),
        `${required(query, 'name')}\u{10FFFF}`,
      );
    default:
      throw invalid(`There is no view "${view}" of the journal.`);
  }
}

/** @throws AwsError when there is no such table, or it has no stream. */
function streamOf(stack: Stack, tableName: string): string {
  const table = stack.tables.find(({ name }) => name === tableName);
  if (table?.stream === undefined) throw invalid(`There is no table ${tableName} with a stream.`);
  return table.stream.arn;
}

function required(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null || value === '') throw invalid(`The parameter "${name}" is missing.`);
  return value;
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

async function settledWithin(inFlight: InFlight, milliseconds: number): Promise<boolean> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), milliseconds);
  const settled = await inFlight.settled(patience.signal);
  clearTimeout(timer);
  return settled;
}
