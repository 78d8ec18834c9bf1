import { InFlight } from '../in-flight.ts';
import { MovableClock } from '../clock.ts';
import { Mappings } from './mappings.ts';
import {
  CallbackInvoker,
  mappingOf,
  MemoryJournal,
  MemoryStream,
  STREAM_ARN,
  turns,
} from './mappings.fixture.ts';

function bench(...mappings: ReturnType<typeof mappingOf>[]) {
  const clock = new MovableClock();
  const stream = new MemoryStream(clock);
  const inFlight = new InFlight();
  const invoker = new CallbackInvoker(() => undefined);
  const made = new Mappings({
    mappings,
    streams: (arn) => (arn === STREAM_ARN ? stream : undefined),
    queues: () => undefined,
    invoker,
    deliverFailure: async () => undefined,
    clock,
    inFlight,
    journal: new MemoryJournal(),
  });
  return { mappings: made, stream, inFlight, invoker };
}

describe('the mappings of a stack', () => {
  it('each read the same stream', async () => {
    const { mappings, stream, inFlight, invoker } = bench(mappingOf({ id: 'one' }), mappingOf({ id: 'two' }));
    mappings.start();
    stream.append('a');
    await inFlight.settled();
    expect(invoker.batches).toEqual([[1], [1]]);
    expect(mappings.states().map(({ id, position }) => [id, position])).toEqual([
      ['one', 1],
      ['two', 1],
    ]);
    mappings.stop();
    stream.append('b');
    await turns(3);
    expect(invoker.batches).toHaveLength(2);
  });

  it('are paused and resumed by id', async () => {
    const { mappings, stream, inFlight, invoker } = bench(mappingOf({ id: 'one' }));
    mappings.start();
    mappings.pause('one');
    stream.append('a');
    await turns(3);
    expect(invoker.batches).toEqual([]);
    mappings.resume('one');
    await inFlight.settled();
    expect(invoker.batches).toEqual([[1]]);
    expect(() => mappings.pause('other')).toThrow('There is no mapping other; there are: one.');
  });

  it('need their source in the stack', () => {
    expect(() => bench(mappingOf({ id: 'one', sourceArn: 'arn:aws:kinesis:x' }))).toThrow(
      'Mapping one: the stack has no stream or queue arn:aws:kinesis:x.',
    );
    const { mappings } = bench(mappingOf({ id: 'one', sourceArn: 'arn:aws:sqs:x' }));
    expect(() => mappings.start()).toThrow('Mapping one: the stack has no stream or queue arn:aws:sqs:x.');
  });

  it('ask for their queue when they start, not before it is there', () => {
    const receive = jest.fn(() => []);
    const queue = {
      arn: 'arn:aws:sqs:x',
      visibilityTimeoutMs: 30_000,
      receive,
      delete: () => undefined,
      onMessage: () => () => undefined,
    };
    let started = false;
    const clock = new MovableClock();
    const mappings = new Mappings({
      mappings: [mappingOf({ sourceArn: queue.arn })],
      streams: () => undefined,
      queues: () => (started ? queue : undefined),
      invoker: new CallbackInvoker(() => undefined),
      deliverFailure: async () => undefined,
      clock,
      inFlight: new InFlight(),
      journal: new MemoryJournal(),
    });
    started = true;
    expect(() => mappings.start()).not.toThrow();
    mappings.stop();
  });
});
