import { setImmediate as turn } from 'node:timers/promises';
import { Journal } from '../journal/journal.ts';
import { archive, arn, entry, rule, target, testBus } from './bus.fixture.ts';

const BUS = arn('events', 'event-bus/shop');
const NOON = Date.parse('2026-11-23T12:00:00Z') / 1000;

/** A complete StartReplay of the hour from noon on. */
function replay(settings: object = {}) {
  return {
    ReplayName: 'again',
    EventSourceArn: archive().arn,
    EventStartTime: NOON,
    EventEndTime: NOON + 3600,
    Destination: { Arn: BUS },
    ...settings,
  };
}

/** A bus with an archive, and what comes of a replay. */
function archiveBus(rules = [rule()], settings: Parameters<typeof archive>[0] = {}) {
  const it = testBus(rules, undefined, [archive(settings)]);
  /** What the replay `again` hands to targets. */
  const replayed = async (changed: object = {}) => {
    await it.inFlight.settled();
    it.calls.length = 0;
    await it.call('StartReplay', replay(changed));
    await it.inFlight.settled();
    return it.calls.map(([, queue, body]) => ({ queue, body: String(body) }));
  };
  const bodies = async (changed: object = {}) =>
    (await replayed(changed)).map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  const times = async (changed: object = {}) => (await bodies(changed)).map(({ time }) => time);
  const state = async () => (await it.call('DescribeReplay', { ReplayName: 'again' }))['State'];
  return { ...it, replayed, bodies, times, state };
}

describe('a replay', () => {
  it('hands the archived event over again as it was, marked with the replay’s name', async () => {
    const { put, calls, replayed } = archiveBus();
    const Detail = '{"total":1.10,"resources":[],"n":12345678901234567890}';
    const DetailType = 'x,"resources":[1],"y\\';
    await put(entry({ Time: NOON, Detail, DetailType, Resources: ['arn:of:order'] }));
    const first = String(calls[0]![2]);

    const [again] = await replayed();

    expect(again!.body).toContain(`"detail":${Detail}}`);
    const parsed: unknown = JSON.parse(again!.body);
    expect(parsed).toEqual({ ...(JSON.parse(first) as object), 'replay-name': 'again' });
  });

  it('takes the events of its period in the order of their times', async () => {
    const { put, times } = archiveBus();
    for (const second of [30, -1, 0, 3599, 3600, 10]) await put(entry({ Time: NOON + second }));

    expect(await times({ EventStartTime: NOON + 0.5 })).toEqual([
      '2026-11-23T12:00:00Z',
      '2026-11-23T12:00:10Z',
      '2026-11-23T12:00:30Z',
      '2026-11-23T12:59:59Z',
    ]);
  });

  it('takes only what the archive’s pattern matches, and only from its own bus', async () => {
    const { put, bodies } = archiveBus([rule({ pattern: '{"version":["0"]}' })], {
      pattern: '{"detail-type":["OrderPlaced"]}',
    });
    const Time = NOON;
    await put(entry({ Time }), entry({ Time, DetailType: 'OrderPaid' }));
    await put(entry({ Time, EventBusName: 'archive' }), entry({ Time, EventBusName: 'default' }));

    expect((await bodies()).map((body) => body['detail-type'])).toEqual(['OrderPlaced']);
  });

  it('reaches only the rules it names', async () => {
    const [one, two] = ['one', 'two'].map((name) =>
      rule({ name, targets: [target({ arn: arn('sqs', name) })] }),
    );
    const { put, replayed } = archiveBus([one!, two!]);
    await put(entry({ Time: NOON }));

    const reached = await replayed({ Destination: { Arn: BUS, FilterArns: [two!.arn] } });

    expect(reached.map(({ queue }) => queue)).toEqual([arn('sqs', 'two')]);
  });

  it('can be told apart by a rule', async () => {
    const { put, calls, replayed } = archiveBus([rule({ pattern: '{"replay-name":[{"exists":true}]}' })]);
    await put(entry({ Time: NOON }));
    expect(calls).toEqual([]);

    expect(await replayed()).toHaveLength(1);
  });

  it('is not archived again', async () => {
    const { put, call, times } = archiveBus();
    await put(entry({ Time: NOON }));
    const before = await call('DescribeArchive', { ArchiveName: 'history' });

    await times();

    expect(await call('DescribeArchive', { ArchiveName: 'history' })).toEqual(before);
    expect(await times({ ReplayName: 'once-more' })).toHaveLength(1);
  });

  it('reads an archive of any length', async () => {
    const { put, times } = archiveBus();
    for (let call = 0; call < 130; call++) {
      await put(...Array.from({ length: 10 }, (_, place) => entry({ Time: NOON + call * 10 + place })));
    }

    const all = await times();

    expect(all).toHaveLength(1_300);
    expect(all).toEqual(all.toSorted());
  });

  it('finds nothing that is older than the archive keeps it', async () => {
    const { put, clock, times, bodies } = archiveBus([rule()], { retentionDays: 1 });
    const now = Math.floor(clock.now() / 1000);
    const today = { EventStartTime: now - 60, EventEndTime: now + 60 };
    await put(entry());
    await clock.advance(86_000_000);
    expect(await times(today)).toHaveLength(1);

    await clock.advance(500_000);

    expect(await bodies({ ...today, ReplayName: 'too-late' })).toEqual([]);
  });

  it('is in flight until it has ended, and says how it stands', async () => {
    const { put, call, inFlight } = archiveBus();
    await put(entry({ Time: NOON }), entry({ Time: NOON + 5 }));
    await inFlight.settled();
    const Description = 'for the new report';
    const started = await call('StartReplay', replay({ Description }));
    expect(started).toEqual({
      status: 200,
      ReplayArn: arn('events', 'replay/again'),
      State: 'STARTING',
      ReplayStartTime: expect.any(Number),
    });
    expect(inFlight.counts()).toEqual({ replay: 1 });

    await inFlight.settled();

    const times = { ReplayStartTime: started['ReplayStartTime'], ReplayEndTime: expect.any(Number) };
    const common = {
      ReplayName: 'again',
      State: 'COMPLETED',
      EventSourceArn: archive().arn,
      EventStartTime: NOON,
      EventEndTime: NOON + 3600,
      EventLastReplayedTime: NOON + 5,
      ...times,
    };
    expect(await call('DescribeReplay', { ReplayName: 'again' })).toEqual({
      status: 200,
      ReplayArn: arn('events', 'replay/again'),
      Description,
      Destination: { Arn: BUS },
      ...common,
    });
    expect(await call('ListReplays', {})).toEqual({ status: 200, Replays: [common] });
  });

  it('ends where it is when it is cancelled', async () => {
    const { put, call, inFlight, calls, state } = archiveBus();
    for (let times = 0; times < 30; times++) {
      await put(...Array.from({ length: 10 }, () => entry({ Time: NOON })));
    }
    await inFlight.settled();
    calls.length = 0;
    await call('StartReplay', replay());
    while (calls.length === 0) await turn();

    expect(await call('CancelReplay', { ReplayName: 'again' })).toMatchObject({ State: 'CANCELLING' });
    await inFlight.settled();

    expect(await state()).toBe('CANCELLED');
    expect(calls.length).toBeLessThan(300);
    await expect(call('CancelReplay', { ReplayName: 'again' })).rejects.toMatchObject({
      code: 'IllegalStatusException',
      message: 'Replay again is not in a valid state for this operation.',
    });
  });

  it('says why it failed', async () => {
    const { call, inFlight } = archiveBus();
    const read = jest.spyOn(Journal.prototype, 'all').mockImplementation(() => {
      throw new Error('database is not open');
    });
    await call('StartReplay', replay());
    await inFlight.settled();
    read.mockRestore();

    expect(await call('DescribeReplay', { ReplayName: 'again' })).toMatchObject({
      State: 'FAILED',
      StateReason: 'Error: database is not open',
    });
  });
});

describe('StartReplay refuses', () => {
  it.each([
    [
      'an archive that is not there',
      { EventSourceArn: arn('events', 'archive/other') },
      'ValidationException',
      'Parameter EventSourceArn is not valid. Reason: Archive other does not exist.',
    ],
    [
      'a bus that is not there',
      { Destination: { Arn: arn('events', 'event-bus/nowhere') } },
      'ResourceNotFoundException',
      'Event bus nowhere does not exist.',
    ],
    [
      'another bus',
      { Destination: { Arn: arn('events', 'event-bus/archive') } },
      'ValidationException',
      'Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.',
    ],
    [
      'a rule of another bus',
      { Destination: { Arn: BUS, FilterArns: [arn('events', 'rule/other')] } },
      'ValidationException',
      `Rule ${arn('events', 'rule/other')} does not exist on this event bus.`,
    ],
    [
      'an end that is the start',
      { EventEndTime: NOON },
      'ValidationException',
      'Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.',
    ],
    [
      'an end before the start',
      { EventEndTime: NOON - 1 },
      'ValidationException',
      'Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.',
    ],
    [
      'a name that is used',
      { ReplayName: 'first' },
      'ResourceAlreadyExistsException',
      'Replay first already exists.',
    ],
    ['a name with a space', { ReplayName: 'a b' }, 'ValidationException', 'ReplayName'],
    ['no start', { EventStartTime: undefined }, 'ValidationException', 'EventStartTime'],
  ])('%s', async (_what, changed, code, message) => {
    const { call } = archiveBus();
    await call('StartReplay', replay({ ReplayName: 'first' }));

    await expect(call('StartReplay', replay(changed))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });
});

describe('archives', () => {
  it('are described with what they hold', async () => {
    const pattern = '{"source":["orders"]}';
    const { put, call } = archiveBus([], { pattern, retentionDays: 30 });
    await put(
      entry({ Detail: '{"€":"\\n", "n": 1.0}' }),
      entry({ Resources: ['r'] }),
      entry({ Source: 'other' }),
    );

    const described = await call('DescribeArchive', { ArchiveName: 'history' });

    const head = 'orders'.length + 'OrderPlaced'.length + '2026-11-23T12:00:00Z'.length;
    const details = Buffer.byteLength('{"€":"\\n", "n": 1.0}') + entry().Detail.length;
    const summary = {
      ArchiveName: 'history',
      EventSourceArn: BUS,
      State: 'ENABLED',
      RetentionDays: 30,
      EventCount: 2,
      SizeBytes: 2 * head + details + 'r'.length,
      CreationTime: expect.any(Number),
    };
    expect(described).toEqual({ status: 200, ArchiveArn: archive().arn, EventPattern: pattern, ...summary });
    expect(await call('ListArchives', {})).toEqual({ status: 200, Archives: [summary] });
  });

  it('are listed by prefix, bus and page', async () => {
    const names = ['a-1', 'a-2', 'a-3', 'b-1'];
    const { call } = testBus(
      [],
      undefined,
      names.map((name) => archive({ name })),
    );
    const listed = async (members: object) => {
      const { Archives, NextToken } = await call('ListArchives', members);
      return [(Archives as { ArchiveName: string }[]).map(({ ArchiveName }) => ArchiveName), NextToken];
    };

    expect(await listed({ NamePrefix: 'a-', Limit: 2 })).toEqual([['a-1', 'a-2'], '2']);
    expect(await listed({ NamePrefix: 'a-', Limit: 2, NextToken: '2' })).toEqual([['a-3'], undefined]);
    expect(await listed({ EventSourceArn: BUS })).toEqual([names, undefined]);
    expect(await listed({ EventSourceArn: arn('events', 'event-bus/archive') })).toEqual([[], undefined]);
    await expect(listed({ EventSourceArn: arn('events', 'event-bus/x') })).rejects.toMatchObject({
      message: 'Event bus x does not exist.',
    });
  });

  it.each([
    ['DescribeArchive', { ArchiveName: 'x' }, 'Archive x does not exist.'],
    ['DescribeReplay', { ReplayName: 'x' }, 'Replay x does not exist.'],
    ['CancelReplay', { ReplayName: 'x' }, 'Replay x does not exist.'],
  ])('and replays that are not there are no success: %s', async (operation, members, message) => {
    await expect(archiveBus().call(operation, members)).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message,
    });
  });

  it('with a pattern that EventBridge refuses are named', () => {
    expect(() => archiveBus([], { pattern: '{"source":[]}' })).toThrow('Archive history: ');
  });
});
