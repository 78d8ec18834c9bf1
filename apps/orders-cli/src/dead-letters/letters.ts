import * as z from 'zod';
import { answerAs } from '../ask-api.ts';
import { UsageError } from '../errors.ts';
import type { StaffApi } from '../staff-api.ts';

/** What can wait as a dead letter: changes of a stream, unreadable records, events of a consumer, failed executions. */
export const KINDS = ['change', 'quarantine', 'event', 'execution'] as const;

const letterSchema = z.object({
  id: z.string(),
  kind: z.string(),
  source: z.string(),
  cause: z.string(),
  message: z.string(),
  at: z.string(),
  records: z.number(),
  subjects: z.array(z.string()),
  /** True, or why not. */
  redrivable: z.union([z.literal(true), z.string()]),
});
/** A dead letter as the staff's API lists it. */
export type Letter = z.infer<typeof letterSchema>;

const wholeSchema = letterSchema.extend({ payload: z.unknown() });
/** A dead letter with all that is needed to replay it. */
export type WholeLetter = z.infer<typeof wholeSchema>;

/** What is said where more waits than the API could look at. */
const incomplete = z.string().optional();

const pageSchema = z.object({ deadLetters: z.array(letterSchema), next: z.string().optional(), incomplete });

const resultSchema = z.object({
  id: z.string(),
  kind: z.string(),
  source: z.string(),
  outcome: z.enum(['redriven', 'would be redriven', 'discarded', 'would be discarded', 'stays']),
  why: z.string().optional(),
});
/** What became of one dead letter. */
export type Result = z.infer<typeof resultSchema>;

const resultsSchema = z.object({ results: z.array(resultSchema), next: z.string().optional(), incomplete });

/** What letters are told apart by. */
export type Filters = Readonly<Partial<Record<'kind' | 'source' | 'cause', string>>>;

/** Which letters are meant; exactly one way of saying so. */
export type Selection = { readonly ids: readonly string[] } | { readonly all: true } | Filters;

export type Verb = 'redrive' | 'discard';

/** Longest that an answer is waited for: a page takes the API about 15 s. */
const ANSWER_WITHIN_MS = 60_000;

/** The dead letters of a deployment, through its staff's API. */
export class DeadLetters {
  readonly #api: StaffApi;
  #incomplete: string | undefined;

  /** Why the last list or act could not look at all that waits; undefined when it could. */
  get incomplete(): string | undefined {
    return this.#incomplete;
  }

  constructor(api: StaffApi) {
    this.#api = api;
  }

  /** Every letter that fits, in the API's order. */
  async *list(filters: Filters, signal: AbortSignal): AsyncGenerator<Letter> {
    let cursor: string | undefined;
    this.#incomplete = undefined;
    do {
      const query = { ...filters, cursor };
      const answer = await this.#api.ask({ path: '/dead-letters', query, signal });
      const page = answerAs(pageSchema, answer, 'GET /dead-letters');
      this.#incomplete = page.incomplete ?? this.#incomplete;
      yield* page.deadLetters;
      cursor = furtherThan(cursor, page.next);
    } while (cursor !== undefined);
  }

  async show(id: string, signal: AbortSignal): Promise<WholeLetter> {
    return answerAs(wholeSchema, await this.#api.ask({ path: pathOf(id), signal }), 'GET /dead-letters/{id}');
  }

  /** Puts a corrected record in the place of one that nobody can read. */
  async correct(id: string, record: unknown, signal: AbortSignal): Promise<Letter> {
    const answer = await this.#api.ask({ path: pathOf(id), method: 'PUT', body: record, signal });
    return answerAs(letterSchema, answer, 'PUT /dead-letters/{id}');
  }

  /**
   * Redrives or discards what is selected: a page of results after each call. The signal ends it between two calls; none
   * is broken off itself, so that what it did is known.
   */
  async *act(
    verb: Verb,
    selection: Selection,
    dryRun: boolean,
    signal: AbortSignal,
  ): AsyncGenerator<readonly Result[]> {
    let cursor: string | undefined;
    this.#incomplete = undefined;
    do {
      signal.throwIfAborted();
      const answer = await this.#api.ask({
        path: `/dead-letters/${verb}`,
        method: 'POST',
        body: { ...selection, dryRun, cursor },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      const page = answerAs(resultsSchema, answer, `POST /dead-letters/${verb}`);
      this.#incomplete = page.incomplete ?? this.#incomplete;
      yield page.results;
      cursor = furtherThan(cursor, page.next);
    } while (cursor !== undefined);
  }
}

function pathOf(id: string): string {
  return `/dead-letters/${encodeURIComponent(id)}`;
}

function furtherThan(cursor: string | undefined, next: string | undefined): string | undefined {
  if (next === undefined || next !== cursor) return next;
  throw new UsageError(`The API stands still at cursor ${next}. Look at the log of redrive-api.`, 1);
}
