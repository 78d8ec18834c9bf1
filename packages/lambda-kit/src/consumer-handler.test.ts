import type { DomainEvent } from '@orderstream/domain';
import type { SQSEvent } from 'aws-lambda';
import {
  consumerHandler,
  domainEvent,
  eachEvent,
  UnreadableEvent,
  type BusEvent,
} from './consumer-handler.ts';
import { logger, metrics } from './telemetry.ts';

function stockEvent(id: string, itemVersion: number): DomainEvent {
  return {
    eventId: `${id}-${itemVersion}/StockLow`,
    schemaVersion: 1,
    occurredAt: '2026-01-01T09:30:00.000Z',
    message: `Only 9 of ${id} are left.`,
    type: 'StockLow',
    subject: { kind: 'stock', id, itemVersion },
    stock: { available: 9 },
  };
}

function onBus(detail: unknown, id = 'bus-1'): BusEvent {
  return { id, source: 'orderstream.stock', 'detail-type': 'StockLow', detail };
}

/** A batch as SQS brings it; the n-th message has the id `m<n>`. */
function batch(...bodies: readonly unknown[]): SQSEvent {
  const texts = bodies.map((body) => (typeof body === 'string' ? body : JSON.stringify(body)));
  const Records = texts.map(
    (body, index) => ({ messageId: `m${index}`, body }) as SQSEvent['Records'][number],
  );
  return { Records };
}

let counted: Record<string, number>;
let logged: unknown[];
beforeEach(() => {
  counted = {};
  logged = [];
  for (const level of ['info', 'error'] as const)
    jest.spyOn(logger, level).mockImplementation((...[, told]) => void logged.push([level, told]));
  jest.spyOn(metrics, 'publishStoredMetrics').mockReturnValue(metrics);
  jest.spyOn(metrics, 'addMetric').mockImplementation((name, _unit, count) => {
    counted[name] = count;
    return metrics;
  });
});
afterEach(() => jest.restoreAllMocks());

/** A consumer that fails for the subjects that are given, and remembers what it handled. */
function consumer(...failing: readonly string[]) {
  const handled: DomainEvent[] = [];
  const handle = eachEvent<DomainEvent>(async (event) => {
    if (failing.includes(event.subject.id)) throw new Error('the index is down');
    handled.push(event);
  });
  return { handled, handler: consumerHandler({ handle }) };
}

describe('events that come in a batch', () => {
  it('are handled; only the failed one is reported', async () => {
    const { handled, handler } = consumer('MUG');

    const answer = await handler(batch(...['TEA', 'MUG', 'PEN'].map((sku) => onBus(stockEvent(sku, 1)))));

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(handled.map(({ subject }) => subject.id).toSorted()).toEqual(['PEN', 'TEA']);
  });

  it.each<[string, unknown]>([
    ['of a version that is not known', onBus({ ...stockEvent('MUG', 1), schemaVersion: 2 })],
    ['without what it is about', onBus({ ...stockEvent('MUG', 1), subject: undefined })],
    ['of a type that is not known', onBus({ ...stockEvent('MUG', 1), type: 'StockStolen' })],
    ['that are nothing at all', onBus(null)],
    ['that are no JSON', '{"id":'],
    ['that are another kind of JSON', '7'],
  ])('%s are reported alone, and their neighbours handled', async (_, broken) => {
    const { handled, handler } = consumer();

    const answer = await handler(batch(onBus(stockEvent('TEA', 1)), broken, onBus(stockEvent('PEN', 1))));

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(handled).toHaveLength(2);
  });

  it('are told of in the log by their orders: in one line those that are handled, each other in its own', async () => {
    const ofOrder = (id: string) => ({ subject: { kind: 'order', id, itemVersion: 1 } });
    const handler = consumerHandler<ReturnType<typeof ofOrder>>({
      read: ({ id }) => ofOrder(id),
      handle: async (events) =>
        new Map(
          events.filter(({ subject }) => subject.id === 'o-2').map((event) => [event, new Error('down')]),
        ),
    });

    await handler(batch(...['o-1', 'o-2', 'o-3'].map((id) => onBus({}, id))));

    expect(logged).toEqual([
      ['error', expect.objectContaining({ orderId: 'o-2' })],
      ['info', { orderIds: ['o-1', 'o-3'] }],
    ]);
    expect(counted).toEqual({ EventsHandled: 2, EventsFailed: 1 });
  });

  it('twice in one batch are handled twice: each consumer knows what it did', async () => {
    const { handled, handler } = consumer();

    await handler(batch(onBus(stockEvent('TEA', 1)), onBus(stockEvent('TEA', 1))));

    expect(handled).toHaveLength(2);
  });

  it('of one subject are handled oldest first, whatever their order', async () => {
    const { handled, handler } = consumer();

    await handler(batch(...[3, 1, 2].map((version) => onBus(stockEvent('TEA', version)))));

    expect(handled.map(({ subject }) => subject.itemVersion)).toEqual([1, 2, 3]);
  });
});

describe('an event that comes straight from the rule', () => {
  it('is handled', async () => {
    const { handled, handler } = consumer();

    await handler(onBus(stockEvent('TEA', 1)));

    expect(handled).toHaveLength(1);
  });

  it('is thrown back when it fails, so that Lambda brings it again', async () => {
    const { handler } = consumer('MUG');

    await expect(handler(onBus(stockEvent('MUG', 1)))).rejects.toThrow('the index is down');
  });

  it('is thrown back when nobody can read it', async () => {
    await expect(consumer().handler(onBus({}))).rejects.toThrow(UnreadableEvent);
  });
});

it('an error that a consumer throws leaves it without the item that AWS put into it', async () => {
  const Item = { email: { S: 'ada@example.com' } };
  const handle = async () => Promise.reject(Object.assign(new Error('It failed.'), { Item }));
  const handler = consumerHandler({ handle });

  for (const payload of [onBus(stockEvent('A', 1)), batch(onBus(stockEvent('A', 1)))]) {
    const error: unknown = await handler(payload).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: 'It failed.' });
    expect(error).not.toHaveProperty('Item');
  }
});

it('fields that are not known are left out, not refused', () => {
  expect(domainEvent(onBus({ ...stockEvent('TEA', 1), colour: 'red' }))).toEqual(stockEvent('TEA', 1));
});

it('an unreadable event is told with its id, what is wrong and what to do', () => {
  const typeless = { ...stockEvent('TEA', 1), type: undefined };

  expect(() => domainEvent(onBus(typeless))).toThrow(/^Event bus-1 cannot be read: type: .+ docs\/events.md/);
});

it('an operator’s request is answered by the consumer that takes some, and refused by others', async () => {
  const handle = eachEvent<DomainEvent>(() => Promise.resolve());
  const asked = { rebuild: 'begin' } as unknown as BusEvent;

  const answer = consumerHandler({ handle, answer: async (request) => ({ request }) })(asked);

  await expect(answer).resolves.toEqual({ request: asked });
  await expect(consumerHandler({ handle })(asked)).rejects.toThrow('neither an event nor a batch');
});

it('tells in its metrics how many were handled and failed', async () => {
  await consumer('MUG').handler(batch(...['TEA', 'MUG'].map((sku) => onBus(stockEvent(sku, 1)))));

  expect(counted).toEqual({ EventsHandled: 1, EventsFailed: 1 });
});
