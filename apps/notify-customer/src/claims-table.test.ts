import { describeOnTables } from '@orderstream/test-engine';
import { GetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Throttled } from '@orderstream/domain';
import { logger } from '@orderstream/lambda-kit';
import fc from 'fast-check';
import { ClaimsTable } from './claims-table.ts';
import type { MessageType } from './message-type.ts';
import type { MailReturn, OrderNotice } from './notice.ts';
import { MessageRefused } from './refusal.ts';
import { anOrder } from './testing/an-order.ts';
import { SummariesOnEngine } from './testing/summaries.ts';
import { Runs } from './testing/runs.ts';

jest.setTimeout(60_000);

describeOnTables('the claim on a message', () => {
  const engine = new SummariesOnEngine();
  let client: DynamoDBDocumentClient;
  let runs: Runs;
  let orderId = '';
  let orders = 0;

  beforeAll(async () => {
    logger.setLogLevel('SILENT');
    client = await engine.start();
  });
  beforeEach(() => {
    runs = new Runs(new ClaimsTable(client, 'summaries'));
    orderId = `order-${(orders += 1)}`;
  });
  afterAll(() => engine.stop());

  const notice = (type: MessageType, itemVersion: number): OrderNotice => ({
    kind: 'order',
    type,
    subject: { kind: 'order', id: orderId, itemVersion },
  });
  const mailOnly = () => anOrder({ orderId, smsUpdates: false });

  async function item(channel: 'mail' | 'sms' = 'mail'): Promise<Record<string, unknown>> {
    const Key = { metric: `notification#${orderId}`, bucket: channel };
    const { Item = {} } = await client.send(new GetCommand({ TableName: 'summaries', Key }));
    return Item;
  }

  it('is kept with what became of it, and holds nothing personal', async () => {
    await runs.run(notice('OrderPlaced', 5));

    const at = '2026-01-01T12:00:00.000Z';
    const entry = { state: 'sent', version: 5, attempts: 1, claimedAt: at, at };
    expect(await item('mail')).toEqual({
      metric: `notification#${orderId}`,
      bucket: 'mail',
      latest: 5,
      OrderPlaced: { ...entry, messageId: expect.stringMatching(/^message-[12]$/) },
    });
    expect(await item('sms')).toMatchObject({ latest: 5, OrderPlaced: entry });
    expect(JSON.stringify([await item('mail'), await item('sms')])).not.toMatch(/ada|london|mug|4420|shop/i);
  });

  it('lets an event through once, however often it comes', async () => {
    for (let time = 0; time < 3; time += 1) await runs.run(notice('OrderPlaced', 5));
    runs.later();
    await runs.run(notice('OrderPlaced', 5));

    expect(runs.sent).toHaveLength(2);
  });

  it('lets one of several runs send that come at once, and the others see it done later', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => runs.run(notice('OrderPlaced', 5), mailOnly())),
    );

    expect(runs.sent).toHaveLength(1);
    const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    for (const reason of reasons) expect(reason).toMatchObject({ name: 'MessageUnderway' });
    await runs.run(notice('OrderPlaced', 5), mailOnly());
    expect(runs.sent).toHaveLength(1);
  });

  it('sends every message of an order that comes in its order', async () => {
    await runs.run(notice('OrderPlaced', 5));
    await runs.run(notice('OrderShipped', 9));

    expect(runs.sent.map(({ channel, type }) => `${channel} ${type}`).toSorted()).toEqual([
      'mail OrderPlaced',
      'mail OrderShipped',
      'sms OrderPlaced',
      'sms OrderShipped',
    ]);
  });

  it('drops what a later message has overtaken, and records it', async () => {
    await runs.run(notice('OrderShipped', 9));
    await runs.run(notice('OrderPlaced', 5));
    await runs.run(notice('OrderPlaced', 5));

    expect(runs.sent.map(({ type }) => type)).toEqual(['OrderShipped', 'OrderShipped']);
    expect(await item()).toMatchObject({
      latest: 9,
      OrderPlaced: { state: 'dropped', reason: 'overtaken', version: 5 },
      OrderShipped: { state: 'sent' },
    });
  });

  it('lets each message out once, the last one always, and one after the other in the order of the changes', async () => {
    const versions: [MessageType, number][] = [
      ['OrderPlaced', 5],
      ['OrderShipped', 9],
      ['OrderCancelled', 12],
    ];
    const deliveries = fc.shuffledSubarray(
      versions.flatMap((version) => [version, version, version]),
      { minLength: 9 },
    );
    await fc.assert(
      fc.asyncProperty(deliveries, fc.integer({ min: 1, max: 4 }), async (events, atOnce) => {
        orderId = `order-${(orders += 1)}`;
        runs.sent.length = 0;
        for (let from = 0; from < events.length; from += atOnce) {
          const some = events.slice(from, from + atOnce);
          await Promise.allSettled(
            some.map(([type, version]) => runs.run(notice(type, version), mailOnly())),
          );
        }
        for (const [type, version] of versions) await runs.run(notice(type, version), mailOnly());

        const sent = runs.sent.map(({ type }) => versions.findIndex(([name]) => name === type));
        expect(sent).toEqual([...new Set(sent)]);
        expect(sent).toContain(2);
        // Runs side by side claim in order, and send as fast as each of them can.
        if (atOnce === 1) expect(sent).toEqual(sent.toSorted());
      }),
      { numRuns: 25 },
    );
  });

  it.each(['before', 'after'] as const)(
    'survives a crash %s any call; a second mail is possible only between sending and recording it',
    async (when) => {
      let crashes = 0;
      for (let number = 1; ; number += 1) {
        orderId = `${when}-${number}`;
        runs.sent.length = 0;
        const crashedAt = await runs.crash(notice('OrderPlaced', 5), number, when);
        if (crashedAt === undefined) break;
        crashes += 1;
        const atOnce = runs.run(notice('OrderPlaced', 5), mailOnly());
        const unfinished = when === 'before' ? number > 1 : number < 3;
        if (unfinished) await expect(atOnce).rejects.toMatchObject({ name: 'MessageUnderway' });
        else await atOnce;
        runs.later();
        await runs.run(notice('OrderPlaced', 5), mailOnly());

        const between = `${when} ${crashedAt}`;
        const twice = between === 'after sendMail' || between === 'before finish';
        expect([between, runs.sent.length]).toEqual([between, twice ? 2 : 1]);
        expect(await item()).toMatchObject({ OrderPlaced: { state: 'sent' } });
      }
      expect(crashes).toBe(3);
    },
  );

  it('drops a message that a crashed run left when a later one has been sent meanwhile', async () => {
    await runs.crash(notice('OrderPlaced', 5), 2, 'before');
    await runs.run(notice('OrderShipped', 9), mailOnly());
    runs.later();
    await runs.run(notice('OrderPlaced', 5), mailOnly());

    expect(runs.sent).toEqual([{ channel: 'mail', type: 'OrderShipped' }]);
    expect(await item()).toMatchObject({ OrderPlaced: { state: 'dropped', reason: 'overtaken' } });
  });

  it('is taken over by one run alone', async () => {
    await runs.crash(notice('OrderPlaced', 5), 2, 'before');
    runs.later();

    await Promise.allSettled(Array.from({ length: 8 }, () => runs.run(notice('OrderPlaced', 5), mailOnly())));

    expect(runs.sent).toHaveLength(1);
    expect(await item()).toMatchObject({ OrderPlaced: { state: 'sent', attempts: 2 } });
  });

  it('is given back when the service asks to come back later, so that the event goes on at once', async () => {
    runs.refusals.push(new Throttled('SES', '429 TooManyRequests'));

    await expect(runs.run(notice('OrderPlaced', 5), mailOnly())).rejects.toMatchObject({ name: 'Throttled' });
    expect(await item()).toMatchObject({ OrderPlaced: { state: 'retry', attempts: 1 } });
    await runs.run(notice('OrderPlaced', 5), mailOnly());

    expect(runs.sent).toHaveLength(1);
    expect(await item()).toMatchObject({ OrderPlaced: { state: 'sent', attempts: 2 } });
  });

  it('ends as failed when the service refuses the message, and is not tried again', async () => {
    runs.refusals.push(new MessageRefused('SES', 'MessageRejected'));

    await runs.run(notice('OrderPlaced', 5), mailOnly());
    await runs.run(notice('OrderPlaced', 5), mailOnly());

    expect(runs.sent).toEqual([]);
    expect(await item()).toMatchObject({ OrderPlaced: { state: 'failed', reason: 'MessageRejected' } });
  });

  it('ends as failed without an address, and is not tried again', async () => {
    await runs.run(notice('OrderPlaced', 5), anOrder({ orderId, smsUpdates: false, email: 'no address' }));
    await runs.run(notice('OrderPlaced', 5), mailOnly());

    expect(runs.sent).toEqual([]);
    expect(await item()).toMatchObject({ OrderPlaced: { state: 'failed', reason: 'invalid-address' } });
  });

  it('keeps neither channel from the other', async () => {
    runs.refusals.push(new Throttled('SES', '429 TooManyRequests'));

    await expect(runs.run(notice('OrderPlaced', 5))).rejects.toMatchObject({ name: 'Throttled' });
    expect(runs.sent).toHaveLength(1);
    await runs.run(notice('OrderPlaced', 5));

    expect(runs.sent.map(({ channel }) => channel).toSorted()).toEqual(['mail', 'sms']);
  });

  const mailReturn = (state: MailReturn['state']): MailReturn => ({
    ...notice('OrderPlaced', Number.MAX_SAFE_INTEGER),
    kind: 'return',
    state,
    reason: 'Permanent/General',
    messageId: 'message-1',
  });

  it('learns that its mail came back, also twice; a complaint is what stays', async () => {
    await runs.run(notice('OrderPlaced', 5), mailOnly());

    await runs.run(mailReturn('bounced'));
    await runs.run(mailReturn('bounced'));
    expect(await item()).toMatchObject({
      OrderPlaced: { state: 'bounced', reason: 'Permanent/General', version: 5 },
    });
    await runs.run(mailReturn('complained'));
    await runs.run(mailReturn('bounced'));

    expect(await item()).toMatchObject({ OrderPlaced: { state: 'complained' } });
  });

  it('tells a return that was told before', async () => {
    await runs.run(notice('OrderPlaced', 5), mailOnly());
    const bounce = { state: 'bounced', reason: 'Permanent/General', at: '2026-01-01T12:01:00.000Z' } as const;
    const record = () =>
      new ClaimsTable(client, 'summaries').recordReturn(
        { orderId, channel: 'mail', type: 'OrderPlaced' },
        bounce,
      );

    expect([await record(), await record()]).toEqual([true, false]);
  });

  it('sends nothing again whose mail came back before the run that sent it could record so', async () => {
    await runs.crash(notice('OrderPlaced', 5), 2, 'after');
    await runs.run(mailReturn('bounced'));
    runs.later();
    await runs.run(notice('OrderPlaced', 5), mailOnly());

    expect(runs.sent).toHaveLength(1);
    expect(await item()).toMatchObject({ OrderPlaced: { state: 'bounced', messageId: 'message-1' } });
  });

  it('is not made up for the return of a mail that nobody claimed', async () => {
    await runs.run(mailReturn('bounced'));

    expect(await item()).toEqual({});
  });
});
