import type { FaultPlan } from '@orderstream/local-cloud';
import { readForCheck } from './check/read.ts';
import { disableRules } from './event-rules.ts';
import { enableMappings } from './event-source-mappings.ts';
import { openFunction, type AskedFunction } from './invoke.ts';
import { openShop, type TestShop } from './testing/shop.ts';

jest.setTimeout(120_000);

const HOUR = 60 * 60 * 1000;
const TWO_HOURS = 2 * HOUR;
/** Longer than a stream keeps a change. */
const OVER_A_DAY = 25 * HOUR;

/** The first order that is refunded meets a table that refuses it, which no retry helps against. */
const FAULTS: FaultPlan = {
  seed: 1,
  faults: [
    {
      ...{ service: 'dynamodb', operation: 'GetItem', function: 'process-payment', kind: 'error' },
      ...{ code: 'ValidationException', status: 400, probability: 1, most: 1 },
    },
  ],
};

describe('an order that stands still', () => {
  let shop: TestShop;
  let sweep: AskedFunction;
  beforeAll(async () => {
    shop = await openShop({ faults: FAULTS });
    await shop.receive('goods', { MUG: 100, BOWL: 3 });
    sweep = await openFunction(shop.session, nameOf('sweep-orders'));
  });
  afterAll(async () => {
    sweep.close();
    await shop.close();
  });

  it('because its compensation failed goes on in the task that failed', async () => {
    const lines = [{ sku: 'BOWL', quantity: 4, unitPrice: '1' }];
    const orderId = await shop.place({ lines });
    expect(await shop.settled(orderId)).toMatchObject({ status: 'PAID', closing: { as: 'REJECTED' } });
    expect(executions()).toMatchObject([{ name: orderId, status: 'FAILED', redrives: 0 }]);

    await passTwoHours();

    expect(await shop.settled(orderId)).toMatchObject({ status: 'REJECTED' });
    expect(executions()).toMatchObject([{ name: orderId, status: 'SUCCEEDED', redrives: 1 }]);
    expect(await charges(orderId)).toMatchObject([{ state: 'sealed', amount: '4.00', refunded: '4.00' }]);
  });

  it('because dispatching is paused is not started before that goes on', async () => {
    await dispatching(false);
    const orderId = await shop.place();

    await passTwoHours();

    expect(await shop.settled(orderId)).toMatchObject({ status: 'PLACED' });
    expect(await sweep.ask({})).toMatchObject({ looked: 1, hold: 1, start: 0 });
    await dispatching(true);
    expect(await shop.settled(orderId)).toMatchObject({ status: 'SHIPPED' });
  });

  it('because its change was lost is started, under the name that the dispatcher would use', async () => {
    await dispatching(false);
    const orderId = await shop.place();
    // Readers that are not paused read it in time.
    await passTwoHours();
    await shop.cloud.clock.advance(OVER_A_DAY);
    await dispatching(true);
    expect(await shop.settled(orderId)).toMatchObject({ status: 'PLACED' });

    await passTwoHours();

    expect(await shop.settled(orderId)).toMatchObject({ status: 'SHIPPED' });
    expect(executions(orderId)).toMatchObject([{ name: orderId, status: 'SUCCEEDED' }]);
    expect(await charges(orderId)).toMatchObject([{ state: 'charged' }]);
  });

  it('because the name of its execution was taken is started under the next one', async () => {
    await takeName('taken');
    const orderId = await shop.place({ orderId: 'taken' });
    expect(await shop.settled(orderId)).toMatchObject({ status: 'PLACED' });

    await passTwoHours();

    expect(await shop.settled(orderId)).toMatchObject({ status: 'SHIPPED', restarts: 1 });
    expect(executions(orderId).map(({ name }) => name)).toEqual(['taken', 'taken.r1']);
    const events = await shop.session.cloud.journal('events', {
      path: '$.detail.subject.id',
      value: orderId,
    });
    expect(events.filter(({ detailType }) => detailType === 'OrderPlaced')).toHaveLength(1);
    expect(await charges(orderId)).toMatchObject([{ state: 'charged' }]);
  });

  it('is looked after by two sweeps at once as by one, and once it has ended by none', async () => {
    await takeName('twice');
    const orderId = await shop.place({ orderId: 'twice' });
    await shop.cloud.settled();
    await disableRules(shop.session, (name) => name === nameOf('sweep-orders'));
    await passTwoHours();

    const both = await Promise.all([sweep.ask({}), sweep.ask({})]);

    expect(await shop.settled(orderId)).toMatchObject({ status: 'SHIPPED', restarts: 1 });
    expect(both).toMatchObject([{ reported: 0 }, { reported: 0 }]);
    const before = JSON.stringify([executions(), await readForCheck(shop.session)]);
    await passTwoHours();
    expect(await sweep.ask({})).toEqual({
      ...{ looked: 0, redrive: 0, start: 0, restart: 0, hold: 0, reported: 0, later: 0 },
    });
    expect(JSON.stringify([executions(), await readForCheck(shop.session)])).toBe(before);
    expect(await charges(orderId)).toHaveLength(1);
    expect(await shop.violations()).toEqual([]);
  });

  function nameOf(app: string): string {
    return shop.session.tables.orders.replace(/orders$/, app);
  }

  /** A sweep by the schedule, and what it began. */
  async function passTwoHours(): Promise<void> {
    await shop.cloud.clock.advance(TWO_HOURS);
    await shop.cloud.settled();
  }

  async function dispatching(enabled: boolean): Promise<void> {
    await enableMappings(shop.session, enabled, (name) => name === nameOf('stream-dispatcher'));
  }

  /** Executions by their start: all, or those of an order. */
  function executions(orderId = '') {
    return shop.cloud.journal.rows('executions', 'WHERE name LIKE ? ORDER BY startedAt', `${orderId}%`);
  }

  async function charges(orderId: string) {
    const { ledger } = await readForCheck(shop.session);
    return ledger.rows.filter((entry) => entry.kind === 'charge' && entry.orderId === orderId);
  }

  /** Lets an execution of this name end that is of another order. */
  async function takeName(name: string): Promise<void> {
    const stateMachineArn = shop.session.status.outputs['workflow_arn'];
    const input = JSON.stringify({ orderId: 'order-1' });
    const answer = await fetch(shop.cloud.endpointUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'AWSStepFunctions.StartExecution',
      },
      body: JSON.stringify({ stateMachineArn, name, input }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    await shop.cloud.settled();
  }
});
