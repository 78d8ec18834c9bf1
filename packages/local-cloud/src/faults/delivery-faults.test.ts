import type { TargetOutlets } from '../bus/target.ts';
import { AwsError } from '../endpoint/service.ts';
import type { InvokeCause } from '../functions/invoker.ts';
import {
  CallbackInvoker,
  mappingOf,
  MemoryJournal,
  MemoryStream,
  turn,
} from '../mappings/mappings.fixture.ts';
import { StreamMapping } from '../mappings/stream-mapping.ts';
import type { Mapping } from '../stack/model.ts';
import { type FaultsBench, faultsBench } from './faults.fixture.ts';

const QUEUE = 'arn:aws:sqs:eu-central-1:000000000000:sales';
const MAPPINGS = [
  mappingOf({ id: 'queue', functionName: 'shop-sales', sourceArn: QUEUE }),
  mappingOf({ id: 'fifo', functionName: 'shop-sales', sourceArn: `${QUEUE}.fifo` }),
  mappingOf({ id: 'stream', functionName: 'shop-sales', parallelizationFactor: 10, batchSize: 5 }),
];
const HOUR = 3_600_000;

let bench: FaultsBench;
const start = (...faults: object[]) => (bench = faultsBench(faults, MAPPINGS));
afterEach(() => bench.stop());

const duplicate = { service: 'lambda', kind: 'duplicate', probability: 1 };
const reorder = { service: 'lambda', kind: 'reorder', probability: 1 };

/** Delivers batches to a function, a text as a batch of its own, and notes what it is handed. */
function deliveries(cause: Partial<InvokeCause>) {
  const handed: unknown[] = [];
  const deliver = (event: { Records: unknown[] } | string, name = 'shop-sales') => {
    const payload = JSON.stringify(typeof event === 'string' ? { Records: [event] } : event);
    const mapping: InvokeCause = { kind: 'mapping', name: 'queue', ...cause };
    return bench.faults.invoke(name, payload, mapping, async (given) => {
      const { Records, ...more }: { Records: unknown[] } = JSON.parse(given);
      handed.push(Records.length === 1 ? Records[0] : { Records, ...more });
      return { requestId: `request-${handed.length}`, payload: 'null', functionError: undefined };
    });
  };
  return { handed, deliver };
}

describe('a duplicate', () => {
  it.each<[what: string, cause: InvokeCause]>([
    ['a batch of a stream', { kind: 'mapping', name: 'stream' }],
    ['a batch of a queue', { kind: 'mapping', name: 'queue' }],
    ['a batch of a FIFO queue', { kind: 'mapping', name: 'fifo' }],
    ['an event', { kind: 'rule', name: 'sales' }],
  ])('of %s is delivered again at once, and the second answer counts', async (_what, cause) => {
    start(duplicate);
    const { handed, deliver } = deliveries(cause);

    expect((await deliver('a')).requestId).toBe('request-2');
    expect(handed).toEqual(['a', 'a']);
  });

  it.each<[what: string, cause: InvokeCause]>([
    ['a batch of a queue', { kind: 'mapping', name: 'queue' }],
    ['an event', { kind: 'rule', name: 'sales' }],
    ['a result of a function', { kind: 'destination', name: 'shop-api' }],
  ])('of %s comes later than what follows it, and is in flight until then', async (_what, cause) => {
    start({ ...duplicate, ms: HOUR, most: 1 });
    const { handed, deliver } = deliveries(cause);

    expect((await deliver('a')).requestId).toBe('request-1');
    await deliver('b');
    expect(bench.inFlight.counts()).toEqual({ duplicate: 1 });
    await bench.clock.advance(HOUR);
    await bench.inFlight.settled();

    expect(handed).toEqual(['a', 'b', 'a']);
  });

  it.each<[what: string, cause: InvokeCause]>([
    ['a stream', { kind: 'mapping', name: 'stream' }],
    ['a FIFO queue', { kind: 'mapping', name: 'fifo' }],
    ['a task', { kind: 'task', name: 'order-1/Ship' }],
  ])('of %s that comes later holds up what follows it', async (_what, cause) => {
    start({ ...duplicate, ms: HOUR });
    const { handed, deliver } = deliveries(cause);
    const ended = jest.fn();

    const delivered = deliver('a').then(ended);
    await bench.untilAsleep();
    await turn();
    expect(handed).toEqual(['a']);
    expect(ended).not.toHaveBeenCalled();
    await bench.clock.advance(HOUR);
    await delivered;

    expect(handed).toEqual(['a', 'a']);
  });
});

describe('another order', () => {
  it.each<[what: string, cause: InvokeCause]>([
    ['a batch of a queue', { kind: 'mapping', name: 'queue' }],
    ['an event', { kind: 'rule', name: 'sales' }],
  ])('lets %s wait until the next one of its function has ended', async (_what, cause) => {
    start({ ...reorder, ms: HOUR, most: 1 });
    const { handed, deliver } = deliveries(cause);

    const first = deliver('a');
    await deliver('other', 'shop-api');
    await deliver('b');
    await first;

    expect(handed).toEqual(['other', 'b', 'a']);
  });

  it('holds a delivery back no longer than it may, by the cloud’s clock', async () => {
    start({ ...reorder, ms: HOUR });
    const { handed, deliver } = deliveries({});

    const delivered = deliver('a');
    await bench.untilAsleep();
    await bench.clock.advance(HOUR - 60_000);
    expect(handed).toEqual([]);
    await bench.clock.advance(60_000);
    await delivered;

    expect(handed).toEqual(['a']);
  });

  it('exchanges the messages of a standard queue, and those of no other source', async () => {
    start(reorder);
    const event = { Records: [1, 2, 3, 4, 5, 6, 7, 8], more: true };
    const queue = deliveries({});
    const fifo = deliveries({ name: 'fifo' });
    const stream = deliveries({ name: 'stream' });

    const delivered = [queue, fifo, stream].map(({ deliver }) => deliver(event));
    await bench.untilAsleep(3);
    await bench.clock.advance(1_000);
    await Promise.all(delivered);

    const [shuffled] = queue.handed as [typeof event];
    expect(shuffled.Records).not.toEqual(event.Records);
    expect({ ...shuffled, Records: shuffled.Records.toSorted() }).toEqual(event);
    expect(fifo.handed).toEqual([event]);
    expect(stream.handed).toEqual([event]);
  });

  it.each(['task', 'api', 'call'])(
    'is none for what is asked for by a %s: its caller waits for it',
    async (kind) => {
      start(reorder);
      const { handed, deliver } = deliveries({ kind });

      await deliver('a');

      expect(handed).toEqual(['a']);
      expect(bench.faults.strikes()).toMatchObject([{ considered: 0 }]);
    },
  );
});

it('a stream’s changes reach their function in the order of each item, whatever strikes', async () => {
  const mapping: Mapping = MAPPINGS[2]!;
  const seen = new Map<string, number[]>();
  start(
    { ...duplicate, probability: 0.3 },
    { ...reorder, probability: 0.3 },
    { service: 'lambda', kind: 'lostAnswer', probability: 0.2 },
    { service: 'lambda', kind: 'throttle', probability: 0.1 },
  );
  const stream = new MemoryStream(bench.clock);
  const items = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const inner = new CallbackInvoker((records) => {
    for (const record of records) {
      const item = items[(record - 1) % items.length]!;
      seen.set(item, [...(seen.get(item) ?? []), record]);
    }
  });
  const running = new StreamMapping({
    mapping,
    stream,
    invoker: {
      invoke: (name, payload, cause) =>
        bench.faults.invoke(name, payload, cause, (given) => inner.invoke(name, given)),
    },
    deliverFailure: async () => undefined,
    clock: bench.clock,
    inFlight: bench.inFlight,
    journal: new MemoryJournal(),
  });
  running.start();
  for (let round = 0; round < 30; round++) for (const item of items) stream.append(item);

  let settled = false;
  void bench.inFlight.settled().then(() => (settled = true));
  while (!settled) {
    await bench.clock.advance(1_000);
    await turn();
  }
  running.stop();

  const [twice] = bench.faults.strikes();
  expect(twice!.struck).toBeGreaterThan(3);
  for (const [index, item] of items.entries()) {
    const numbers = seen.get(item)!;
    const own = Array.from({ length: 30 }, (_none, round) => round * items.length + index + 1);
    const firstTimes = numbers.filter((number, at) => numbers.indexOf(number) === at);
    expect(firstTimes).toEqual(own);
    expect(numbers.length).toBeGreaterThanOrEqual(own.length);
  }
});

describe('what a rule hands to a target', () => {
  const handed: string[] = [];
  const note = (name: string) => async (_arn: string, what: unknown) => {
    handed.push(`${name} ${String(what)}`);
  };
  const plain: TargetOutlets = {
    sendMessage: note('sendMessage'),
    publish: note('publish'),
    invokeAsync: note('invokeAsync'),
    startExecution: note('startExecution'),
  } as TargetOutlets;
  const through = (...faults: object[]) =>
    start(...faults.map((fault) => ({ service: 'targets', probability: 1, ...fault }))).faults.outlets(plain);
  beforeEach(() => handed.splice(0));

  it('arrives twice', async () => {
    const outlets = through({ kind: 'duplicate' });

    await outlets.sendMessage(QUEUE, 'a');
    await outlets.publish('arn:topic', 'b');

    expect(handed).toEqual(['sendMessage a', 'sendMessage a', 'publish b', 'publish b']);
  });

  it('arrives after what follows it', async () => {
    const outlets = through({ kind: 'reorder', ms: HOUR, most: 1 });

    const first = outlets.sendMessage(QUEUE, 'a');
    await outlets.sendMessage(QUEUE, 'b');
    await first;

    expect(handed).toEqual(['sendMessage b', 'sendMessage a']);
  });

  it('may have arrived though the bus was told that it did not, so that it tries again', async () => {
    const outlets = through({ kind: 'lostAnswer', most: 1 });

    await expect(outlets.sendMessage(QUEUE, 'a')).rejects.toMatchObject({ status: 500 });

    expect(handed).toEqual(['sendMessage a']);
  });

  it.each([
    ['throttle', 'ThrottlingException'],
    ['error', 'InternalError'],
  ])('is refused: %s', async (kind, code) => {
    const outlets = through({ kind, operation: 'StartExecution' });

    const refused = Promise.resolve(outlets.startExecution('arn:machine', 'name', '{}'));
    await expect(refused).rejects.toThrow(AwsError);
    await expect(refused).rejects.toMatchObject({ code });
    await outlets.sendMessage(QUEUE, 'a');

    expect(handed).toEqual(['sendMessage a']);
  });

  it('may be meant by the function that is the target', async () => {
    const outlets = through({ kind: 'duplicate', function: 'sales' });
    const cause = { kind: 'rule', name: 'r' };

    await outlets.invokeAsync('arn:aws:lambda:eu-central-1:000000000000:function:shop-sales', 'a', cause);
    await outlets.invokeAsync('arn:aws:lambda:eu-central-1:000000000000:function:shop-api', 'b', cause);

    expect(handed).toEqual(['invokeAsync a', 'invokeAsync a', 'invokeAsync b']);
  });

  it('goes through the same outlets as before where no fault means it', () => {
    start({ service: 'events', kind: 'throttle', probability: 1 });

    expect(bench.faults.outlets(plain)).toBe(plain);
  });
});
