import * as z from 'zod';
import { answerAs } from '../ask-api.ts';
import { UsageError } from '../errors.ts';

/** Read models that can be made anew, and the output that names the function which does it. */
export const REBUILDS = {
  sales: 'track_sales_function',
  search: 'index_products_function',
  cache: 'refresh_cache_function',
} as const;
export type Rebuild = keyof typeof REBUILDS;

/** Asks the function that keeps the read model. */
export type Ask = (request: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** Hears after every page what is done: `counting` 400 of whatever the function counts. */
export type OnPage = (step: string, done: number) => void;

/** What was done. */
export interface Rebuilt {
  /** The one that serves now; the cache has none. */
  readonly generation?: number;
  /** Items by what they are: sales, products … */
  readonly counted: Readonly<Record<string, number>>;
  /** Ids of orders that the function could not read, and so left out. */
  readonly unreadable: readonly string[];
  /** Rows of older generations that were removed. */
  readonly removed?: number;
}

const begun = z.looseObject({ generation: z.number() });
const page = z.looseObject({ next: z.unknown().optional(), unreadable: z.array(z.string()).optional() });

/** What `rebuild` names. @throws UsageError for anything else. */
export function rebuildOf(given: unknown): Rebuild {
  const what = (Object.keys(REBUILDS) as Rebuild[]).find((each) => each === given);
  if (what !== undefined) return what;
  throw new UsageError(`"${String(given)}" cannot be rebuilt. There is ${Object.keys(REBUILDS).join(', ')}.`);
}

/**
 * Makes a read model anew beside the one that serves, page by page. Every step may be asked for twice. After a rebuild
 * that was broken off, this takes it on or gives it up for a generation of its own, whichever the function can: what is
 * left of it does no harm.
 */
export async function rebuild(what: Rebuild, ask: Ask, onPage: OnPage): Promise<Rebuilt> {
  if (what === 'cache') {
    const products = await pages(ask, { rebuild: 'page', table: 'products' }, 'products', onPage);
    const orders = await pages(ask, { rebuild: 'page', table: 'orders' }, 'orders', onPage);
    const unreadable = [...products.unreadable, ...orders.unreadable];
    return { counted: { products: products.done, orders: orders.done }, unreadable };
  }
  const anew = what === 'sales' ? { anew: true } : {};
  const { generation } = answerAs(begun, await ask({ rebuild: 'begin', ...anew }), what);
  const { done, unreadable } = await pages(ask, { rebuild: 'page', generation }, what, onPage);
  await ask({ rebuild: 'finish', generation });
  const rebuilt = { generation, counted: { [what]: done }, unreadable };
  if (what === 'search') return rebuilt;
  const cleaned = await pages(ask, { rebuild: 'clean', generation }, 'removing what was', onPage);
  return { ...rebuilt, removed: cleaned.done };
}

/** Asks for page after page. Answers the sum of what they did. */
async function pages(
  ask: Ask,
  request: Readonly<Record<string, unknown>>,
  step: string,
  onPage: OnPage,
): Promise<{ done: number; unreadable: string[] }> {
  const sum = { done: 0, unreadable: [] as string[] };
  let from: unknown;
  for (;;) {
    const answer = answerAs(page, await ask(from === undefined ? request : { ...request, from }), step);
    sum.done += doneIn(answer);
    sum.unreadable.push(...(answer.unreadable ?? []));
    onPage(step, sum.done);
    const { next } = answer;
    if (next === undefined || next === null) return sum;
    if (JSON.stringify(next) === JSON.stringify(from))
      throw new UsageError(
        `The rebuild stands still at ${JSON.stringify(next)}. Look at the function's log.`,
        1,
      );
    from = next;
  }
}

/** The one count that a page's answer has, whatever it is called: counted, removed … */
function doneIn(answer: Readonly<Record<string, unknown>>): number {
  const [count = 0] = Object.entries(answer).flatMap(([name, value]) =>
    typeof value === 'number' && name !== 'generation' ? [value] : [],
  );
  return count;
}
