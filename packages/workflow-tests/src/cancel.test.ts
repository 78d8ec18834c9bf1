import { describeOnTables } from '@orderstream/test-engine';
import { Interleaving } from './interleaving.ts';
import { violations } from './laws.ts';
import { Shop } from './shop.ts';
import { runWorkflow } from './workflow.ts';

/** Calls of a usual order's workflow: 2 + 3 + 2 + 3. */
const CALLS = 10;
/** Those after which a charge is made, goods are taken, and it is too late to cancel. */
const INTENT_TO_CHARGE = 3;
const ALLOCATION = 7;
const INTENT_TO_SHIP = 8;
const SEEDS = 150;

type Answer = Awaited<ReturnType<Shop['cancel']>>;

describeOnTables('a wish to cancel', () => {
  const shop = new Shop();
  afterAll(() => shop.close());

  it.each(Array.from({ length: CALLS + 1 }, (_, before) => before + 1))(
    'before call %i of the workflow is either heard or too late',
    async (call) => {
      const orderId = await shop.place();
      let answer: Answer | undefined;

      await shop.calls.inserting(
        call,
        async () => (answer = await shop.cancel(orderId)),
        () => runWorkflow(shop.invoke, orderId),
      );

      const ended = await shop.look(orderId);
      const heard = call <= INTENT_TO_SHIP;
      expect([answer, ended.order.status]).toEqual(
        heard ? ['requested', 'CANCELLED'] : ['too-late', 'SHIPPED'],
      );
      expect(ended.ledger.some(({ kind, id }) => kind === 'charge' && id !== undefined)).toBe(
        call > INTENT_TO_CHARGE,
      );
      expect(ended.markers.some(({ quantities }) => quantities.length > 0)).toBe(call > ALLOCATION);
      expect(violations(ended)).toEqual([]);
    },
  );

  it('is heard from the customer alone, and once', async () => {
    const orderId = await shop.place();

    expect(await shop.cancel(orderId, 'somebody-else')).toBe('not-found');
    expect(await shop.cancel('nobody')).toBe('not-found');
    expect((await shop.look(orderId)).order.cancelRequestedAt).toBeUndefined();
    expect(await shop.cancel(orderId)).toBe('requested');
    const { order } = await shop.look(orderId);
    expect(await shop.cancel(orderId)).toBe('requested');
    expect((await shop.look(orderId)).order).toEqual(order);
  });

  it('wins or loses against two executions whose processes end at will, however they meet', async () => {
    const found: unknown[] = [];
    const ends = new Set<string>();
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const orderId = await shop.place({}, seed % 5 === 0 ? { ofLast: 0 } : {});
      const meeting = new Interleaving(seed, seed % 3 === 0 ? 0 : 0.2);
      let answer: Answer | undefined;
      const customer = async () => (answer = await shop.cancel(orderId).catch(() => undefined));
      const execution = () => runWorkflow(shop.invoke, orderId);

      await shop.calls.during(meeting.interceptor, () => meeting.run([execution, execution, customer]));

      const ended = await shop.look(orderId);
      const { status } = ended.order;
      ends.add(status);
      const broken = (status === 'CANCELLED') !== (ended.order.cancelRequestedAt !== undefined);
      const promised = answer === undefined || (answer === 'requested') === (status === 'CANCELLED');
      if (broken || !promised) found.push({ seed, answer, status });
      found.push(...violations(ended).map((violation) => ({ seed, violation })));
    }

    expect(found).toEqual([]);
    expect(ends).toEqual(new Set(['SHIPPED', 'REJECTED', 'CANCELLED', 'FAILED']));
  }, 120_000);
});
