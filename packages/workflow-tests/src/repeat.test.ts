import { CHUNK_SKUS, type StageName } from '@orderstream/domain';
import { describeOnTables } from '@orderstream/test-engine';
import { violations } from './laws.ts';
import { Shop } from './shop.ts';
import { compensate, runWorkflow } from './workflow.ts';

/** Each stage with the status it leaves, and an order for it: its SKUs, of which 98 make a chunk, and its calls. */
const STAGES = [
  { stage: 'ValidateOrder', status: 'VALIDATED', skus: 2, calls: 2 },
  { stage: 'ProcessPayment', status: 'PAID', skus: 2, calls: 3 },
  { stage: 'UpdateInventory', status: 'ALLOCATED', skus: 99, calls: 3 },
  { stage: 'ShipOrder', status: 'SHIPPED', skus: 99, calls: 4 },
] as const;

/** The same for an order whose shipping ended with the carrier's answer, or within its goods where there are more. */
const COMPENSATION = [
  { stage: 'BeginClosing', status: 'ALLOCATED', skus: 2, calls: 1 },
  { stage: 'ReleaseInventory', status: 'ALLOCATED', skus: 99, calls: 4 },
  { stage: 'VoidShipment', status: 'ALLOCATED', skus: 2, calls: 2 },
  { stage: 'RefundPayment', status: 'ALLOCATED', skus: 2, calls: 2 },
  { stage: 'CloseOrder', status: 'FAILED', skus: 2, calls: 1 },
] as const;

const FAILURE = { Error: 'Crash', Cause: JSON.stringify({ errorType: 'Crash', errorMessage: 'It ended.' }) };
const WHEN = ['before', 'after'] as const;

/** Every point at which the process of a stage can end: before and after each of its calls. */
function points<Stage extends { readonly stage: StageName; readonly calls: number }>(
  stages: readonly Stage[],
) {
  return stages.flatMap((each, index) => {
    const previous = stages.slice(0, index).map(({ stage }) => stage);
    const calls = Array.from({ length: each.calls }, (_, before) => before + 1);
    return calls.flatMap((call) => WHEN.map((when) => ({ ...each, when, call, previous })));
  });
}

describeOnTables('a stage that runs again', () => {
  const shop = new Shop();
  afterAll(() => shop.close());

  /** An order of so many SKUs, after some stages. */
  async function orderAfter(skus: number, stages: readonly StageName[]): Promise<string> {
    const orderId = await shop.place({}, { skus });
    for (const stage of stages) await shop.invoke(stage, orderId);
    return orderId;
  }

  /** An order whose shipping ended with its last goods not gone, after some stages of its compensation. */
  async function halfShipped(skus: number, compensation: readonly StageName[]): Promise<string> {
    const orderId = await orderAfter(skus, ['ValidateOrder', 'ProcessPayment', 'UpdateInventory']);
    const chunks = Math.ceil(skus / CHUNK_SKUS);
    const crashed = shop.calls.crashing(chunks + 2, 'before', () => shop.invoke('ShipOrder', orderId));
    await expect(crashed).rejects.toThrow('The process ended');
    for (const stage of compensation) await shop.invoke(stage, orderId, FAILURE);
    return orderId;
  }

  it.each([
    ['ValidateOrder', 2],
    ['ProcessPayment', 3],
    ['UpdateInventory', 2],
    ['ShipOrder', 3],
  ] as const)('%s makes %i calls for a usual order', async (stage, calls) => {
    const previous = STAGES.slice(
      0,
      STAGES.findIndex((each) => each.stage === stage),
    );
    const orderId = await orderAfter(
      CHUNK_SKUS,
      previous.map((each) => each.stage),
    );

    expect(await shop.calls.count(() => shop.invoke(stage, orderId))).toBe(calls);
  });

  it.each(points(STAGES))(
    '$stage, ended $when its call $call, is done once',
    async ({ stage, status, skus, when, call, previous }) => {
      const orderId = await orderAfter(skus, previous);
      const crashed = shop.calls.crashing(call, when, () => shop.invoke(stage, orderId));
      await expect(crashed).rejects.toThrow(`${when} call ${call}`);

      const again = await shop.invoke(stage, orderId);
      const found = await shop.look(orderId);
      const andAgain = await shop.invoke(stage, orderId);

      expect([again, andAgain]).toEqual([
        { orderId, status },
        { orderId, status },
      ]);
      expect(await shop.look(orderId)).toEqual(found);
      expect(violations(found, false)).toEqual([]);
      await runWorkflow(shop.invoke, orderId);
      const ended = await shop.look(orderId);
      expect(ended.order.status).toBe('SHIPPED');
      expect(violations(ended)).toEqual([]);
    },
  );

  it.each(points(STAGES))(
    '$stage, ended $when its call $call for good, is undone',
    async ({ stage, skus, when, call, previous }) => {
      const orderId = await orderAfter(skus, previous);
      const crashed = shop.calls.crashing(call, when, () => shop.invoke(stage, orderId));
      const crash: unknown = await crashed.catch((error: unknown) => error);

      await compensate(shop.invoke, orderId, crash);

      const ended = await shop.look(orderId);
      const shipped = stage === 'ShipOrder' && when === 'after' && call === 4;
      expect(ended.order.status).toBe(shipped ? 'SHIPPED' : 'FAILED');
      expect(violations(ended)).toEqual([]);
    },
  );

  it.each(points(COMPENSATION))(
    '$stage, ended $when its call $call, is done once',
    async ({ stage, status, skus, when, call, previous }) => {
      const orderId = await halfShipped(skus, previous);
      const crashed = shop.calls.crashing(call, when, () => shop.invoke(stage, orderId, FAILURE));
      await expect(crashed).rejects.toThrow(`${when} call ${call}`);

      const again = await shop.invoke(stage, orderId, FAILURE);
      const found = await shop.look(orderId);
      const andAgain = await shop.invoke(stage, orderId, FAILURE).catch((error: Error) => error.name);

      expect(again).toEqual({ orderId, status });
      expect(andAgain).toEqual({ orderId, status });
      expect(await shop.look(orderId)).toEqual(found);
      expect(violations(found, stage === 'CloseOrder')).toEqual([]);
      await compensate(shop.invoke, orderId, new Error('It ended.'));
      const ended = await shop.look(orderId);
      expect(ended.order.status).toBe('FAILED');
      expect(violations(ended)).toEqual([]);
    },
  );

  it('never moves an order that is being closed', async () => {
    const orderId = await orderAfter(2, ['ValidateOrder', 'ProcessPayment']);
    await shop.invoke('BeginClosing', orderId, FAILURE);

    for (const { stage } of STAGES) {
      await expect(shop.invoke(stage, orderId)).rejects.toMatchObject({ name: 'ClosingUnfinished' });
    }
  });

  it('takes nothing back from an order that nobody closes', async () => {
    const orderId = await orderAfter(2, ['ValidateOrder', 'ProcessPayment', 'UpdateInventory']);

    for (const stage of ['ReleaseInventory', 'VoidShipment', 'RefundPayment', 'CloseOrder'] as const) {
      await expect(shop.invoke(stage, orderId)).rejects.toMatchObject({ name: 'InvalidStageInput' });
    }
    await runWorkflow(shop.invoke, orderId);
    expect(violations(await shop.look(orderId))).toEqual([]);
  });

  it('takes nothing back from an order that was shipped', async () => {
    const orderId = await orderAfter(
      2,
      STAGES.map(({ stage }) => stage),
    );

    for (const { stage } of COMPENSATION) {
      await expect(shop.invoke(stage, orderId, FAILURE)).rejects.toMatchObject({ name: 'AlreadyClosed' });
    }
    expect(violations(await shop.look(orderId))).toEqual([]);
  });

  it('says that there is no such order', async () => {
    for (const { stage } of [...STAGES, ...COMPENSATION]) {
      await expect(shop.invoke(stage, 'nobody', FAILURE)).rejects.toMatchObject({ name: 'OrderNotFound' });
    }
  });

  it('refuses an order that has not come so far', async () => {
    const orderId = await orderAfter(2, []);

    for (const { stage } of STAGES.slice(1)) {
      await expect(shop.invoke(stage, orderId)).rejects.toMatchObject({ name: 'InvalidStageInput' });
    }
  });
});
