import {
  referenceTo,
  resourcesOf,
  resourceWith,
  statementsOf,
  synthesize,
  type Arguments,
} from '../testing/synthesized.ts';

const stack = synthesize();
const free = synthesize({ ORDERSTREAM_PRESET: 'free-tier' });
const TOPIC = ['aws_sns_topic', 'name', 'orderstream-local-alarms'] as const;
const ACCOUNT = '${data.aws_caller_identity.identity.account_id}';

describe('alarms are told to one topic', () => {
  it('which only the alarms of this environment and the account’s budgets may write to', () => {
    const [policy] = Object.values(resourcesOf(stack, 'aws_sns_topic_policy'));
    const resource = [referenceTo(stack, TOPIC, 'arn')];
    const statement = (Sid: string, service: string, source: string) => ({
      Sid,
      Effect: 'Allow',
      Principal: { Service: service },
      Action: ['sns:Publish'],
      Resource: resource,
      Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT }, ArnLike: { 'aws:SourceArn': source } },
    });

    expect(statementsOf(policy?.['policy'])).toEqual([
      statement(
        'AlarmsTell',
        'cloudwatch.amazonaws.com',
        `arn:aws:cloudwatch:eu-west-1:${ACCOUNT}:alarm:orderstream-local-*`,
      ),
      statement('BudgetTells', 'budgets.amazonaws.com', `arn:aws:budgets::${ACCOUNT}:*`),
    ]);
  });

  it('and by mail to who is named, and to nobody else', () => {
    const mailed = synthesize({ ORDERSTREAM_ALARM_MAIL: 'oncall@example.com' });

    expect(Object.values(resourcesOf(mailed, 'aws_sns_topic_subscription'))).toMatchObject([
      { protocol: 'email', endpoint: 'oncall@example.com', topic_arn: referenceTo(mailed, TOPIC, 'arn') },
    ]);
    expect(resourcesOf(stack, 'aws_sns_topic_subscription')).toEqual({});
  });
});

it.each([
  ['what the preset standard may cost', {}, '100'],
  ['hardly anything in the free tier', { ORDERSTREAM_PRESET: 'free-tier' }, '1'],
  ['what is set', { ORDERSTREAM_MONTHLY_BUDGET: '2500' }, '2500'],
])('the month’s budget is %s, and tells the topic', (_, variables, limit_amount) => {
  const [budget] = Object.values(resourcesOf(synthesize(variables), 'aws_budgets_budget'));
  const topic = [referenceTo(stack, TOPIC, 'arn')];

  expect(budget).toMatchObject({ name: 'orderstream-local-month', limit_amount, limit_unit: 'USD' });
  expect(budget?.['notification']).toMatchObject([
    { notification_type: 'ACTUAL', threshold: 80, subscriber_sns_topic_arns: topic },
    { notification_type: 'FORECASTED', threshold: 100, subscriber_sns_topic_arns: topic },
  ]);
});

interface Placed {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly metrics?: readonly unknown[];
    readonly markdown?: string;
  };
}

describe('the dashboard', () => {
  const widgetsOf = (one: typeof stack): readonly Placed[] => {
    const { arguments: dashboard } = resourceWith(
      one,
      'aws_cloudwatch_dashboard',
      'dashboard_name',
      'orderstream-local',
    );
    return JSON.parse(String(dashboard['dashboard_body'])).widgets;
  };
  const titlesOf = (one: typeof stack) => widgetsOf(one).map(({ properties }) => properties.title);
  const TECHNICAL = [
    ...['Alarms', 'Workflow duration: start to end', 'Executions that failed'],
    ...['Iterator age: how long changes wait', 'Dead letters', 'Errors', 'Throttles of the account'],
  ];
  const BUSINESS = [
    ...['Orders by end', 'Revenue of shipped orders', 'Payments that came to nothing'],
    'Dispatch lag: write to handled, oldest change of a batch',
  ];

  it('shows what the shop does, and what might keep it from doing so', () => {
    expect(titlesOf(stack)).toEqual(expect.arrayContaining([...BUSINESS, ...TECHNICAL]));
  });

  it('shows in the free tier what is measured there', () => {
    expect(titlesOf(free)).toEqual(expect.arrayContaining(TECHNICAL));
    expect(titlesOf(free)).not.toEqual(expect.arrayContaining([BUSINESS[0]]));
  });

  it.each([
    ['standard', stack],
    ['free-tier', free],
  ])('has no more metrics than are free, in the preset %s', (_, one) => {
    const metrics = widgetsOf(one).flatMap(({ properties }) => properties.metrics ?? []);

    expect(metrics.length).toBeGreaterThan(10);
    expect(metrics.length).toBeLessThanOrEqual(50);
  });

  it('lays nothing over anything else', () => {
    const taken = widgetsOf(stack).flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, n) => `${x + (n % width)} ${y + Math.floor(n / width)}`),
    );

    expect(new Set(taken).size).toBe(taken.length);
    expect(Math.max(...widgetsOf(stack).map(({ x, width }) => x + width))).toBe(24);
  });

  it('leads to the executions of the workflow, the saved queries and the runbooks', () => {
    const markdown = widgetsOf(stack)[0]?.properties.markdown;

    expect(markdown).toContain('#/statemachines/view/${aws_sfn_state_machine.');
    expect(markdown).toContain('logsV2:logs-insights');
    expect(markdown).toContain('[orders-stuck](docs/operating/orders-stuck.md)');
  });
});

describe('saved queries', () => {
  const queries = Object.values(resourcesOf(stack, 'aws_cloudwatch_query_definition'));
  const groupsOf = (query: Arguments | undefined) => (query?.['log_group_names'] ?? []) as readonly string[];

  it('are there for one order, errors, slow functions, quarantine and sweeps', () => {
    expect(queries.map(({ name }) => name).sort()).toEqual(
      ['errors-by-function', 'one-order', 'quarantined', 'slowest', 'sweeps'].map(
        (name) => `orderstream-local/${name}`,
      ),
    );
    for (const { query_string } of queries)
      expect(query_string).toMatch(/^(fields|filter) .+(\n\| (filter|sort|stats|limit) .+)+$/);
  });

  it('look for an order in the log of every function and of the workflow', () => {
    const logs = Object.entries(resourcesOf(stack, 'aws_cloudwatch_log_group'))
      .filter(([, { name }]) => /^\/aws\/(lambda|vendedlogs\/states)\//.test(String(name)))
      .map(([id]) => `\${aws_cloudwatch_log_group.${id}.name}`);
    const query = queries.find(({ name }) => name === 'orderstream-local/one-order');

    expect([...groupsOf(query)].sort()).toEqual(logs.sort());
    expect(logs.length).toBeLessThanOrEqual(50);
  });

  it('look for sweeps in the log of sweep-orders alone', () => {
    const query = queries.find(({ name }) => name === 'orderstream-local/sweeps');
    const lambda = ['aws_lambda_function', 'function_name', 'orderstream-local-sweep-orders'] as const;

    expect(groupsOf(query)).toEqual([`/aws/lambda/${referenceTo(stack, lambda, 'function_name')}`]);
  });
});
