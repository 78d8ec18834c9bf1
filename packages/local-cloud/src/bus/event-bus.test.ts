import { AwsError } from '../endpoint/service.ts';
import {
  ACCOUNT,
  DEAD_LETTERS,
  QUEUE,
  REGION,
  arn,
  entry,
  pass,
  rule,
  target,
  testBus,
} from './bus.fixture.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const FUNCTION = arn('lambda', 'function:notify');
const WORKFLOW = arn('states', 'stateMachine:orders');
const TOPIC = arn('sns', 'news');

const throttled = () => new AwsError('ThrottlingException', 'slow down', 400);

describe('PutEvents', () => {
  test('an event reaches the target in EventBridge’s envelope', async () => {
    const { put, calls, inFlight } = testBus([rule()]);

    const answer = await put(entry({ Time: 1_700_000_000, Resources: ['arn:of:order'] }));
    await inFlight.settled();

    expect(answer).toEqual({
      status: 200,
      FailedEntryCount: 0,
      Entries: [{ EventId: expect.stringMatching(UUID) }],
    });
    const [[method, queue, body]] = calls as [[string, string, string]];
    expect([method, queue]).toEqual(['sendMessage', QUEUE]);
    expect(Object.keys(JSON.parse(body) as object)).toEqual([
      ...['version', 'id', 'detail-type', 'source', 'account', 'time', 'region', 'resources', 'detail'],
    ]);
    expect(JSON.parse(body)).toEqual({
      version: '0',
      id: (answer as unknown as { Entries: [{ EventId: string }] }).Entries[0].EventId,
      'detail-type': 'OrderPlaced',
      source: 'orders',
      account: ACCOUNT,
      time: '2023-11-14T22:13:20Z',
      region: REGION,
      resources: ['arn:of:order'],
      detail: { orderId: 'o-1', lines: 2 },
    });
  });

  test('entries that fail keep their places and do not stop the others', async () => {
    const { put, calls } = testBus([rule()]);

    const answer = await put(entry({ Source: undefined }), entry(), entry({ Detail: '[]' }));

    expect(answer).toMatchObject({
      status: 200,
      FailedEntryCount: 2,
      Entries: [
        { ErrorCode: 'InvalidArgument' },
        { EventId: expect.any(String) },
        { ErrorCode: 'MalformedDetail' },
      ],
    });
    expect(calls).toHaveLength(1);
  });

  test('a bus that is not there takes the event and drops it', async () => {
    const { put, calls, rows } = testBus([rule()]);

    expect(await put(entry({ EventBusName: 'nowhere' }))).toMatchObject({
      FailedEntryCount: 0,
      Entries: [{ EventId: expect.stringMatching(UUID) }],
    });
    expect([calls, rows]).toEqual([[], []]);
  });

  test.each([
    ['by its ARN', arn('events', 'event-bus/shop'), 'shop'],
    ['by no name, which is the default bus', undefined, 'default'],
  ])('a bus may be given %s', async (_, EventBusName, busName) => {
    const { put, calls } = testBus([rule({ busName })]);

    await put(entry({ EventBusName }));

    expect(calls).toHaveLength(1);
  });
});

describe('rules', () => {
  test('an event goes to every target of every rule that matches it', async () => {
    const both = rule({ targets: [target(), target({ id: 'audit', arn: arn('sqs', 'audit') })] });
    const other = rule({ name: 'others', pattern: '{"detail":{"orderId":["o-2"]}}' });
    const same = rule({ name: 'same', pattern: '{"detail":{"lines":[{"numeric":[">",1]}]}}' });
    const { put, calls } = testBus([both, other, same]);

    await put(entry());

    expect(calls.map(([, to]) => to)).toEqual([QUEUE, arn('sqs', 'audit'), QUEUE]);
  });

  test('numbers and repeated keys reach the target as they were written', async () => {
    const { put, calls } = testBus([rule()]);

    await put(entry({ Detail: '{"n": 1.10, "big": 12345678901234567890, "n": 2}' }));

    expect(calls[0]?.[2]).toContain('"detail":{"n": 1.10, "big": 12345678901234567890, "n": 2}}');
  });

  test('a disabled rule and a rule of another bus get nothing', async () => {
    const { put, calls } = testBus([rule({ enabled: false }), rule({ busName: 'archive' })]);

    await put(entry());

    expect(calls).toEqual([]);
  });

  test('each kind of target gets the event in its own way', async () => {
    const arns = [QUEUE, TOPIC, FUNCTION, WORKFLOW];
    const { put, calls } = testBus([rule({ targets: arns.map((to) => target({ id: to, arn: to })) })]);

    await put(entry({ TraceHeader: 'Root=1-a' }));

    const json = expect.stringContaining('"detail-type":"OrderPlaced"');
    expect(calls).toEqual([
      ['sendMessage', QUEUE, json],
      ['publish', TOPIC, json],
      ['invokeAsync', FUNCTION, json, { kind: 'rule', name: 'tell-customer', trace: 'Root=1-a' }],
      ['startExecution', WORKFLOW, undefined, json, 'Root=1-a'],
    ]);
  });

  test('another bus gets the same event, under the same id', async () => {
    const { put, calls, rows } = testBus([
      rule({ targets: [target({ arn: arn('events', 'event-bus/archive') })] }),
      rule({ name: 'keep', busName: 'archive' }),
    ]);

    const answer = await put(entry());

    const { EventId } = (answer as unknown as { Entries: [{ EventId: string }] }).Entries[0];
    expect(calls).toEqual([['sendMessage', QUEUE, expect.stringContaining(EventId)]]);
    expect(rows.filter(({ kind }) => kind === 'events').map(({ row }) => row)).toMatchObject([
      { id: EventId, bus: 'shop' },
      { id: EventId, bus: 'archive' },
    ]);
  });

  test('an event that was forwarded goes to no third bus', async () => {
    const { put, calls, rows } = testBus([
      rule({ targets: [target({ arn: arn('events', 'event-bus/archive') })] }),
      rule({
        ...{ name: 'on', busName: 'archive' },
        targets: [target(), target({ id: 'third', arn: arn('events', 'event-bus/default') })],
      }),
      rule({ name: 'keep', busName: 'default' }),
    ]);

    await put(entry());

    expect(calls).toHaveLength(1);
    expect(rows.filter(({ kind }) => kind === 'events').map(({ row }) => row)).toMatchObject([
      { bus: 'shop' },
      { bus: 'archive' },
    ]);
  });

  test('buses that forward to one another get an event once each', async () => {
    const { put, rows, inFlight } = testBus([
      rule({ targets: [target({ arn: arn('events', 'event-bus/archive') })] }),
      rule({ name: 'back', busName: 'archive', targets: [target({ arn: arn('events', 'event-bus/shop') })] }),
    ]);

    await put(entry());
    await inFlight.settled();

    expect(rows.filter(({ kind }) => kind === 'events')).toHaveLength(2);
  });

  test('a target that is nothing known is refused by name', () => {
    const strange = rule({ targets: [target({ arn: arn('kinesis', 'stream/x') })] });

    expect(() => testBus([strange])).toThrow(
      `Rule tell-customer, target mail: ${arn('kinesis', 'stream/x')} is no queue, topic, function, state machine or bus.`,
    );
  });
});

test('a pattern that EventBridge would refuse is refused with the rule’s name', () => {
  expect(() => testBus([rule({ pattern: '{"source":"orders"}' })])).toThrow(/^Rule tell-customer: /);
});

describe('deliveries', () => {
  test('the journal has the event and what became of each delivery', async () => {
    const { put, rows, inFlight } = testBus([rule()]);

    await put(entry());
    await inFlight.settled();

    expect(rows).toMatchObject([
      { kind: 'events', row: { bus: 'shop', source: 'orders', detailType: 'OrderPlaced' } },
      { kind: 'eventDeliveries', row: { rule: 'tell-customer', target: 'mail', outcome: 'ok' } },
    ]);
  });

  test('a throttled target is tried again, later each time, and the event is in flight until it has it', async () => {
    let failures = 2;
    const { put, calls, clock, inFlight } = testBus([rule()], () =>
      failures-- > 0 ? throttled() : undefined,
    );

    await put(entry());
    await pass(clock, 500);
    expect(inFlight.counts()).toEqual({ event: 1 });
    expect(calls).toHaveLength(1);
    await pass(clock, 500);
    expect(calls).toHaveLength(2);
    await pass(clock, 1_000);
    expect(calls).toHaveLength(2);
    await pass(clock, 1_000);
    await inFlight.settled();

    expect(calls.map((call) => call[3])).toEqual(['ThrottlingException', 'ThrottlingException', undefined]);
  });

  test('when the retries are used up, the event is a dead letter with all there is to know', async () => {
    const retrying = rule({ targets: [target({ deadLetterArn: DEAD_LETTERS, maximumRetryAttempts: 2 })] });
    const { put, calls, clock, rows, inFlight } = testBus([retrying], ([, to]) =>
      to === QUEUE ? throttled() : undefined,
    );

    await put(entry());
    await pass(clock, 1_000);
    await pass(clock, 2_000);
    await inFlight.settled();

    expect(calls).toHaveLength(4);
    expect(calls[3]).toEqual([
      'sendMessage',
      DEAD_LETTERS,
      calls[0]?.[2],
      {
        RULE_ARN: retrying.arn,
        TARGET_ARN: QUEUE,
        ERROR_CODE: 'THROTTLING',
        ERROR_MESSAGE: 'slow down',
        EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
        RETRY_ATTEMPTS: '2',
      },
    ]);
    expect(rows.at(-1)).toMatchObject({ kind: 'eventDeliveries', row: { outcome: 'THROTTLING' } });
  });

  test.each([
    ['cut to 1,024 characters', 'x'.repeat(2_000), 'x'.repeat(1_024)],
    ['its code where it says nothing', '', 'NO_RESOURCE'],
  ])('the error message of a dead letter is %s', async (_, message, ERROR_MESSAGE) => {
    const { put, calls, inFlight } = testBus(
      [rule({ targets: [target({ deadLetterArn: DEAD_LETTERS })] })],
      ([, to]) => (to === QUEUE ? new AwsError('QueueDoesNotExist', message) : undefined),
    );

    await put(entry());
    await inFlight.settled();

    expect(calls[1]?.[3]).toMatchObject({ ERROR_MESSAGE });
  });

  test('an event that grows too old is a dead letter', async () => {
    const impatient = rule({
      targets: [target({ deadLetterArn: DEAD_LETTERS, maximumEventAgeSeconds: 60 })],
    });
    const { put, calls, clock, inFlight } = testBus([impatient], ([, to]) =>
      to === QUEUE ? new AwsError('InternalError', 'down', 500) : undefined,
    );

    await put(entry());
    await pass(clock, 60_000);
    await inFlight.settled();

    expect(calls.at(-1)?.[3]).toMatchObject({
      ERROR_CODE: 'ERROR_FROM_TARGET',
      EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
      RETRY_ATTEMPTS: '5',
    });
  });

  test.each([
    ['QueueDoesNotExist', 'NO_RESOURCE'],
    ['AccessDeniedException', 'NO_PERMISSIONS'],
    ['InvalidParameterValue', 'INVALID_PARAMETER'],
  ])('%s is not retried and becomes %s', async (code, ERROR_CODE) => {
    const { put, calls, inFlight } = testBus(
      [rule({ targets: [target({ deadLetterArn: DEAD_LETTERS })] })],
      ([, to]) => (to === QUEUE ? new AwsError(code, 'no') : undefined),
    );

    await put(entry());
    await inFlight.settled();

    expect(calls.slice(1)).toEqual([
      [
        'sendMessage',
        DEAD_LETTERS,
        expect.any(String),
        expect.objectContaining({ ERROR_CODE, RETRY_ATTEMPTS: '0' }),
      ],
    ]);
    expect(calls[1]?.[3]).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
  });

  test('an event is dropped when no dead-letter queue takes it', async () => {
    const { put, rows, inFlight } = testBus(
      [rule(), rule({ name: 'full', targets: [target({ deadLetterArn: DEAD_LETTERS })] })],
      () => new AwsError('QueueDoesNotExist', 'gone'),
    );

    await put(entry());
    await inFlight.settled();

    expect(rows.slice(1)).toMatchObject([
      { row: { outcome: 'NO_RESOURCE' } },
      { row: { outcome: 'NO_RESOURCE' } },
    ]);
  });

  test.each([
    ['queue', QUEUE],
    ['function', FUNCTION],
  ])('a template that a value makes no JSON of goes to the dead letters, not to the %s', async (_, to) => {
    const inputTransformer = { paths: { note: '$.detail.note' }, template: '{"note": "<note>"}' };
    const broken = target({ arn: to, inputTransformer, deadLetterArn: DEAD_LETTERS });
    const { put, calls, inFlight } = testBus([rule({ targets: [broken] })]);

    await put(entry({ Detail: '{"note":"say \\"hi\\""}' }));
    await inFlight.settled();

    const original = expect.stringContaining('"detail":{"note":"say \\"hi\\""}');
    const attributes = expect.objectContaining({ ERROR_CODE: 'INVALID_JSON', RETRY_ATTEMPTS: '0' });
    expect(calls).toEqual([['sendMessage', DEAD_LETTERS, original, attributes]]);
  });

  test('lines of text reach a queue, but make no event for a function', async () => {
    const inputTransformer = { paths: {}, template: '"one"\n"two"' };
    const targets = [QUEUE, FUNCTION].map((to) => target({ id: to, arn: to, inputTransformer }));
    const { put, calls, inFlight, rows } = testBus([rule({ targets })]);

    await put(entry());
    await inFlight.settled();

    expect(calls).toEqual([['sendMessage', QUEUE, '"one"\n"two"']]);
    expect(rows.map(({ row }) => (row as { outcome?: string }).outcome).toSorted()).toEqual([
      'INVALID_JSON',
      'ok',
      undefined,
    ]);
  });

  test('by default a target is tried for a day, and 185 times more at most', async () => {
    const { put, calls, clock, inFlight } = testBus([rule()], () => throttled());

    await put(entry());
    await pass(clock, 86_400_000);
    await inFlight.settled();

    // 1 s, 2 s … 512 s, then 10 minutes each.
    const backingOff = 2 ** 10 - 1;
    expect(calls).toHaveLength(1 + 10 + Math.floor((86_400 - backingOff) / 600));
  });
});

test('a call that would change the stack is refused by name', async () => {
  await expect(testBus([]).call('PutRule', {})).rejects.toMatchObject({
    code: 'UnknownOperationException',
    message: expect.stringMatching(/^PutRule is not run here\..*change the stack/),
  });
});
