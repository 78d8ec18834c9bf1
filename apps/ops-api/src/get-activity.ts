import {
  readQuery,
  refuseWrong,
  type Answer,
  type ApiRequest,
  type SummariesTable,
  type WrongField,
} from '@orderstream/lambda-kit';
import * as z from 'zod/mini';
import { ActivityFold } from './activity-figures.ts';
import { dayAfter } from './days.ts';
import { minuteAfter, minuteAt, minuteOf, minuteOrDaySchema, MOST_MINUTES } from './minutes.ts';

const USUAL_MINUTES = 60;
const KINDS = ['minute', 'product', 'nothing-found'] as const;

const querySchema = z.strictObject({
  from: z.optional(minuteOrDaySchema),
  to: z.optional(minuteOrDaySchema),
});

/**
 * GET /activity?from=&to=: what visitors did, minute by minute, both minutes included and at most a day's. A day stands
 * for its first minute as `from` and for its last as `to`. The hour until now without them; with one alone, a day from
 * there or the hour until then.
 */
export async function getActivity(
  request: Pick<ApiRequest, 'query'>,
  summaries: Pick<SummariesTable, 'range'>,
  now: number,
): Promise<Answer> {
  const { from, to } = minutesOf(readQuery(request, querySchema), now);
  refuseWrong('query', wrongMinutes(from, to));
  const fold = new ActivityFold();
  for (let day = from.slice(0, 10); day <= to.slice(0, 10); day = dayAfter(day, 1)) {
    const first = day === from.slice(0, 10) ? from.slice(11) : '00:00';
    const last = day === to.slice(0, 10) ? to.slice(11) : '23:59';
    await Promise.all(
      KINDS.map(async (kind) => {
        const rows = summaries.range(`activity#${day}`, `${kind}#${first}`, `${kind}#${last}~`);
        for await (const row of rows) fold.add(day, row);
      }),
    );
  }
  return { status: 200, body: { from, to, ...fold.result() } };
}

function minutesOf(query: z.infer<typeof querySchema>, now: number): { from: string; to: string } {
  const from = query.from === undefined ? undefined : minuteOf(query.from, '00:00');
  const usual = from === undefined ? minuteAt(now) : minuteAfter(from, MOST_MINUTES - 1);
  const to = query.to === undefined ? usual : minuteOf(query.to, '23:59');
  return { from: from ?? minuteAfter(to, 1 - USUAL_MINUTES), to };
}

function wrongMinutes(from: string, to: string): WrongField[] {
  if (from > to)
    return [{ field: 'from', problem: `${from} is after ${to}, which is asked for as the last minute` }];
  if (minuteAfter(from, MOST_MINUTES - 1) >= to) return [];
  return [{ field: 'from', problem: `is more than 24 hours before ${to}: ask for fewer at once` }];
}
