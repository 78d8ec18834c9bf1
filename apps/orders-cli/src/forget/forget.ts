import { isOrderId } from '@orderstream/domain';
import { UsageError } from '../errors.ts';
import type { Bucket } from '../archive/bucket.ts';
import type { Session } from '../session.ts';
import { removeActivity } from './activity.ts';
import { cleanArchive, CustomerInArchive } from './archive.ts';
import { forgetCustomerIds, forgetOrders, ordersOf, type Fate } from './orders.ts';

/** Looks into the archive, a second apart, before the wait for it is given up. */
const LOOKS = 60;

/** Orders that the cache is asked to read again in one call. */
const CACHE_BATCH = 50;

/** What a forgetting works with. */
export interface ForgetTools {
  readonly session: Pick<Session, 'documents' | 'tables'>;
  readonly activityTable: string;
  readonly archive: Pick<Bucket, 'list' | 'read' | 'replace'>;
  /** Has the cache read these orders again; undefined where the deployment has none. */
  readonly refreshCache: ((orderIds: readonly string[]) => Promise<unknown>) | undefined;
  /** Resolves when nothing is under way, where that can be told. */
  readonly settled: () => Promise<void>;
  /** Waits a second. */
  readonly pause: () => Promise<unknown>;
  readonly say: (line: string) => void;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** What was removed, by store. */
export interface Forgotten {
  readonly customerId: string;
  /** Orders that this run or an earlier one forgot. */
  readonly orders: readonly string[];
  /** Orders that are still open, and so keep their customer. */
  readonly kept: readonly { readonly orderId: string; readonly status: string }[];
  readonly removed: {
    /** Orders that this run took the person out of. */
    readonly orders: number;
    readonly activity: number;
    /** Orders read anew by the cache; null where there is none. */
    readonly cache: number | null;
    readonly archive: { readonly objects: number; readonly lines: number };
  };
}

/**
 * Removes a person's data: from the orders that have ended, from the activity table, from the cache and from the archive.
 *
 * Safe to run again after it was broken off anywhere. An order keeps its customer's id, and so stays in the index by which
 * it is found, until cache and archive are clean; only then its last write takes the id away. The archive is cleaned only
 * when it holds the forgetting of each order, or its removal: changes of one item arrive in their order, so none with the
 * person's data can follow. The last write itself is not waited for: the line of an order that stays forgotten names
 * nobody in either image.
 *
 * @throws UsageError when the forgetting of an order does not arrive in the archive.
 */
export async function forgetCustomer(customerId: string, tools: ForgetTools): Promise<Forgotten> {
  const { session, say, signal } = tools;
  const fates = new Map<string, Fate>();
  const refresh = async (orderIds: readonly string[]) => {
    // Under any other id the cache holds nothing.
    const cached = orderIds.filter(isOrderId);
    for (let start = 0; start < cached.length; start += CACHE_BATCH)
      await tools.refreshCache?.(cached.slice(start, start + CACHE_BATCH));
  };
  const forget = async (orderIds: readonly string[]) => {
    const at = new Date(tools.now()).toISOString();
    const some = await forgetOrders(session, customerId, orderIds, { at, signal });
    for (const [orderId, fate] of some) fates.set(orderId, fate);
    await refresh([...idsOf(some, 'forgotten'), ...idsOf(some, 'gone')]);
  };

  await tools.settled();
  await forget(await ordersOf(session, customerId));
  const activity = await removeActivity(session, tools.activityTable, customerId, signal);
  await tools.settled();
  const archived = new CustomerInArchive(tools.archive, customerId);
  for (let looks = 1; ; looks += 1) {
    await archived.look(signal);
    const unknown = [...archived.orders].filter((orderId) => !fates.has(orderId));
    if (unknown.length > 0) await forget(unknown);
    const missing = [
      ...idsOf(fates, 'forgotten').filter((orderId) => !archived.forgotten.has(orderId)),
      ...idsOf(fates, 'gone').filter((orderId) => !archived.removed.has(orderId)),
    ];
    if (missing.length === 0) break;
    if (looks >= LOOKS) throw late(customerId, missing);
    if (looks === 1) say(`waiting for the archive: ${missing.length} changes are on their way`);
    await tools.pause();
  }
  const orders = idsOf(fates, 'forgotten');
  const kept = [...fates].flatMap(([orderId, { stand, status }]) =>
    stand === 'kept' ? [{ orderId, status }] : [],
  );
  const archive = await cleanArchive(
    tools.archive,
    { customerId, forgotten: new Set(orders), kept: new Set(kept.map(({ orderId }) => orderId)) },
    signal,
  );
  await forgetCustomerIds(session, customerId, orders, { at: new Date(tools.now()).toISOString(), signal });
  await refresh(orders);
  const done = [...fates.values()].filter(({ now }) => now).length;
  const cache = tools.refreshCache === undefined ? null : orders.filter(isOrderId).length;
  return { customerId, orders, kept, removed: { orders: done, activity, cache, archive } };
}

function idsOf(fates: ReadonlyMap<string, Fate>, stand: Fate['stand']): string[] {
  return [...fates].flatMap(([orderId, fate]) => (fate.stand === stand ? [orderId] : []));
}

function late(customerId: string, missing: readonly string[]): UsageError {
  const shown =
    missing.slice(0, 5).join(', ') + (missing.length > 5 ? ` and ${missing.length - 5} more` : '');
  return new UsageError(
    `The archive does not yet hold the last change of ${shown}, so it still holds the person's data. Tables and cache are done. ` +
      `Look whether archive-changes is failing or its records wait as dead letters, then run it again: orders forget ${customerId}`,
    1,
  );
}
