import type { FaultPlan } from '@orderstream/local-cloud';
import { disableRules } from '../event-rules.ts';
import { openFunction } from '../invoke.ts';
import { outputOf } from '../session.ts';
import { correctStatus } from '../testing/correct-status.ts';
import { runOtherCode } from '../testing/other-code.ts';
import { MUG } from './everyday-paths.ts';
import type { Path } from './proof.ts';
import type { WalkedShop } from './walked-shop.ts';

/** Hours after the start, by the cloud's clock, between which something fails. */
const GIVEN_UP = { from: 1, until: 14 };
const NOT_DELIVERED = { from: 15, until: 16 };
const SWEEP_FAILS = { from: 17, until: 18 };
const NO_REFUND = { from: 19, until: 20 };
const CONSUMERS_FAIL = { from: 27, until: 28 };

const CONSUMERS = ['notify-customer', 'track-sales', 'refresh-cache', 'index-products'];
const STREAM_READERS = ['stream-dispatcher', 'archive-changes', 'track-activity'];

/** What fails at the hours of the paths that need it. */
export const FAULTS: FaultPlan = {
  seed: 1,
  faults: [
    ...STREAM_READERS.map((name) => failing(name, GIVEN_UP)),
    {
      ...{ service: 'targets', kind: 'error', code: 'NotTaken', status: 400, probability: 1 },
      ...between(NOT_DELIVERED),
    },
    ...CONSUMERS.map((name) => crashing(name, CONSUMERS_FAIL)),
    crashing('sweep-orders', SWEEP_FAILS),
    {
      ...{ service: 'dynamodb', operation: 'GetItem', function: 'process-payment', kind: 'error' },
      ...{ code: 'ValidationException', status: 400, probability: 1, ...between(NO_REFUND) },
    },
  ],
};

interface Hours {
  readonly from: number;
  readonly until: number;
}

/** Lambda itself fails: what calls the function keeps trying, for hours. */
function failing(name: string, hours: Hours): FaultPlan['faults'][number] {
  return { service: 'lambda', function: name, kind: 'error', probability: 1, ...between(hours) };
}

/** The function fails: what calls it has few tries. */
function crashing(name: string, hours: Hours): FaultPlan['faults'][number] {
  return {
    ...{ service: 'lambda', function: name, kind: 'crash', at: 'before', probability: 1 },
    ...between(hours),
  };
}

function between({ from, until }: Hours) {
  return { after: from * 3_600, until: until * 3_600 };
}

const UNREADABLE: Path = {
  name: 'a change that nobody can read, corrected',
  async walk(shop) {
    const orderId = await shop.shop.place({ status: 'placed' as never });
    await shop.settled();
    await correctStatus(shop.shop.session, orderId, 'PLACED');
    const letter = (await shop.letters()).find(({ kind }) => kind === 'quarantine');
    const path = `/dead-letters/${letter?.id}`;
    const { payload } = await shop.staff<Quarantined>('GET', path);
    payload.record.dynamodb.NewImage['status'] = { S: 'PLACED' };
    await shop.staff('PUT', path, payload.record);
    await redriveAll(shop);
  },
};

interface Quarantined {
  readonly payload: {
    readonly record: { readonly dynamodb: { readonly NewImage: Record<string, unknown> } };
  };
}

const CHANGES_GIVEN_UP: Path = {
  name: 'changes that mappings give up',
  async walk(shop) {
    await shop.hour(GIVEN_UP.from);
    await shop.shop.place();
    const at = new Date(shop.shop.cloud.clock.now()).toISOString();
    await shop.customer('POST', '/activity/me', {
      activities: [{ type: 'view', sku: 'MUG', at, id: 'a-2' }],
    });
    await shop.givesUp('change');
    await redriveAll(shop);
    await shop.hour(GIVEN_UP.until);
    await redriveAll(shop);
  },
};

const EVENTS_NOT_DELIVERED: Path = {
  name: 'events that rules cannot deliver',
  async walk(shop) {
    await shop.hour(NOT_DELIVERED.from);
    await shop.staff('PUT', '/products/MUG', { ...MUG, name: 'Large mug' });
    await shop.shop.place();
    await shop.settled();
    await shop.hour(NOT_DELIVERED.until);
    await redriveAll(shop);
  },
};

const DEAD_EVENTS: Path = {
  name: 'events that wait as dead letters',
  async walk(shop) {
    // What nobody can handle is redriven in vain, and then discarded.
    const event = { 'detail-type': 'Unknown', source: 'aws.events', detail: {} };
    for (const consumer of [...CONSUMERS, 'sweep-orders'])
      await putDeadLetter(shop, consumer, JSON.stringify(event));
    await shop.letters();
    await redriveAll(shop);
    await shop.staff('POST', '/dead-letters/discard', { kind: 'event' });
  },
};

/** Leaves a message where those wait that a consumer could not handle. */
async function putDeadLetter({ shop }: WalkedShop, consumer: string, body: string): Promise<void> {
  const { endpoint } = shop.session.status;
  const queue = shop.session.tables.orders.replace(/orders$/, `${consumer}-dead-letters`);
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': 'AmazonSQS.SendMessage', 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({ QueueUrl: `${endpoint}/000000000000/${queue}`, MessageBody: body }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

const SWEEP_GIVEN_UP: Path = {
  name: 'a sweep that fails',
  async walk(shop) {
    await shop.hour(SWEEP_FAILS.from);
    await shop.shop.cloud.clock.advance(20 * 60_000);
    await shop.givesUp('asyncInvocation');
    await shop.hour(SWEEP_FAILS.until);
    await redriveAll(shop);
  },
};

const COMPENSATION_FAILS: Path = {
  name: 'compensation that fails',
  async walk(shop) {
    await shop.hour(NO_REFUND.from);
    const lines = [{ sku: 'MUG', quantity: 1_000_000, unitPrice: '1' }];
    const orderId = await shop.shop.place({ lines });
    await shop.shop.place({ lines });
    await shop.settled();
    await shop.hour(NO_REFUND.until);
    await shop.staff('POST', '/dead-letters/redrive', { ids: [`execution.${orderId}`] });
    await shop.settled();
    await shop.hour(NO_REFUND.until + 2);
  },
};

const STANDING_STILL: Path = {
  name: 'orders that stand still',
  async walk(shop) {
    const { cloud, session, place } = shop.shop;
    await takeName(shop, 'taken');
    await shop.staff('PUT', '/dispatching', { paused: true });
    await place({ orderId: 'taken' });
    await place();
    await shop.hour(NO_REFUND.until + 4);
    await shop.staff('PUT', '/dispatching', { paused: false });
    await shop.settled();
    await disableRules(session, (name) => name.endsWith('-sweep-orders'));
    await takeName(shop, 'left');
    await place({ orderId: 'left' });
    await shop.hour(NO_REFUND.until + 6);
    await runOtherCode(cloud, 'sweep-orders', OUT_OF_TIME);
    const sweep = await openFunction(session, session.tables.orders.replace(/orders$/, 'sweep-orders:live'));
    await sweep.ask({}).finally(() => sweep.close());
  },
};

/** A sweep whose time is over after its first order. */
const OUT_OF_TIME = `
  let looks = 0;
  const getRemainingTimeInMillis = () => (looks++ === 0 ? 60_000 : 0);
  exports.handler = (event) => require('./real.cjs').handler(event, { getRemainingTimeInMillis });`;

/** Lets an execution of this name end before its order is there. */
async function takeName(shop: WalkedShop, name: string): Promise<void> {
  const { cloud, session } = shop.shop;
  const stateMachineArn = outputOf(session, 'workflow_arn');
  const answer = await fetch(cloud.endpointUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AWSStepFunctions.StartExecution',
    },
    body: JSON.stringify({ stateMachineArn, name, input: JSON.stringify({ orderId: 'order-1' }) }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  await shop.settled();
}

const EVENTS_FAIL: Path = {
  name: 'events that consumers fail on',
  async walk(shop) {
    await shop.hour(CONSUMERS_FAIL.from);
    await shop.staff('PUT', '/products/MUG', MUG);
    await shop.shop.place();
    await shop.givesUp('asyncInvocation', 'message');
  },
};

async function redriveAll(shop: WalkedShop): Promise<void> {
  await shop.settled();
  for (let cursor: string | undefined; ;) {
    const answer = await shop.staff<{ next?: string }>('POST', '/dead-letters/redrive', {
      all: true,
      cursor,
    });
    if (answer.next === undefined) return shop.settled();
    cursor = answer.next;
  }
}

/** What follows when something fails, in the order of the hours at which it does. */
export const RARE: readonly Path[] = [
  ...[UNREADABLE, DEAD_EVENTS, CHANGES_GIVEN_UP, EVENTS_NOT_DELIVERED, SWEEP_GIVEN_UP],
  ...[COMPENSATION_FAILS, STANDING_STILL, EVENTS_FAIL],
];
