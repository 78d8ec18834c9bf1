import { setTimeout as sleep } from 'node:timers/promises';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { executionName } from '@orderstream/domain';
import { UsageError } from '../errors.ts';
import { placeOrder } from '../replay/write.ts';
import { afterOrder, beforeOrder, guestBeside, type Visit } from '../sample/visits.ts';
import { outputOf, type Session } from '../session.ts';
import type { Act } from './load.ts';

/** Longest that an act is tried: the cloud dies and comes back meanwhile. */
const TRIED_FOR_MS = 120_000;
const PAUSE_MS = 60;
/** The number of a second execution: far from those that the sweeper gives. */
const RIVAL = 99;

/** What was promised to somebody, and so must be there in the end. */
export interface Promised {
  /** Orders that the API or the table took. */
  readonly orders: Set<string>;
  /** Records that nobody can read as orders. */
  readonly unreadable: Map<string, Readonly<Record<string, unknown>>>;
}

/** Something that is not as it should be, whatever the cloud goes through: trying again will not help. */
class Refused extends UsageError {}

/** Does one act, again and again until the cloud has answered it: every act may be done twice. */
export async function perform(
  session: Session,
  act: Act,
  promised: Promised,
  signal: AbortSignal,
): Promise<void> {
  switch (act.do) {
    case 'order':
      return order(session, act, promised, signal);
    case 'import':
      await insist(() => placeOrder(session, act.order), signal);
      promised.orders.add(act.order.orderId);
      if (act.rival) await rival(session, act.order.orderId, signal);
      return;
    case 'unreadable':
      promised.unreadable.set(String(act.item['orderId']), act.item);
      await insist(() => put(session, act.item), signal);
      return;
    case 'price':
      await sleep(act.afterMs);
      return insist(() => price(session, act), signal);
  }
}

async function order(
  session: Session,
  act: Extract<Act, { do: 'order' }>,
  promised: Promised,
  signal: AbortSignal,
): Promise<void> {
  const { customer, body } = act.order;
  const post = (path: string, content?: object, key?: string) =>
    insist(() => ask(session, customer, path, content, key, signal), signal);
  const visit = ({ sessionId, activities }: Visit) =>
    sessionId === undefined
      ? post('/activity/me', { activities })
      : post('/activity', { sessionId, activities });
  const guest = guestBeside(act.order, act.key.length);
  if (guest !== undefined) await visit(guest);
  await visit(beforeOrder(act.order));
  const { orderId } = await post('/orders', body, act.key);
  promised.orders.add(String(orderId));
  if (act.rival) await rival(session, String(orderId), signal);
  if (act.cancelAfterMs !== undefined) {
    await sleep(act.cancelAfterMs);
    await post(`/orders/${String(orderId)}/cancel`);
  }
  if (act.twice) {
    const again = await post('/orders', body, act.key);
    if (again['orderId'] !== orderId)
      throw new Refused(
        `One idempotency key made two orders: ${String(orderId)}, ${String(again['orderId'])}`,
        1,
      );
  }
  await visit(afterOrder(String(orderId)));
}

/** Asks the customers' API. Too late to cancel (409) is an answer; a trouble of the server's is none. */
async function ask(
  { status, cloud }: Session,
  customer: string,
  path: string,
  content: object | undefined,
  key: string | undefined,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const answer = await fetch(`${status.api}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await cloud.token(customer)}`,
      'content-type': 'application/json',
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    body: content === undefined ? null : JSON.stringify(content),
    signal: AbortSignal.any([signal, AbortSignal.timeout(60_000)]),
  });
  const text = await answer.text();
  if (answer.ok || (answer.status === 409 && path.endsWith('/cancel')))
    return Object(JSON.parse(text)) as Record<string, unknown>;
  const said = `The API answered ${answer.status} to POST ${path}: ${text.slice(0, 300)}`;
  if (answer.status >= 500 || [401, 403, 408, 429].includes(answer.status)) throw new Error(said);
  throw new Refused(said, 1);
}

/** Starts a second execution of an order; one of that name may be there. */
async function rival({ status }: Session, orderId: string, signal: AbortSignal): Promise<void> {
  await insist(async () => {
    const answer = await fetch(status.endpoint, {
      method: 'POST',
      headers: {
        'x-amz-target': 'AWSStepFunctions.StartExecution',
        'content-type': 'application/x-amz-json-1.0',
      },
      body: JSON.stringify({
        stateMachineArn: outputOf({ status }, 'workflow_arn'),
        name: executionName(orderId, RIVAL),
        input: JSON.stringify({ orderId }),
      }),
      signal,
    });
    const text = await answer.text();
    if (!answer.ok && !text.includes('ExecutionAlreadyExists')) throw new Error(text);
  }, signal);
}

async function put({ documents, tables }: Session, item: Readonly<Record<string, unknown>>): Promise<void> {
  await documents.send(new PutCommand({ TableName: tables.orders, Item: item }));
}

async function price({ documents, tables }: Session, act: Extract<Act, { do: 'price' }>): Promise<void> {
  await documents.send(
    new UpdateCommand({
      TableName: tables.products,
      Key: { sku: act.sku },
      UpdateExpression: 'SET unitPrice = :price, updatedAt = :at, updatedBy = :by ADD itemVersion :one',
      ExpressionAttributeValues: {
        ':price': act.unitPrice,
        ':at': new Date().toISOString(),
        ':by': 'chaos',
        ':one': 1,
      },
    }),
  );
}

/** Tries until it succeeds. @throws what failed last when the time is over; at once what no repetition mends. */
export async function insist<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const until = performance.now() + TRIED_FOR_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Refused || performance.now() > until) throw error;
      await sleep(PAUSE_MS, undefined, { signal });
    }
  }
}
