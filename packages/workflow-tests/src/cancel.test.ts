import { COMPENSATION } from '@orderstream/domain';
import { describeOnTables } from './engine.ts';
import { Interleaving } from './interleaving.ts';
import { violations } from './laws.ts';
import { Shop } from './shop.ts';
import { compensate, runWorkflow } from './workflow.ts';

/** Calls of a usual order's workflow: 2 + 3 + 2 + 3. */
const CALLS = 10;
const SEEDS = 150;

describeOnTables('a wish to cancel', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open();
  });
  afterAll(() => shop.close());

  /** The end that the answer to the wish promises. */
  const PROMISES = { requested: 'CANCELLED', 'too-late': 'SHIPPED', 'not-found': undefined };

  it.each(Array.from({ length: CALLS + 1 }, (_, before) => before + 1))(
    'before call %i of the workflow is either heard or too late',
    async (call) => {
      const orderId = await shop.place();
      let answer: keyof typeof PROMISES = 'not-found';

      await shop.calls.inserting(
        call,
        async () => (answer = await shop.cancel(orderId)),
        () => runWorkflow(shop.invoke, orderId),
      );

      const ended = await shop.look(orderId);
      expect(answer).toBe(call <= 8 ? 'requested' : 'too-late');
      expect(ended.order.status).toBe(PROMISES[answer]);
      expect(violations(ended)).toEqual([]);
    },
  );

  it.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
    'wins or loses against two executions whose processes end at will (seed %i)',
    async (seed) => {
      const orderId = await shop.place({}, seed % 5 === 0 ? { ofLast: 0 } : {});
      const interleaving = new Interleaving(seed, seed % 3 === 0 ? 0 : 0.15);
      let answer: keyof typeof PROMISES | undefined;
      const cancel = async () => {
        for (let skip = seed % 12; skip > 0; skip -= 1) await interleaving.pass();
        answer = await shop.cancel(orderId).catch(() => undefined);
      };

      await shop.calls.during(interleaving.interceptor, () =>
        interleaving.run([
          () => runWorkflow(shop.invoke, orderId),
          () => runWorkflow(shop.invoke, orderId),
          cancel,
        ]),
      );

      const ended = await shop.look(orderId);
      expect(violations(ended)).toEqual([]);
      if (answer === 'requested') expect(ended.order.status).toBe('CANCELLED');
      if (answer === 'too-late') expect(ended.order.status).not.toBe('CANCELLED');
    },
  );
});
