import {
  grantsOf,
  resourcesOf,
  statementsOf,
  synthesize,
  type Arguments,
  type ReadStatement,
} from './testing/synthesized.ts';

const stack = synthesize();
const roles = Object.values(resourcesOf(stack, 'aws_iam_role'));
const policies = Object.values(resourcesOf(stack, 'aws_iam_role_policy'));
const allStatements = policies.flatMap((policy) => statementsOf(policy['policy']));

/** `${aws_dynamodb_table.x.arn}/index/y` as `orders/index/y`. */
function readable(resource: string): string {
  return resource.replace(
    /\$\{(data\.)?([a-z0-9_]+)\.([A-Za-z0-9_-]+)\.[a-z_]+\}/g,
    (_, isData, type, id) => {
      const one: Arguments | undefined = (isData ? stack.document.data : stack.document.resource)[type]?.[id];
      return String(one?.['name'] ?? one?.['function_name'] ?? type).replace('orderstream-local-', '');
    },
  );
}

function spelledOut(statements: readonly ReadStatement[]): string[] {
  return statements
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
const READ_STREAM = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];

const GRANTS: Readonly<Record<string, readonly string[]>> = {
  'order-api': [
    'dynamodb:BatchGetItem on products',
    'dynamodb:GetItem on orders',
    'dynamodb:PutItem on orders',
    'dynamodb:Query on orders/index/byCustomer',
    'dynamodb:UpdateItem on orders',
  ],
  'validate-order': ORDER_STAGE,
  'process-payment': [...ORDER_STAGE, ...SANDBOX],
  'update-inventory': [...ORDER_STAGE, ...MOVE_GOODS, 'dynamodb:Query on allocations'],
  'ship-order': [...ORDER_STAGE, ...MOVE_GOODS, ...SANDBOX],
  'close-order': ['dynamodb:UpdateItem on orders'],
  'stream-dispatcher': [
    ...['orders', 'products', 'stock'].flatMap((table) =>
      READ_STREAM.map((action) => `dynamodb:${action} on ${table}`),
    ),
    'events:PutEvents on orderstream-local',
    's3:ListBucket on aws_s3_bucket',
    's3:PutObject on aws_s3_bucket/aws/lambda/*',
    's3:PutObject on aws_s3_bucket/quarantine/*',
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
        (app) => `lambda:InvokeFunction on ${app}`,
      ),
    );
  });

  it('are one policy a role, and one role each for the seven functions and the workflow', () => {
    expect(roles.map((role) => role['name']).sort()).toEqual(
      [...Object.keys(GRANTS), 'order-workflow'].map((name) => `orderstream-local-${name}`).sort(),
    );
    expect(policies.map((policy) => policy['name']).sort()).toEqual(roles.map((role) => role['name']).sort());
  });

  it('delete nothing, anywhere', () => {
    const deleting = allStatements
      .flatMap(({ Action }) => Action)
      .filter(
        (action) => /delete|remove|batchwrite|partiql/i.test(action) && action !== 'logs:DeleteLogDelivery',
      );

    expect(deleting).toEqual([]);
  });

  it('name every action in full', () => {
    expect(allStatements.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual(
      [],
    );
  });

  it('are for every resource only where the service knows none, and say so', () => {
    const boundless = allStatements.filter(({ Resource }) => Resource.includes('*'));

    for (const { Sid, Action, Resource } of boundless) {
      expect(Sid).toMatch(/KnowsNoResources$/);
      expect(Resource).toEqual(['*']);
      expect(
        Action.filter((action) => !/^xray:|^logs:.*(LogDeliver|ResourcePolic|LogGroups)/.test(action)),
      ).toEqual([]);
    }
  });

  it('stay within the size that IAM takes', () => {
    // A reference stands for an ARN; the longest here are those of streams.
    for (const policy of policies) {
      const written = String(policy['policy']).replace(/\$\{[^}]+\}/g, 'a'.repeat(140));
      expect(written.length).toBeLessThan(10_240);
    }
  });

  it('are given to one service each, and to Step Functions for this workflow alone', () => {
    for (const role of roles) {
      const isWorkflow = role['name'] === 'orderstream-local-order-workflow';
      const [trust, ...others] = statementsOf(role['assume_role_policy']);

      expect(others).toEqual([]);
      expect(trust).toMatchObject({
        Action: ['sts:AssumeRole'],
        Principal: { Service: isWorkflow ? 'states.amazonaws.com' : 'lambda.amazonaws.com' },
      });
      if (isWorkflow) {
        expect(trust?.Condition).toEqual({
          StringEquals: { 'aws:SourceAccount': '${data.aws_caller_identity.identity.account_id}' },
          ArnEquals: {
            'aws:SourceArn':
              'arn:aws:states:eu-west-1:${data.aws_caller_identity.identity.account_id}:stateMachine:orderstream-local-order-workflow',
          },
        });
      }
    }
  });
});
