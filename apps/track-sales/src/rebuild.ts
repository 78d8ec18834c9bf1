import { endedOrder, UncountableOrder, type LostSale, type Sale } from '@orderstream/domain';
import * as z from 'zod/mini';
import type { EndedOrders } from './ended-orders.ts';
import { RebuildRefused, type Generations } from './generations.ts';
import type { OldFigures } from './old-figures.ts';
import type { SalesCounter } from './sales-counter.ts';
import { eachByShard } from './shards.ts';

const generation = z.int().check(z.minimum(1));

/** Key of an item, as DynamoDB takes it: the table may hold one that is no order id, and a page may end there. */
const itemKey = z.string().check(z.minLength(1), z.maxLength(2_048));

/** What an operator asks, step by step. Every step may be asked for again. */
const requestSchema = z.discriminatedUnion('rebuild', [
  z.strictObject({ rebuild: z.literal('begin'), anew: z.optional(z.boolean()) }),
  z.strictObject({ rebuild: z.literal('page'), generation, from: z.optional(itemKey) }),
  z.strictObject({ rebuild: z.literal('finish'), generation }),
  z.strictObject({ rebuild: z.literal('clean'), generation, from: z.optional(z.string()) }),
]);

/** What a rebuild works with. */
export interface Rebuild {
  readonly generations: Pick<Generations, 'read' | 'begin' | 'mustBuild' | 'allRead' | 'finish'>;
  readonly orders: Pick<EndedOrders, 'page'>;
  readonly counter: Pick<SalesCounter, 'count'>;
  readonly figures: Pick<OldFigures, 'removePage'>;
  /** Told of an order that cannot be counted. */
  readonly report: (error: UncountableOrder) => void;
}

/** Answer of a page: orders counted, those that cannot be, and where the next page begins, if there is one. */
export interface CountedPage {
  readonly counted: number;
  readonly unreadable?: readonly string[];
  readonly next?: string;
}

/**
 * Answers the steps of a rebuild: `begin` takes a new generation, `page` counts some orders into it, `finish` lets it
 * serve, `clean` removes what is older.
 *
 * @throws RebuildRefused when the request is none of these, or does not fit to how things stand.
 */
export async function answerRebuild(request: unknown, rebuild: Rebuild): Promise<unknown> {
  const { success, data, error } = requestSchema.safeParse(request);
  if (!success) throw unknownRequest(error);
  if (data.rebuild === 'begin') return { generation: await rebuild.generations.begin(data.anew ?? false) };
  if (data.rebuild === 'page') return countPage(data.generation, data.from, rebuild);
  if (data.rebuild === 'clean') return cleanPage(data.generation, data.from, rebuild);
  await rebuild.generations.finish(data.generation);
  return { generation: data.generation };
}

async function countPage(
  into: number,
  from: string | undefined,
  { generations, orders, counter, report }: Rebuild,
): Promise<CountedPage> {
  await generations.mustBuild(into);
  const { orders: items, next } = await orders.page(from);
  const unreadable: string[] = [];
  const ended = items.flatMap((item) => {
    const order = readEnded(item, report);
    if (order === undefined) unreadable.push(String(item['orderId']));
    return order ?? [];
  });
  await eachByShard(
    ended,
    ({ orderId }) => orderId,
    async (order) => void (await counter.count(order, into)),
  );
  if (next === undefined) await generations.allRead(into);
  return {
    counted: ended.length,
    ...(unreadable.length === 0 ? {} : { unreadable }),
    ...(next === undefined ? {} : { next }),
  };
}

/** One bad order keeps nobody from the figures of all others: it is reported, as its event was. */
function readEnded(
  item: Readonly<Record<string, unknown>>,
  report: Rebuild['report'],
): Sale | LostSale | undefined {
  try {
    return endedOrder(item);
  } catch (error) {
    if (!(error instanceof UncountableOrder)) throw error;
    report(error);
    return undefined;
  }
}

async function cleanPage(
  before: number,
  from: string | undefined,
  { generations, figures }: Rebuild,
): Promise<unknown> {
  const { serving } = await generations.read();
  if (serving === before) return figures.removePage(before, from);
  throw new RebuildRefused(
    `generation: ${before} does not serve, ${serving} does. Clean up with "generation": ${serving}, which removes all before it.`,
  );
}

function unknownRequest(error: z.core.$ZodError): RebuildRefused {
  const problems = error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || 'request'}: ${message}`,
  );
  return new RebuildRefused(
    `${problems.join('; ')}. Ask for {"rebuild":"begin"}, or for "page", "finish" or "clean" with its "generation".`,
  );
}
