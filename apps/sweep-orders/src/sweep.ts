import { executionName, orderOfExecution, RetryableError, workflowStart } from '@orderstream/domain';
import { asThrottled, bareError, logger, type OrdersTable, type StoredOrder } from '@orderstream/lambda-kit';
import { decide, type Concern, type Limits, type Remedy } from './decide.ts';
import type { Executions } from './executions.ts';
import type { OpenOrder, OpenOrders } from './open-orders.ts';
import type { Position } from './position.ts';

/** What a sweep works on. */
export interface Shop {
  readonly openOrders: Pick<OpenOrders, 'oldestFirst'>;
  readonly orders: Pick<OrdersTable, 'read' | 'countRestart'>;
  readonly executions: Pick<Executions, 'find' | 'start' | 'redrive' | 'endedIllSince'>;
  readonly position: Pick<Position, 'read' | 'write'>;
}

/** What a sweep did: orders by what helps them, those that are reported, and those that could not be seen to now. */
export type Outcome = Record<Exclude<Remedy, 'leave'> | 'looked' | 'reported' | 'later', number>;

/** Orders that one sweep looks at; Step Functions describes 15 executions a second, 250 at once. */
const MOST_ORDERS = 500;
const AT_ONCE = 4;
/** An order that is gone is reported for so long after its execution failed. */
const GONE_REPORTED = 24 * 60 * 60 * 1000;

/** What a person should know, and do, for each concern. */
const ADVICE: Readonly<Record<Concern, string>> = {
  CompensationUnfinished:
    'is being closed, but its execution has ended. It is tried again; look at the task that failed.',
  ChargeWithoutProgress:
    'may have been charged, but no execution is under way. It is tried again; compare with the payment provider.',
  TriedInVain: 'was tried again several times and still stands. Look at its executions.',
  RunningTooLong: 'has not changed for hours although its execution runs. Look at the task that waits.',
  OrderGone:
    'is not in the table, but an execution of it has failed. Look whether the payment provider has a charge of it, and refund that.',
  BegunElsewhere:
    'was written half way: no execution of it is known, nor what one leaves. It is left alone. Set its status to PLACED if it is to be charged and shipped, else to its end.',
  NotUnderstood: 'could not be looked after. Correct what the error says.',
};

/**
 * Looks after orders that stand still, oldest first: lets their executions go on, or starts new ones, and reports what a
 * person should know. Every step may be done twice, also by two sweeps at once: Step Functions and a condition on the
 * order let only one of them have an effect. A sweep that can't see to all orders leaves the rest to the next one.
 *
 * @param now epoch milliseconds.
 * @param isTime whether there is time for another order.
 */
export async function sweep(
  shop: Shop,
  limits: Limits,
  now: number,
  isTime: () => boolean,
): Promise<Outcome> {
  const outcome: Outcome = { redrive: 0, start: 0, restart: 0, hold: 0, looked: 0, reported: 0, later: 0 };
  const from = await shop.position.read();
  const waiting = standingStill(shop.openOrders, from, limits, now);
  let taken: OpenOrder | undefined;
  let left = MOST_ORDERS;
  let complete = false;

  const workThrough = async (): Promise<void> => {
    while (left > 0 && isTime()) {
      left -= 1;
      const { value: row } = await waiting.next();
      if (row === undefined) {
        complete = true;
        return;
      }
      outcome.looked += 1;
      taken = row;
      await seeTo(row.orderId, outcome, () => lookAfter(shop, row.orderId, limits, now, outcome));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, workThrough));
  const next = complete ? undefined : (taken ?? from);
  if (next !== from) await shop.position.write(next);

  await reportGone(shop, now, isTime, outcome);
  return outcome;
}

/** Orders that have not changed for long, and behind them those whose time of change can't be: it is to come, or none. */
async function* standingStill(
  openOrders: Shop['openOrders'],
  from: OpenOrder | undefined,
  { still }: Limits,
  now: number,
): AsyncGenerator<OpenOrder, undefined> {
  yield* openOrders.oldestFirst({ until: new Date(now - still).toISOString() }, from);
  return yield* openOrders.oldestFirst({ from: new Date(now + still).toISOString() }, from);
}

async function lookAfter(
  { orders, executions }: Shop,
  orderId: string,
  limits: Limits,
  now: number,
  outcome: Outcome,
): Promise<void> {
  const order = await orders.read(orderId);
  if (order === undefined) return;
  const name = executionName(orderId, order.restarts);
  const execution = await executions.find(name);
  const { remedy, concern } = decide(order, execution, now, limits);
  if (concern !== undefined) {
    const { status, updatedAt } = order;
    const told = { status, updatedAt, execution: name, executionStatus: execution?.status ?? 'NONE' };
    report(outcome, concern, orderId, told);
  }
  if (remedy === 'hold') outcome.hold += 1;
  else if (remedy !== 'leave') outcome[remedy] += await help({ orders, executions }, order, remedy);
}

/** @returns how many orders were helped: none where somebody else was first. */
async function help(
  { orders, executions }: Pick<Shop, 'orders' | 'executions'>,
  { orderId, trace, restarts }: StoredOrder,
  remedy: Exclude<Remedy, 'leave' | 'hold'>,
): Promise<0 | 1> {
  if (remedy === 'redrive') {
    await executions.redrive(executionName(orderId, restarts));
    return 1;
  }
  // A crash between the count and the start leaves an order without its newest execution, which a later sweep starts.
  const restart = remedy === 'start' ? (restarts ?? 0) : await orders.countRestart(orderId, restarts);
  if (restart === undefined) return 0;
  await executions.start(workflowStart(orderId, trace, restart));
  return 1;
}

/** Orders that somebody removed while they were under way: their executions fail, and nobody gives back what was paid. */
async function reportGone(
  { orders, executions }: Shop,
  now: number,
  isTime: () => boolean,
  outcome: Outcome,
): Promise<void> {
  const seen = new Set<string>();
  for await (const name of executions.endedIllSince(now - GONE_REPORTED)) {
    const orderId = orderOfExecution(name);
    if (orderId === undefined || seen.has(orderId)) continue;
    seen.add(orderId);
    if (!isTime()) {
      logger.warn('Not all executions that failed were looked at: there was no time. The newest were.');
      return;
    }
    await seeTo(orderId, outcome, async () => {
      if ((await orders.read(orderId)) === undefined) report(outcome, 'OrderGone', orderId, {});
    });
  }
}

/** One order that makes trouble keeps none of the others from being looked after. */
async function seeTo(orderId: string, outcome: Outcome, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const known = asThrottled(error);
    if (known instanceof RetryableError) {
      outcome.later += 1;
      logger.warn(`Order ${orderId} is looked after by the next sweep: ${known.message}`, { orderId });
    } else report(outcome, 'NotUnderstood', orderId, { error: bareError(error) });
  }
}

function report(outcome: Outcome, concern: Concern, orderId: string, told: object): void {
  outcome.reported += 1;
  logger.error(`Order ${orderId} ${ADVICE[concern]}`, { concern, orderId, ...told });
}
