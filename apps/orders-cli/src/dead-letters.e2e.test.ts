import type { FaultPlan } from '@orderstream/local-cloud';
import { readOrder } from './commands/get.ts';
import { disableRules } from './event-rules.ts';
import { outputOf } from './session.ts';
import { correctStatus } from './testing/correct-status.ts';
import { openShop, type TestShop } from './testing/shop.ts';
import { synthesizedWith, type Synthesis } from './synthesis.ts';

jest.setTimeout(120_000);

const HOUR_MS = 3_600_000;

interface Letter {
  readonly id: string;
  readonly subjects: readonly string[];
}

interface Result {
  readonly id: string;
  readonly outcome: string;
  readonly why?: string;
}

/** What any of the routes answers. */
interface Answer {
  readonly deadLetters: Letter[];
  readonly results: Result[];
  readonly next?: string;
  readonly payload: {
    readonly body: object;
    readonly record: { readonly dynamodb: { readonly NewImage: Record<string, unknown> } };
  };
}

interface QueueAnswer {
  readonly Attributes: Readonly<Record<string, string>>;
}

/** By the cloud's clock, hours after its start: each test that lets something fail has a time of its own for it. */
const FAULTS: FaultPlan = {
  seed: 1,
  faults: [failing('stream-dispatcher', 10, 20), failing('notify-customer', 30, 40)],
};

let shop: TestShop;
let startedAt: number;
async function open(options: Parameters<typeof openShop>[0]): Promise<void> {
  shop = await openShop(options);
  startedAt = shop.cloud.clock.now();
  await shop.receive('goods', { MUG: 100 });
  await shop.cloud.settled();
}

describe('dead letters', () => {
  beforeAll(() => open({ faults: FAULTS }));
  afterAll(() => shop.close());

  it('are a record that nobody can read, which is corrected and then starts its order', async () => {
    const orderId = await shop.place({ status: 'placed' as never });
    await shop.cloud.settled();
    const [letter] = (await letters()) as [Letter];
    expect(letter).toMatchObject({
      kind: 'quarantine',
      source: 'stream-dispatcher/orders',
      cause: 'UnreadableChange',
      records: 1,
      subjects: [`order ${orderId}`],
      redrivable: true,
    });
    expect(await redrive({ ids: [letter.id] })).toMatchObject([
      { outcome: 'stays', why: expect.stringMatching(/stream-dispatcher .*UnreadableChange/) },
    ]);
    expect(await notices()).toBe(1);

    const { payload } = await ask('GET', `/dead-letters/${letter.id}`);
    payload.record.dynamodb.NewImage['status'] = { S: 'PLACED' };
    const edited = await ask('PUT', `/dead-letters/${letter.id}`, payload.record);
    await correctStatus(shop.session, orderId, 'PLACED');
    const dry = await redrive({ kind: 'quarantine', dryRun: true });
    const done = await redrive({ kind: 'quarantine' });

    expect(edited).toMatchObject({ id: letter.id, redrivable: true });
    expect(dry).toMatchObject([{ id: letter.id, outcome: 'would be redriven' }]);
    expect(done).toMatchObject([{ id: letter.id, outcome: 'redriven' }]);
    expect(await shop.settled(orderId)).toMatchObject({ status: 'SHIPPED' });
    expect(await letters()).toEqual([]);
    expect(await notices()).toBe(0);
    expect(await redrive({ ids: [letter.id] })).toMatchObject([{ outcome: 'stays' }]);
  });

  it('are the changes that a mapping gave up, which are replayed from the bucket', async () => {
    await hour(10);
    const orderId = await shop.place();
    await passes(async () => (await notices()) > 0);
    const waiting = await letters('stream-dispatcher/orders');
    const [first, ...behind] = await redrive({ source: 'stream-dispatcher/orders' });
    expect(new Set(waiting.flatMap(({ subjects }) => subjects))).toEqual(new Set([`order ${orderId}`]));
    expect(first).toMatchObject({ outcome: 'stays', why: expect.stringContaining('Lambda') });
    for (const { why } of behind) expect(why).toContain(`An earlier change of ${orderId} still waits`);
    await hour(20);

    const done = await redrive({ all: true });

    expect(new Set(done.map(({ outcome }) => outcome))).toEqual(new Set(['redriven']));
    expect(await shop.settled(orderId)).toMatchObject({ status: 'SHIPPED' });
    expect(await letters('stream-dispatcher/orders')).toEqual([]);
  });

  it('are events, which go to the consumer alone that could not handle them, and act once', async () => {
    await hour(30);
    const mailed = ['OrderPlaced', 'OrderShipped'].length;
    const orderId = await shop.place({ email: 'ada@example.com' });
    await until(async () => (await readOrder(shop.session, orderId))['status'] === 'SHIPPED');
    await passes(async () => (await messagesIn('notify-customer-dead-letters')) === mailed);
    await hour(40);
    await shop.cloud.settled();
    const published = shop.cloud.journal.rows('events', '').length;
    const [first, ...others] = (await letters('notify-customer')) as [Letter, ...Letter[]];
    expect(first).toMatchObject({ kind: 'event', source: 'notify-customer', subjects: [`order ${orderId}`] });
    const { payload } = await ask('GET', `/dead-letters/${first.id}`);
    const before = functionsRun();

    const done = await redrive({ source: 'notify-customer' });
    await send('notify-customer-dead-letters', JSON.stringify(payload.body));
    const again = await redrive({ source: 'notify-customer' });

    expect(done).toHaveLength(1 + others.length);
    expect([...done, ...again].map(({ outcome }) => outcome)).toEqual(
      Array(2 + others.length).fill('redriven'),
    );
    expect(functionsRun().slice(before.length)).toEqual(Array(2 + others.length).fill('notify-customer'));
    expect(shop.cloud.journal.rows('events', '')).toHaveLength(published);
    const mails = (await shop.session.cloud.outbox({ orderId })) as { subject: string }[];
    // That of the placed order is left out where that of the shipped one was faster.
    const subjects = mails.map(({ subject }) => subject);
    expect(subjects).toContain(`Orderstream: order ${orderId} is on its way`);
    expect(new Set(subjects).size).toBe(subjects.length);
    expect(await letters('notify-customer')).toEqual([]);
  });

  it('wait for a paused dispatcher no longer than it is paused, and nothing is left out', async () => {
    await shop.cloud.settled();
    const paused = await ask('PUT', '/dispatching', { paused: true });
    await shop.place();
    const orderId = await shop.place();
    expect(await shop.settled(orderId)).toMatchObject({ status: 'PLACED' });

    const resumed = await ask('PUT', '/dispatching', { paused: false });

    expect(paused).toMatchObject({ paused: true, mappings: { length: 3 } });
    expect(resumed).toMatchObject({ paused: false });
    expect(await ask('GET', '/dispatching')).toEqual(resumed);
    expect(await shop.settled(orderId)).toMatchObject({ status: 'SHIPPED' });
  });

  it('leave no gap once all are redriven', async () => {
    await redrive({ all: true });
    await shop.cloud.settled();

    expect(await letters()).toEqual([]);
    expect(await notices()).toBe(0);
    expect(await shop.violations()).toEqual([]);
  });
});

describe('dead letters of consumers to which events come directly', () => {
  let stack: Synthesis;
  beforeAll(async () => {
    stack = await synthesizedWith({ ORDERSTREAM_DELIVERY: 'direct' });
    await open({
      stackFile: stack.stackFile,
      faults: { seed: 1, faults: [failing('notify-customer', 0, 1)] },
    });
    await disableRules(shop.session, (name) => name.endsWith('-sweep-orders'));
  });
  afterAll(async () => {
    await shop.close();
    stack.remove();
  });

  it('are the events that Lambda gave up, which are redriven as their rule brings them', async () => {
    const orderId = await shop.place({ email: 'ada@example.com' });
    await until(async () => (await readOrder(shop.session, orderId))['status'] === 'SHIPPED');
    // An invocation that waits to be repeated is under way.
    await passes(async () => (await messagesIn('notify-customer-dead-letters')) === 2, 'change');
    await hour(1);
    const waiting = await letters('notify-customer');
    const before = functionsRun();

    const done = await redrive({ source: 'notify-customer' });

    expect(waiting).toMatchObject(
      Array(2).fill({ kind: 'event', subjects: [`order ${orderId}`], redrivable: true }),
    );
    expect(done.map(({ outcome }) => outcome)).toEqual(['redriven', 'redriven']);
    expect(functionsRun().slice(before.length)).toEqual(['notify-customer', 'notify-customer']);
    const mails = (await shop.session.cloud.outbox({ orderId })) as { subject: string }[];
    expect(mails.map(({ subject }) => subject)).toContain(`Orderstream: order ${orderId} is on its way`);
    expect(await letters()).toEqual([]);
  });

  it('are also the sweeps that could not be begun or failed', async () => {
    await shop.cloud.settled();
    const scheduled = { 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} };
    await send('sweep-orders-dead-letters', JSON.stringify(scheduled));
    const before = functionsRun();

    const done = await redrive({ source: 'sweep-orders' });

    expect(done).toMatchObject([{ kind: 'event', source: 'sweep-orders', outcome: 'redriven' }]);
    expect(functionsRun().slice(before.length)).toEqual(['sweep-orders']);
    expect(await letters()).toEqual([]);
  });
});

/** Moves the clock on to that hour after the start. */
async function hour(hours: number): Promise<void> {
  await shop.cloud.clock.advance(startedAt + hours * HOUR_MS - shop.cloud.clock.now());
}

/** Waits until it is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}

/** Moves the clock on, whenever nothing of that kind is under way, until it is so. */
async function passes(
  isSo: () => Promise<boolean>,
  busy: 'invocation' | 'change' = 'invocation',
): Promise<void> {
  while (!(await isSo())) {
    const { [busy]: underWay = 0 } = shop.cloud.inFlight.counts();
    if (underWay === 0) await shop.cloud.clock.advance(30_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function letters(source?: string): Promise<Letter[]> {
  const { deadLetters } = await ask('GET', `/dead-letters?limit=100${source ? `&source=${source}` : ''}`);
  return deadLetters;
}

async function redrive(selection: object): Promise<Result[]> {
  const results: Result[] = [];
  for (let cursor: string | undefined; ;) {
    const answer = await ask('POST', '/dead-letters/redrive', { ...selection, cursor });
    results.push(...answer.results);
    cursor = answer.next;
    if (cursor === undefined) return results;
  }
}

async function ask(method: string, path: string, body?: object): Promise<Answer> {
  const token = await shop.session.cloud.token('ada', ['staff']);
  const answer = await fetch(outputOf(shop.session, 'staff_api_url') + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as Answer;
}

/** How many notices wait. */
function notices(): Promise<number> {
  return messagesIn('dead-letter-notices');
}

async function messagesIn(queue: string): Promise<number> {
  const { Attributes } = await sqs('GetQueueAttributes', queue, {
    AttributeNames: ['ApproximateNumberOfMessages'],
  });
  return Number(Attributes['ApproximateNumberOfMessages']);
}

function send(queue: string, body: string): Promise<unknown> {
  return sqs('SendMessage', queue, { MessageBody: body });
}

async function sqs(operation: string, queue: string, parameters: object): Promise<QueueAnswer> {
  const { endpoint } = shop.session.status;
  const prefix = shop.session.tables.orders.replace(/orders$/, '');
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': `AmazonSQS.${operation}`, 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({ QueueUrl: `${endpoint}/000000000000/${prefix}${queue}`, ...parameters }),
  });
  if (!answer.ok) throw new Error(`${operation}: ${await answer.text()}`);
  return (await answer.json()) as QueueAnswer;
}

/** The functions that ran, but for the API, in the order in which they ended. */
function functionsRun(): string[] {
  const prefix = shop.session.tables.orders.replace(/orders$/, '');
  return shop.cloud.journal
    .rows('invocations', '')
    .map((row) => row.function.replace(prefix, ''))
    .filter((name) => name !== 'redrive-api');
}

function failing(name: string, from: number, until: number): FaultPlan['faults'][number] {
  const when = { after: from * 3_600, until: until * 3_600 };
  return { service: 'lambda', function: name, kind: 'error', probability: 1, ...when };
}
