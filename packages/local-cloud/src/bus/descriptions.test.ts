import { ACCOUNT, DEAD_LETTERS, QUEUE, arn, entry, rule, target, testBus } from './bus.fixture.ts';

const times = { CreationTime: expect.any(Number), LastModifiedTime: expect.any(Number) };
const shop = { Name: 'shop', Arn: arn('events', 'event-bus/shop'), ...times };
const placed = { Name: 'placed', Arn: rule({ name: 'placed' }).arn, EventBusName: 'shop', State: 'ENABLED' };
const nightly = {
  name: 'nightly',
  arn: arn('events', 'rule/nightly'),
  busName: 'default',
  enabled: true,
  expression: 'rate(1 day)',
  targets: [],
};

describe('buses', () => {
  test.each(['shop', arn('events', 'event-bus/shop')])('are described: %s', async (Name) => {
    expect(await testBus([]).call('DescribeEventBus', { Name })).toEqual({ status: 200, ...shop });
  });

  test('without a name the account’s own is meant', async () => {
    expect(await testBus([]).call('DescribeEventBus', {})).toMatchObject({ Name: 'default' });
  });

  test('are listed by name, prefix and page', async () => {
    const { call } = testBus([]);
    const listed = async (members: object) => {
      const { EventBuses, NextToken } = await call('ListEventBuses', members);
      return [(EventBuses as { Name: string }[]).map(({ Name }) => Name), NextToken];
    };

    expect(await listed({})).toEqual([['archive', 'default', 'shop'], undefined]);
    expect(await listed({ Limit: 2 })).toEqual([['archive', 'default'], '2']);
    expect(await listed({ Limit: 2, NextToken: '2' })).toEqual([['shop'], undefined]);
    expect(await call('ListEventBuses', { NamePrefix: 'sh' })).toEqual({ status: 200, EventBuses: [shop] });
  });
});

describe('rules', () => {
  test('are described', async () => {
    const { call } = testBus([rule({ name: 'placed' })]);

    expect(await call('DescribeRule', { Name: 'placed', EventBusName: 'shop' })).toEqual({
      status: 200,
      ...placed,
      EventPattern: '{"source":["orders"]}',
      CreatedBy: ACCOUNT,
    });
  });

  test('of a bus are listed by name, prefix and page', async () => {
    const rules = [
      rule({ name: 'paid', enabled: false }),
      rule({ name: 'placed' }),
      rule({ busName: 'archive' }),
    ];
    const { call } = testBus(rules);
    const all = [
      expect.objectContaining({ Name: 'paid', State: 'DISABLED' }),
      { ...placed, EventPattern: '{"source":["orders"]}' },
    ];

    const listed = (members: object) => call('ListRules', { EventBusName: 'shop', ...members });
    expect(await listed({})).toEqual({ status: 200, Rules: all });
    expect(await listed({ NamePrefix: 'pl' })).toEqual({ status: 200, Rules: [all[1]] });
    expect(await listed({ Limit: 1 })).toEqual({ status: 200, Rules: [all[0]], NextToken: '1' });
    expect(await call('ListRules', {})).toEqual({ status: 200, Rules: [] });
  });

  test('with a schedule tell it, also beside a pattern', async () => {
    const both = rule({ name: 'both', busName: 'default' });
    const { targets, arn: ruleArn } = both;
    const schedules = [nightly, { ...nightly, name: 'both', arn: ruleArn, targets }];
    const { call } = testBus([both], undefined, [], schedules);

    const { Rules } = await call('ListRules', {});
    expect(Rules).toMatchObject([
      { Name: 'both', EventPattern: both.pattern, ScheduleExpression: 'rate(1 day)' },
      { Name: 'nightly', ScheduleExpression: 'rate(1 day)' },
    ]);
    expect((Rules as object[])[1]).not.toHaveProperty('EventPattern');
  });

  test('are found by their target', async () => {
    const other = rule({ name: 'other', targets: [target({ arn: DEAD_LETTERS })] });
    const { call } = testBus([rule({ name: 'two' }), rule({ name: 'one' }), other]);

    const found = (members: object) =>
      call('ListRuleNamesByTarget', { TargetArn: QUEUE, EventBusName: 'shop', ...members });
    expect(await found({})).toEqual({ status: 200, RuleNames: ['one', 'two'] });
    expect(await found({ Limit: 1 })).toEqual({ status: 200, RuleNames: ['one'], NextToken: '1' });
    expect(await found({ EventBusName: undefined })).toEqual({ status: 200, RuleNames: [] });
  });

  test('are switched off and on while the cloud runs', async () => {
    const { call, put, calls } = testBus([rule({ name: 'placed' })]);
    const named = { Name: 'placed', EventBusName: 'shop' };

    expect(await call('DisableRule', named)).toEqual({ status: 200 });
    await put(entry());
    expect(calls).toEqual([]);
    expect(await call('DescribeRule', named)).toMatchObject({ State: 'DISABLED' });

    await call('EnableRule', named);
    await put(entry());
    expect(calls).toHaveLength(1);
    expect(await call('DescribeRule', named)).toMatchObject({ State: 'ENABLED' });
  });

  test('that the stack has disabled can be switched on', async () => {
    const { call, put, calls } = testBus([rule({ enabled: false })]);

    await call('EnableRule', { Name: 'tell-customer', EventBusName: 'shop' });
    await put(entry());

    expect(calls).toHaveLength(1);
  });
});

describe('targets', () => {
  test('are listed with all that is set, and by page', async () => {
    const inputTransformer = { paths: { id: '$.id' }, template: '<id>' };
    const targets = [
      target({ id: 'plain' }),
      target({ id: 'path', inputPath: '$.detail', deadLetterArn: DEAD_LETTERS, maximumRetryAttempts: 3 }),
      target({ id: 'template', inputTransformer, roleArn: 'role', maximumEventAgeSeconds: 60 }),
      target({ id: 'constant', input: '{}' }),
    ];
    const { call } = testBus([rule({ targets })]);
    const listed = (members: object) =>
      call('ListTargetsByRule', { Rule: 'tell-customer', EventBusName: 'shop', ...members });

    expect(await listed({})).toEqual({
      status: 200,
      Targets: [
        { Id: 'plain', Arn: QUEUE },
        {
          Id: 'path',
          Arn: QUEUE,
          InputPath: '$.detail',
          DeadLetterConfig: { Arn: DEAD_LETTERS },
          RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 86_400 },
        },
        {
          Id: 'template',
          Arn: QUEUE,
          RoleArn: 'role',
          InputTransformer: { InputPathsMap: { id: '$.id' }, InputTemplate: '<id>' },
          RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 60 },
        },
        { Id: 'constant', Arn: QUEUE, Input: '{}' },
      ],
    });
    expect(await listed({ Limit: 1, NextToken: '3' })).toEqual({
      status: 200,
      Targets: [{ Id: 'constant', Arn: QUEUE, Input: '{}' }],
    });
  });
});

describe('what is not there', () => {
  const noBus = 'Event bus nowhere does not exist.';
  const noRule = 'Rule x does not exist on EventBus default.';

  test.each([
    ['DescribeEventBus', { Name: 'nowhere' }, noBus],
    ['ListRules', { EventBusName: 'nowhere' }, noBus],
    ['ListRuleNamesByTarget', { TargetArn: QUEUE, EventBusName: 'nowhere' }, noBus],
    ['DescribeRule', { Name: 'x', EventBusName: 'nowhere' }, noBus],
    ['DescribeRule', { Name: 'x' }, noRule],
    ['ListTargetsByRule', { Rule: 'x' }, noRule],
    ['EnableRule', { Name: 'x' }, noRule],
    ['DisableRule', { Name: 'x' }, noRule],
  ])('is no success: %s %j', async (operation, members, message) => {
    await expect(testBus([]).call(operation, members)).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message,
    });
  });

  test('a rule without a name is refused', async () => {
    await expect(testBus([]).call('DescribeRule', {})).rejects.toMatchObject({ code: 'ValidationException' });
  });
});
