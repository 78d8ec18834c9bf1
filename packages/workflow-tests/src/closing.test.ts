import { describeOnTables } from '@orderstream/test-engine';
import { violations } from './laws.ts';
import { Shop } from './shop.ts';
import { compensate, runWorkflow } from './workflow.ts';

/** Calls of a usual order's workflow: 2 + 3 + 2 + 3; one more stands for its end. */
const POINTS = Array.from({ length: 11 }, (_, before) => before + 1);

const COMPENSATION_STAGES = [
  'BeginClosing',
  'ReleaseInventory',
  'VoidShipment',
  'RefundPayment',
  'CloseOrder',
] as const;

const failure = (name: string) => ({
  Error: name,
  Cause: JSON.stringify({ errorMessage: `It was ${name}.` }),
});

describeOnTables('closing', () => {
  const shop = new Shop();
  afterAll(() => shop.close());

  it.each(POINTS)('begun by another execution before call %i is finished by the workflow', async (call) => {
    const orderId = await shop.place();
    const begin = () => shop.invoke('BeginClosing', orderId, failure('Crash')).catch(() => undefined);

    await shop.calls.inserting(call, begin, () => runWorkflow(shop.invoke, orderId));

    const ended = await shop.look(orderId);
    expect(ended.order.status).toBe(call <= 10 ? 'FAILED' : 'SHIPPED');
    expect(violations(ended)).toEqual([]);
  });

  it.each(COMPENSATION_STAGES.map((_, done) => done))(
    'that stopped after %i of its stages is finished by a new execution, for the first cause',
    async (done) => {
      const orderId = await shop.place();
      for (const stage of ['ValidateOrder', 'ProcessPayment', 'UpdateInventory'] as const)
        await shop.invoke(stage, orderId);
      await shop.invoke('BeginClosing', orderId, failure('UndeliverableAddress'));
      for (const stage of COMPENSATION_STAGES.slice(1, done + 1)) await shop.invoke(stage, orderId);

      await runWorkflow(shop.invoke, orderId);

      const ended = await shop.look(orderId);
      expect(ended.order).toMatchObject({ status: 'REJECTED', closing: { cause: 'UndeliverableAddress' } });
      expect(violations(ended)).toEqual([]);
    },
  );

  it.each(POINTS)('done by another execution before call %i leaves nothing to the workflow', async (call) => {
    const orderId = await shop.place();
    const close = () => compensate(shop.invoke, orderId, new Error('It ended.'));

    await shop.calls.inserting(call, close, () => runWorkflow(shop.invoke, orderId));

    const ended = await shop.look(orderId);
    expect(ended.order.status).toBe(call <= 10 ? 'FAILED' : 'SHIPPED');
    expect(violations(ended)).toEqual([]);
  });

  it.each([
    ['OutOfStock', 'REJECTED'],
    ['PaymentDeclined', 'REJECTED'],
    ['CancellationRequested', 'CANCELLED'],
    ['States.Timeout', 'FAILED'],
    ['Lambda.Unknown', 'FAILED'],
  ])('for %s ends as %s, whatever else goes wrong later', async (cause, status) => {
    const orderId = await shop.place();

    await shop.invoke('BeginClosing', orderId, failure(cause));
    await shop.invoke('BeginClosing', orderId, failure('Another'));
    await shop.invoke('CloseOrder', orderId);

    const { order } = await shop.look(orderId);
    expect(order).toMatchObject({ status, closing: { as: status, cause } });
  });

  it('for any reason ends as CANCELLED once the customer was told so', async () => {
    const orderId = await shop.place();
    await shop.cancel(orderId);

    await shop.invoke('BeginClosing', orderId, failure('OutOfStock'));
    await shop.invoke('CloseOrder', orderId);

    expect((await shop.look(orderId)).order.status).toBe('CANCELLED');
  });

  it('tells the message of a function, and the plain cause of the state machine', async () => {
    const [one, other] = [await shop.place(), await shop.place()];

    await shop.invoke('BeginClosing', one, failure('OutOfStock'));
    await shop.invoke('BeginClosing', other, { Error: 'States.Timeout', Cause: 'It took too long.' });

    expect((await shop.look(one)).order.closing?.message).toBe('It was OutOfStock.');
    expect((await shop.look(other)).order.closing?.message).toBe('It took too long.');
  });
});
