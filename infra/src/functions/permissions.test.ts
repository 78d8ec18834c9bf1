import {
  grantsOf,
  referenceTo,
  resourcesOf,
  synthesize,
  type Arguments,
  type ReadStatement,
} from '../testing/synthesized.ts';

const stack = synthesize();
const roles = Object.values(resourcesOf(stack, 'aws_iam_role'));
const policies = Object.values(resourcesOf(stack, 'aws_iam_role_policy'));

/** `${aws_dynamodb_table.x.arn}/index/y` as `orders/index/y`. */
function readable(resource: string): string {
  return resource
    .replace(/\$\{(data\.)?([a-z0-9_]+)\.([A-Za-z0-9_-]+)\.[a-z_]+\}/g, (_, isData, type, id) => {
      const one: Arguments | undefined = (isData ? stack.document.data : stack.document.resource)[type]?.[id];
      if (type === 'aws_lambda_alias') return `${readable(String(one?.['function_name']))}:live`;
      // Mappings have no name: the id, without what makes it unique, says whose it is.
      if (type === 'aws_lambda_event_source_mapping') return id.replace(/_[\dA-F]{8}$/, '');
      return String(
        one?.['name'] ??
          one?.['function_name'] ??
          one?.['email_identity'] ??
          one?.['configuration_set_name'] ??
          one?.['bucket'] ??
          type,
      ).replace('orderstream-local-', '');
    })
    .replace('-${data.aws_caller_identity.identity.account_id}', '');
}

function spelledOut(statements: readonly ReadStatement[]): string[] {
  return statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action, Resource }) =>
      Resource.flatMap((resource) => Action.map((action) => `${action} on ${readable(resource)}`)),
    )
    .sort();
}

const ORDER_STAGE = ['dynamodb:GetItem on orders', 'dynamodb:UpdateItem on orders'];
const SANDBOX = ['dynamodb:GetItem on ledger', 'dynamodb:UpdateItem on ledger'];
const MOVE_GOODS = [
  'dynamodb:ConditionCheckItem on orders',
  'dynamodb:UpdateItem on allocations',
  'dynamodb:UpdateItem on stock',
];
const readStreams = (...tables: string[]) =>
  tables.flatMap((table) =>
    ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
      (action) => `dynamodb:${action} on ${table}`,
    ),
  );
const GIVE_UP_CHANGES = ['s3:ListBucket on dead-letters', 's3:PutObject on dead-letters/aws/lambda/*'];
const readQueue = (app: string) =>
  ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map((action) => `sqs:${action} on ${app}`);
const onTable = (table: string, ...actions: string[]) =>
  actions.map((action) => `dynamodb:${action} on ${table}`);
const ACCOUNT_INTERFACES = 'arn:aws:ec2:eu-west-1:aws_caller_identity:*/*';
const ENTER_NETWORK = [
  `ec2:AssignPrivateIpAddresses on ${ACCOUNT_INTERFACES}`,
  `ec2:CreateNetworkInterface on ${ACCOUNT_INTERFACES}`,
  `ec2:DeleteNetworkInterface on ${ACCOUNT_INTERFACES}`,
  `ec2:UnassignPrivateIpAddresses on ${ACCOUNT_INTERFACES}`,
  'ec2:DescribeNetworkInterfaces on *',
  'ec2:DescribeSubnets on *',
];
const DOMAIN = 'arn:aws:es:eu-west-1:aws_caller_identity:domain/orderstream-local';

const BROUGHT_EVENTS = ['notify-customer', 'track-sales', 'refresh-cache', 'index-products', 'sweep-orders'];
const EXECUTIONS =
  'arn:aws:states:eu-west-1:aws_caller_identity:execution:orderstream-local-order-workflow:*';

const GRANTS: Readonly<Record<string, readonly string[]>> = {
  'order-api': [
    ...onTable('products', 'BatchGetItem', 'GetItem'),
    ...onTable('orders', 'GetItem', 'PutItem', 'UpdateItem'),
    ...onTable('orders/index/byCustomer', 'Query'),
    ...onTable('activity', 'BatchWriteItem'),
    ...ENTER_NETWORK,
    `es:ESHttpPost on ${DOMAIN}/products/_search`,
  ],
  'ops-api': [
    ...onTable('products', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'UpdateItem'),
    ...onTable('stock', 'UpdateItem'),
    ...onTable('allocations', 'GetItem', 'PutItem'),
    ...onTable('orders', 'GetItem'),
    ...['byCustomer', 'byDay', 'openOrders'].flatMap((index) => onTable(`orders/index/${index}`, 'Query')),
    ...onTable('summaries', 'GetItem', 'Query'),
  ],
  'redrive-api': [
    ...onTable('orders', 'GetItem'),
    ...['Delete', 'Get'].flatMap((verb) =>
      ['aws/lambda', 'quarantine'].map((prefix) => `s3:${verb}Object on dead-letters/${prefix}/*`),
    ),
    's3:ListBucket on dead-letters',
    's3:PutObject on dead-letters/quarantine/*',
    ...['dead-letter-notices', ...BROUGHT_EVENTS.map((app) => `${app}-dead-letters`)].flatMap((queue) => [
      ...readQueue(queue),
      `sqs:ChangeMessageVisibility on ${queue}`,
    ]),
    ...[...BROUGHT_EVENTS, 'stream-dispatcher', 'archive-changes', 'track-activity'].map(
      (app) => `lambda:InvokeFunction on ${app}:live`,
    ),
    ...['orders', 'products', 'stock'].flatMap((table) =>
      ['Get', 'Update'].map((verb) => `lambda:${verb}EventSourceMapping on dispatcher_${table}`),
    ),
    'states:ListExecutions on order-workflow',
    ...['Describe', 'Redrive'].map((verb) => `states:${verb}Execution on ${EXECUTIONS}`),
  ],
  'notify-customer': [
    ...onTable('orders', 'GetItem'),
    ...onTable('summaries', 'UpdateItem'),
    'ses:SendEmail on orderstream-local',
    'ses:SendEmail on shop@orderstream.example',
    'sns:Publish on *',
    ...readQueue('notify-customer'),
  ],
  'track-sales': [
    ...onTable('orders', 'GetItem', 'Scan'),
    ...onTable('summaries', 'BatchWriteItem', 'GetItem', 'PutItem', 'Scan', 'UpdateItem'),
    ...readQueue('track-sales'),
  ],
  'track-activity': [
    ...readStreams('activity'),
    ...onTable('summaries', 'PutItem', 'UpdateItem'),
    ...GIVE_UP_CHANGES,
  ],
  'refresh-cache': [
    ...onTable('orders', 'BatchGetItem', 'Scan'),
    ...onTable('products', 'BatchGetItem', 'Scan'),
    ...ENTER_NETWORK,
    ...readQueue('refresh-cache'),
  ],
  'index-products': [
    ...onTable('products', 'GetItem', 'Scan'),
    ...onTable('stock', 'GetItem'),
    ...['Get', 'Post', 'Put'].map((method) => `es:ESHttp${method} on ${DOMAIN}/*`),
    ...ENTER_NETWORK,
    ...readQueue('index-products'),
  ],
  'archive-changes': [
    ...readStreams('orders', 'products', 'stock'),
    ...onTable('orders', 'BatchGetItem'),
    's3:PutObject on archive/changes/*',
    ...GIVE_UP_CHANGES,
  ],
  'validate-order': ORDER_STAGE,
  'process-payment': [...ORDER_STAGE, ...SANDBOX],
  'update-inventory': [...ORDER_STAGE, ...MOVE_GOODS, 'dynamodb:Query on allocations'],
  'ship-order': [...ORDER_STAGE, ...MOVE_GOODS, ...SANDBOX],
  'close-order': ['dynamodb:UpdateItem on orders'],
  'sweep-orders': [
    ...onTable('orders', 'GetItem', 'UpdateItem'),
    ...onTable('orders/index/openOrders', 'Query'),
    ...onTable('summaries', 'GetItem', 'PutItem'),
    ...['orders', 'products', 'stock'].map((table) => `lambda:GetEventSourceMapping on dispatcher_${table}`),
    'sqs:SendMessage on sweep-orders-dead-letters',
    ...['DescribeExecution', 'RedriveExecution'].map(
      (action) =>
        `states:${action} on arn:aws:states:eu-west-1:aws_caller_identity:execution:orderstream-local-order-workflow:*`,
    ),
    ...['ListExecutions', 'StartExecution'].map((action) => `states:${action} on order-workflow`),
  ],
  'stream-dispatcher': [
    ...readStreams('orders', 'products', 'stock'),
    'events:PutEvents on orderstream-local',
    's3:PutObject on dead-letters/quarantine/*',
    ...GIVE_UP_CHANGES,
    'states:StartExecution on order-workflow',
  ],
};

describe('permissions', () => {
  it.each(Object.entries(GRANTS))('of %s are what its work, its log and its traces need', (app, grants) => {
    expect(spelledOut(grantsOf(stack, `orderstream-local-${app}`))).toEqual(
      [
        ...grants,
        `logs:CreateLogStream on /aws/lambda/${app}:*`,
        `logs:PutLogEvents on /aws/lambda/${app}:*`,
        'xray:PutTelemetryRecords on *',
        'xray:PutTraceSegments on *',
      ].sort(),
    );
  });

  it('of the workflow let it call its five functions and no other', () => {
    const invoked = spelledOut(grantsOf(stack, 'orderstream-local-order-workflow')).filter((grant) =>
      grant.startsWith('lambda:'),
    );

    expect(invoked).toEqual(
      ['close-order', 'process-payment', 'ship-order', 'update-inventory', 'validate-order'].map(
        (app) => `lambda:InvokeFunction on ${app}:live`,
      ),
    );
  });

  it('are one policy a role, and one role each for the functions and the workflow', () => {
    expect(roles.map((role) => role['name']).sort()).toEqual(
      [...Object.keys(GRANTS), 'order-workflow'].map((name) => `orderstream-local-${name}`).sort(),
    );
    expect(policies.map((policy) => policy['name']).sort()).toEqual(roles.map((role) => role['name']).sort());
  });

  it('delete only what is of no account any more, and orders nowhere', () => {
    const deleting = Object.keys(GRANTS).flatMap((app) =>
      spelledOut(grantsOf(stack, `orderstream-local-${app}`))
        .filter((grant) => /^(dynamodb|s3|es):.*(delete|remove|batchwrite|partiql)/i.test(grant))
        .map((grant) => `${app}: ${grant}`),
    );

    expect(deleting).toEqual([
      'order-api: dynamodb:BatchWriteItem on activity',
      'ops-api: dynamodb:DeleteItem on products',
      'redrive-api: s3:DeleteObject on dead-letters/aws/lambda/*',
      'redrive-api: s3:DeleteObject on dead-letters/quarantine/*',
      'track-sales: dynamodb:BatchWriteItem on summaries',
    ]);
  });

  it('let text messages go to phone numbers and to no topic', () => {
    const denied = grantsOf(stack, 'orderstream-local-notify-customer').filter(
      ({ Effect }) => Effect === 'Deny',
    );

    expect(denied).toMatchObject([{ Action: ['sns:Publish'], Resource: ['arn:aws:sns:*:*:*'] }]);
  });

  it.each(['order-api', 'refresh-cache', 'index-products'])(
    'of the network are for Lambda, and not for the code of %s',
    (app) => {
      const statements = grantsOf(stack, `orderstream-local-${app}`);
      const [denied, ...others] = statements.filter(({ Effect }) => Effect === 'Deny');
      const granted = statements
        .filter(({ Effect }) => Effect === 'Allow')
        .flatMap(({ Action }) => Action)
        .filter((action) => action.startsWith('ec2:'));

      expect(others).toEqual([]);
      expect([...(denied?.Action ?? [])].sort()).toEqual(granted.sort());
      expect(denied?.Condition).toEqual({
        ArnEquals: {
          'lambda:SourceFunctionArn': `arn:aws:lambda:eu-west-1:\${data.aws_caller_identity.identity.account_id}:function:orderstream-local-${app}`,
        },
      });
    },
  );

  it.each(['notify-customer', 'track-sales', 'refresh-cache', 'index-products'])(
    'of %s are for its dead letters instead of its queue where events come directly',
    (app) => {
      const direct = synthesize({ ORDERSTREAM_DELIVERY: 'direct' });
      const queueing = grantsOf(direct, `orderstream-local-${app}`).filter(({ Action }) =>
        Action.some((action) => action.startsWith('sqs:')),
      );

      expect(queueing).toEqual([
        {
          Effect: 'Allow',
          Action: ['sqs:SendMessage'],
          Resource: [
            referenceTo(direct, ['aws_sqs_queue', 'name', `orderstream-local-${app}-dead-letters`], 'arn'),
          ],
        },
      ]);
    },
  );

  it('are without search and cache where those are off', () => {
    const free = synthesize({ ORDERSTREAM_PRESET: 'free-tier' });
    const actions = grantsOf(free, 'orderstream-local-order-api').flatMap(({ Action }) => Action);

    expect(actions.filter((action) => /^(es|ec2):/.test(action))).toEqual([]);
  });

  it.each([
    ['sweep-orders', ['dynamodb:GetItem', 'dynamodb:PutItem'], ['sweep-orders']],
    ['track-activity', ['dynamodb:PutItem', 'dynamodb:UpdateItem'], ['activity#*', 'activity-window#*']],
  ])('of %s let it touch its own rows of the summaries, and no sales figures', (app, actions, keys) => {
    const summaries = referenceTo(
      stack,
      ['aws_dynamodb_table', 'name', 'orderstream-local-summaries'],
      'arn',
    );
    const [own, ...others] = grantsOf(stack, `orderstream-local-${app}`).filter(({ Resource }) =>
      Resource.includes(summaries),
    );

    expect(others).toEqual([]);
    expect(own).toEqual({
      Effect: 'Allow',
      Action: actions,
      Resource: [summaries],
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
    });
  });
});
