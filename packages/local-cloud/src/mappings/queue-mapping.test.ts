import { MovableClock } from '../clock.ts';
import type { Invoker } from '../functions/invoker.ts';
import { InFlight } from '../in-flight.ts';
import type { Mapping } from '../stack/model.ts';
import { QueueMapping } from './queue-mapping.ts';
import type { QueueMessage, QueueSource } from './queue-source.ts';
import { mappingOf, MemoryJournal, THROTTLED, turns } from './mappings.fixture.ts';

const QUEUE_ARN = 'arn:aws:sqs:eu-central-1:000000000000:mails';

/** A queue in memory; what is not deleted comes back when `expire` is called. */
class MemoryQueue implements QueueSource {
  readonly arn = QUEUE_ARN;
  visibilityTimeoutMs = 30_000;
  visible: QueueMessage[] = [];
  readonly hidden = new Map<string, QueueMessage>();
  readonly deleted: string[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #inFlight: InFlight;
  readonly #leave = new Map<string, () => void>();

  constructor(inFlight: InFlight) {
    this.#inFlight = inFlight;
  }

  send(...bodies: string[]): void {
    for (const body of bodies) {
      const messageId = `m${this.visible.length + this.hidden.size + this.deleted.length + 1}`;
      this.visible.push({
        messageId,
        receiptHandle: `handle-${messageId}`,
        body,
        md5OfBody: 'md5',
        attributes: { ApproximateReceiveCount: '1' },
        messageAttributes: {},
      });
      this.#leave.set(`handle-${messageId}`, this.#inFlight.enter('message'));
    }
    this.#wake();
  }

  receive(max: number): QueueMessage[] {
    const received = this.visible.splice(0, max);
    for (const message of received) this.hidden.set(message.receiptHandle, message);
    return received;
  }

  delete(handles: readonly string[]): void {
    for (const handle of handles) {
      const message = this.hidden.get(handle);
      if (message) this.deleted.push(message.messageId);
      this.hidden.delete(handle);
      this.#leave.get(handle)?.();
    }
  }

  onMessage(listener: () => void): () => void {
    this.#listeners.add(listener);
    setImmediate(listener);
    return () => this.#listeners.delete(listener);
  }

  expire(): void {
    this.visible.push(...this.hidden.values());
    this.hidden.clear();
    this.#wake();
  }

  #wake(): void {
    for (const listener of this.#listeners) setImmediate(listener);
  }
}

interface SqsEvent {
  Records: { messageId: string; body: string }[];
}

const clocks: MovableClock[] = [];
afterEach(() => {
  for (const clock of clocks.splice(0)) clock.stop();
});

function bench(changed: Partial<Mapping>, answer: (ids: string[]) => unknown) {
  const clock = new MovableClock();
  clocks.push(clock);
  const inFlight = new InFlight();
  const queue = new MemoryQueue(inFlight);
  const journal = new MemoryJournal();
  const batches: string[][] = [];
  const events: SqsEvent[] = [];
  const invoker: Invoker = {
    async invoke(_name, payload) {
      const event = JSON.parse(payload) as SqsEvent;
      const ids = event.Records.map(({ messageId }) => messageId);
      const result: unknown = await answer(ids);
      events.push(event);
      batches.push(ids);
      const functionError = result === 'fail' ? ('Unhandled' as const) : undefined;
      return {
        requestId: `request-${batches.length}`,
        payload: JSON.stringify(result ?? null),
        functionError,
      };
    },
  };
  const mapping = new QueueMapping({
    mapping: mappingOf({ id: 'mails', sourceArn: QUEUE_ARN, batchSize: 10, ...changed }),
    queue: () => queue,
    invoker,
    clock,
    inFlight,
    journal,
  });
  mapping.start();
  return { clock, inFlight, queue, journal, batches, events, mapping };
}

/** A function that is throttled for ever; `tries` says when, in milliseconds from the start. */
function throttledBench(queue: Partial<MemoryQueue>, changed: Partial<Mapping> = {}) {
  const tries: number[] = [];
  const made = bench(changed, () => {
    tries.push(made.clock.now() - startedAt);
    return THROTTLED();
  });
  Object.assign(made.queue, queue);
  const startedAt = made.clock.now();
  return { ...made, tries };
}

async function secondsPass(clock: MovableClock, seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed++) {
    await turns(4);
    await clock.advance(1_000);
  }
}

describe('a queue mapping', () => {
  it('deletes what the function handled', async () => {
    const { queue, batches, journal } = bench({}, () => undefined);
    queue.send('a', 'b');
    await turns(4);
    expect(batches).toEqual([['m1', 'm2']]);
    expect(queue.deleted).toEqual(['m1', 'm2']);
    expect(journal.deliveries).toMatchObject([
      { mapping: 'mails', source: QUEUE_ARN, positions: '["m1","m2"]', passed: 2, outcome: 'ok' },
    ]);
  });

  it('hands over records in Lambda’s form', async () => {
    const { queue, events } = bench({}, () => undefined);
    queue.send('a');
    await turns(4);
    expect(events).toEqual([
      {
        Records: [
          {
            messageId: 'm1',
            receiptHandle: 'handle-m1',
            body: 'a',
            attributes: { ApproximateReceiveCount: '1' },
            messageAttributes: {},
            md5OfBody: 'md5',
            eventSource: 'aws:sqs',
            eventSourceARN: QUEUE_ARN,
            awsRegion: 'eu-central-1',
          },
        ],
      },
    ]);
  });

  it('keeps to the batch size', async () => {
    const { queue, batches } = bench({ batchSize: 2 }, () => undefined);
    queue.send('a', 'b', 'c');
    await turns(4);
    expect(batches).toEqual([['m1', 'm2'], ['m3']]);
  });

  it('leaves a batch that fails to come back', async () => {
    let calls = 0;
    const { queue, batches, journal } = bench({}, () => (++calls === 1 ? 'fail' : undefined));
    queue.send('a', 'b');
    await turns(4);
    expect(queue.deleted).toEqual([]);
    queue.expire();
    await turns(4);
    expect(batches).toEqual([
      ['m1', 'm2'],
      ['m1', 'm2'],
    ]);
    expect(journal.deliveries.map(({ outcome, passed }) => [outcome, passed])).toEqual([
      ['error', 0],
      ['ok', 2],
    ]);
  });

  it('leaves only what a partial answer lists', async () => {
    const answer = () => ({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
    const { queue } = bench({ reportBatchItemFailures: true }, answer);
    queue.send('a', 'b', 'c');
    await turns(4);
    expect(queue.deleted).toEqual(['m1', 'm3']);
  });

  it.each<[what: string, answer: unknown, deleted: string[]]>([
    ['nothing', undefined, ['m1', 'm2']],
    ['an empty text', '', ['m1', 'm2']],
    ['an empty object', {}, ['m1', 'm2']],
    ['no failures', { batchItemFailures: [] }, ['m1', 'm2']],
    ['null for failures', { batchItemFailures: null }, ['m1', 'm2']],
    [
      'one message twice',
      { batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm1' }] },
      ['m2'],
    ],
    ['another key', { batchItemFailures: [{ foo: 1 }] }, []],
    ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }, []],
    ['null for an identifier', { batchItemFailures: [{ itemIdentifier: null }] }, []],
    ['a message of another batch', { batchItemFailures: [{ itemIdentifier: 'm9' }] }, []],
    ['a text', 'done', []],
  ])('deletes what is not reported as failed: %s', async (_what, answer, deleted) => {
    const { queue } = bench({ reportBatchItemFailures: true }, () => answer);
    queue.send('a', 'b');
    await turns(4);
    expect(queue.deleted).toEqual(deleted);
  });

  it('ignores reports that the mapping does not ask for', async () => {
    const { queue } = bench({}, () => ({ batchItemFailures: [{ itemIdentifier: 'm1' }] }));
    queue.send('a');
    await turns(4);
    expect(queue.deleted).toEqual(['m1']);
  });

  it('deletes what its filters do not match, also what is no JSON', async () => {
    const { queue, batches } = bench({ filters: ['{"body":{"kind":["mail"]}}'] }, () => undefined);
    queue.send('{"kind":"mail"}', '{"kind":"sms"}', 'no json');
    await turns(4);
    expect(batches).toEqual([['m1']]);
    expect(queue.deleted.toSorted()).toEqual(['m1', 'm2', 'm3']);
  });

  it('waits for its window unless the batch is full', async () => {
    const { queue, batches, clock } = bench({ batchSize: 3, batchWindowSeconds: 5 }, () => undefined);
    queue.send('a', 'b');
    await turns(4);
    expect(batches).toEqual([]);
    await clock.advance(5_100);
    await turns(4);
    queue.send('c', 'd', 'e');
    await turns(4);
    expect(batches).toEqual([
      ['m1', 'm2'],
      ['m3', 'm4', 'm5'],
    ]);
  });

  it('does not wait for its window when somebody waits for all to settle', async () => {
    const { queue, batches, inFlight } = bench({ batchSize: 9, batchWindowSeconds: 300 }, () => undefined);
    queue.send('a', 'b');
    await turns(4);
    queue.send('c');
    await turns(4);
    expect(batches).toEqual([]);

    await inFlight.settled();

    expect(batches).toEqual([['m1', 'm2', 'm3']]);
  });

  it('keeps its window while somebody waits for work that may add to the batch', async () => {
    const { queue, batches, inFlight } = bench({ batchSize: 9, batchWindowSeconds: 300 }, () => undefined);
    queue.send('a');
    const leave = inFlight.enter('execution');
    const settled = inFlight.settled();
    await turns(4);
    queue.send('b');
    await turns(4);
    expect(batches).toEqual([]);

    queue.send('c');
    leave();
    await settled;

    expect(batches).toEqual([['m1', 'm2', 'm3']]);
  });

  it('keeps an event within 6 MB', async () => {
    const { queue, batches } = bench({ batchSize: 100, batchWindowSeconds: 1 }, () => undefined);
    queue.send(...Array.from({ length: 100 }, () => 'x'.repeat(100_000)));
    await turns(4);
    expect(batches.map((batch) => batch.length)).toEqual([62, 38]);
  });

  it('runs the parts of a batch that is too large at the same time', async () => {
    let running = 0;
    const { queue } = bench({ batchSize: 100, batchWindowSeconds: 1 }, () => {
      running++;
      return new Promise(() => undefined);
    });
    queue.send(...Array.from({ length: 100 }, () => 'x'.repeat(100_000)));
    await turns(4);
    expect(running).toBe(2);
  });

  it.each<[what: string, answer: (ids: string[]) => unknown, parts: number[], deleted: number]>([
    ['all of them', () => undefined, [6, 4], 10],
    ['not what follows a failure', () => 'fail', [6], 0],
    ['not what follows a reported one', () => ({ batchItemFailures: [{ itemIdentifier: 'm6' }] }), [6], 5],
  ])('hands the parts of a FIFO batch over in order: %s', async (_what, answer, parts, deleted) => {
    const release: (() => void)[] = [];
    const { queue, batches } = bench(
      { sourceArn: `${QUEUE_ARN}.fifo`, reportBatchItemFailures: true },
      async (ids) => {
        await new Promise<void>((resolve) => release.push(resolve));
        return answer(ids);
      },
    );
    queue.send(...Array.from({ length: 10 }, () => 'x'.repeat(1_000_000)));
    for (let part = 0; part < 2; part++) {
      await turns(4);
      expect(release.length).toBeLessThanOrEqual(1);
      release.pop()?.();
    }
    await turns(4);
    expect(batches.map((batch) => batch.length)).toEqual(parts);
    expect(queue.deleted).toHaveLength(deleted);
  });

  it('leaves the rest of a FIFO batch alone once it has come back by itself', async () => {
    const { queue, batches, clock } = bench({ sourceArn: `${QUEUE_ARN}.fifo` }, () => clock.sleep(31_000));
    queue.send(...Array.from({ length: 10 }, () => 'x'.repeat(1_000_000)));
    await secondsPass(clock, 70);
    expect(batches.map((batch) => batch.length)).toEqual([6]);
  });

  it('goes on with other messages when a delivery cannot be recorded', async () => {
    const { queue, batches, journal, mapping } = bench({ batchSize: 1 }, () => undefined);
    jest.spyOn(journal, 'append').mockImplementation(() => {
      throw new Error('The disk is full.');
    });
    queue.send('1', '2', '3', '4', '5', '6', '7');
    await turns(8);
    expect(batches).toHaveLength(7);
    expect(mapping.state().problem).toBe('Error: The disk is full.');
  });

  it('tries again while the function can’t run, until the messages come back by themselves', async () => {
    const { queue, clock, mapping, tries } = throttledBench({});
    queue.send('a');
    await secondsPass(clock, 40);
    expect(tries.at(-1)).toBeGreaterThan(20_000);
    expect(tries.at(-1)).toBeLessThan(30_000);
    expect([...queue.hidden.keys()]).toEqual(['handle-m1']);
    expect(mapping.state().problem).toContain('Rate Exceeded');
  });

  it.each([
    ['longer', 300_000, 180_000],
    ['shorter', 2_000, 1_000],
  ])('tries for as long as the queue hides messages: %s', async (_what, visibilityTimeoutMs, least) => {
    const { queue, clock, tries } = throttledBench({ visibilityTimeoutMs });
    queue.send('a');
    await secondsPass(clock, 400);
    expect(tries.at(-1)).toBeGreaterThan(least);
    expect(tries.at(-1)).toBeLessThan(visibilityTimeoutMs);
  });

  it('counts the time in its window as time that messages are hidden', async () => {
    const { queue, clock, tries } = throttledBench({}, { batchWindowSeconds: 20 });
    queue.send('a');
    await secondsPass(clock, 60);
    expect(tries.at(0)).toBeGreaterThanOrEqual(20_000);
    expect(tries.at(-1)).toBeLessThan(30_000);
  });

  it('has at most five batches under way', async () => {
    const { queue, batches } = bench({ batchSize: 1 }, () => new Promise(() => undefined));
    queue.send('1', '2', '3', '4', '5', '6', '7');
    await turns(4);
    expect([queue.hidden.size, queue.visible.length, batches]).toEqual([5, 2, []]);
  });

  it('receives nothing while it is paused', async () => {
    const { queue, batches, mapping } = bench({}, () => undefined);
    mapping.pause();
    queue.send('a');
    await turns(4);
    expect([batches, mapping.state().state]).toEqual([[], 'Disabled']);
    mapping.resume();
    await turns(4);
    expect(batches).toEqual([['m1']]);
  });
});
