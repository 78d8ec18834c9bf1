import { DEV, PROD, resourcesOf, statementsOf, synthesize } from '../../testing/synthesized.ts';
import { DEPLOYED, prefixOf } from '../names.ts';
import { desiredOf, placeOf } from '../desired.ts';
import { allows, statementsIn } from '../../wholeness/policy.ts';
import { Stack } from '../../wholeness/stack-view.ts';
import { boundaryStatements } from './boundary.ts';
import { PASSED_TO } from './compute-rows.ts';
import { ROWS, deployStatements, diffStatements } from './deploy.ts';
import { MOST_CHARACTERS, document } from './document.ts';

const ACCOUNT = '123456789012';
const BUCKET = 'orderstream-state-123456789012-eu-west-1';
const PLACE = placeOf({ region: 'eu-west-1', ordersTable: undefined }, ACCOUNT, 'dev');
const WITH_ALL = {
  ORDERSTREAM_ALARM_MAIL: 'ops@example.com',
  ORDERSTREAM_MONTHLY_BUDGET: '50',
  ORDERSTREAM_CORS_ORIGINS: 'https://shop.example.com',
  ORDERSTREAM_ISSUER: 'https://login.example.com',
};

const VARIANTS = Object.entries<Readonly<Record<string, string>>>({
  dev: { ...DEV, ...WITH_ALL },
  prod: { ...PROD, ...WITH_ALL },
  'prod with a real payment provider': { ...PROD, ORDERSTREAM_PAYMENT_GATEWAY: 'stripe' },
  'dev of the free tier': { ...DEV, ORDERSTREAM_PRESET: 'free-tier' },
  'dev with a table that is there': { ...DEV, ORDERSTREAM_ORDERS_TABLE: 'shop-orders' },
}).map(([name, variables]) => ({ name, variables, stack: synthesize(variables) }));

it('types of resources that no stack has are given nothing', () => {
  const used = VARIANTS.flatMap(({ stack: { document } }) => [
    ...Object.keys(document.resource),
    ...Object.keys(document.data).map((type) => `data.${type}`),
  ]);

  expect(Object.keys(ROWS).toSorted()).toEqual([...new Set(used)].toSorted());
});

describe.each(VARIANTS)('of the stack in $name', ({ variables, stack }) => {
  const { resource, data, terraform } = stack.document;
  const place = {
    ...PLACE,
    prefix: prefixOf(variables['ORDERSTREAM_ENV'] === 'prod' ? 'prod' : 'dev'),
    ordersTable: variables['ORDERSTREAM_ORDERS_TABLE'],
  };

  it('every type of resource has its permissions', () => {
    const lacking = Object.keys(resource).filter((type) => {
      const accesses = ROWS[type]?.(place) ?? [];
      const has = (kind: 'read' | 'write') => accesses.some((access) => (access[kind] ?? []).length > 0);
      return !has('read') || !has('write');
    });

    expect(lacking).toEqual([]);
    expect(Object.keys(data).filter((type) => !Object.hasOwn(ROWS, `data.${type}`))).toEqual([]);
  });

  it('every role is for a service that it may be handed to', () => {
    const trusted = Object.values(resourcesOf(stack, 'aws_iam_role')).flatMap((role) =>
      statementsOf(role['assume_role_policy']).map(({ Principal }) => Principal),
    );

    expect(trusted.length).toBeGreaterThan(5);
    for (const principal of trusted) expect(PASSED_TO).toContain(Object.values(principal ?? {})[0]);
  });

  it('every action that a role is granted is within the boundary, on all that it is granted on', () => {
    const within = statementsIn(JSON.stringify(document(boundaryStatements(place))));
    // What a statement of everything is for is not everything: text messages go to phone numbers.
    const isWithin = (action: string, resource: string) =>
      allows(within, action, resource === '*' ? 'anything' : resource);
    const view = new Stack(stack.document);
    const granted = view.ofType('aws_iam_role').flatMap((role) =>
      view
        .grantsOf(view.arnOf(role))
        .filter(({ effect }) => effect === 'Allow')
        .flatMap(({ actions, resources }) =>
          actions.flatMap((action) => resources.map((resource) => [action, resource] as const)),
        ),
    );

    expect(granted.length).toBeGreaterThan(50);
    expect(granted.filter(([action, resource]) => !isWithin(action, resource))).toEqual([]);
  });

  it('the state is where the role may write it', () => {
    expect(terraform['backend']).toHaveProperty('s3.key', expect.stringMatching(`^${place.prefix}`));
  });
});

describe.each(DEPLOYED)('what may be done in %s', (environment) => {
  const options = {
    ...{ repository: 'acme/shop', region: 'ap-southeast-2', environments: [environment] },
    ...{ stateBucket: 's'.repeat(63), ordersTable: 't'.repeat(255) },
    ...{ isTableDropped: false, isDryRun: false, isConfirmed: true, isJson: false },
  };
  const { policies, roles } = desiredOf(options, ACCOUNT);
  const place = placeOf(options, ACCOUNT, environment);

  it('stays within the limits of IAM, however long the names are', () => {
    for (const { document } of policies) {
      expect(JSON.stringify(document).length).toBeLessThanOrEqual(MOST_CHARACTERS);
    }
    for (const { policyArns } of roles) expect(policyArns.length).toBeLessThanOrEqual(10);
  });

  it('ends at what gives permissions, unless the boundary stays on the role', () => {
    const giving = /^iam:(?:CreateRole|(?:Put|Attach|Detach|Delete)Role(?:Policy|PermissionsBoundary))$/;
    const statements = deployStatements(place, BUCKET).filter(({ Action }) =>
      Action.some((action) => giving.test(action)),
    );

    expect(statements.length).toBeGreaterThan(0);
    for (const { Condition, Action } of statements) {
      expect(Condition).toEqual({ StringEquals: { 'iam:PermissionsBoundary': place.boundaryArn } });
      expect(Action.filter((action) => !giving.test(action))).toEqual([]);
    }
  });

  it('touches neither the policies, the provider, the users nor the roles of the bootstrap', () => {
    const statements = deployStatements(place, BUCKET);
    const identity = statements.filter(({ Action }) => Action.some((action) => action.startsWith('iam:')));

    expect(new Set(identity.flatMap(({ Resource }) => Resource))).toEqual(
      new Set([
        `arn:aws:iam::${ACCOUNT}:role/orderstream-${environment}-*`,
        `arn:aws:iam::${ACCOUNT}:role/aws-service-role/elasticache.amazonaws.com/*`,
        `arn:aws:iam::${ACCOUNT}:role/aws-service-role/opensearchservice.amazonaws.com/*`,
      ]),
    );
    for (const { name } of roles) expect(name.startsWith(`orderstream-${environment}-`)).toBe(false);
  });

  it('names every action, and all resources only where AWS knows no narrower ones', () => {
    const statements = deployStatements(place, BUCKET);
    const everywhere = statements.filter(({ Resource }) => Resource?.includes('*') === true);

    expect(statements.flatMap(({ Action }) => Action).filter((action) => /:\*$|^\*$/.test(action))).toEqual(
      [],
    );
    const services = everywhere.flatMap(({ Action }) => Action.map((action) => action.split(':')[0]));
    expect(new Set(services)).toEqual(new Set(['ec2', 'lambda', 'logs', 'sns', 'states']));
    const changing = everywhere
      .filter(({ Condition }) => Condition === undefined)
      .flatMap(({ Action }) => Action)
      .filter((action) => !/^logs:|:(?:Get|List|Describe|Validate)/.test(action));
    expect(changing).toEqual(['sns:SetSubscriptionAttributes', 'sns:Unsubscribe']);
  });

  it('is for a subscription on everything, since SNS knows no narrower resource for it', () => {
    const resourcesFor = (action: string) =>
      deployStatements(place, BUCKET)
        .filter(({ Action }) => Action.includes(action))
        .map(({ Resource }) => Resource);

    expect(resourcesFor('sns:GetSubscriptionAttributes')).toEqual([['*']]);
    expect(resourcesFor('sns:SetSubscriptionAttributes')).toEqual([['*']]);
    expect(resourcesFor('sns:Unsubscribe')).toEqual([['*']]);
    expect(resourcesFor('sns:Subscribe')).toEqual([
      [`arn:aws:sns:ap-southeast-2:${ACCOUNT}:orderstream-${environment}-*`],
    ]);
  });

  it('lets the interfaces go that Lambda leaves in a network', () => {
    const given = deployStatements(place, BUCKET).filter(({ Action }) =>
      Action.includes('ec2:DeleteNetworkInterface'),
    );

    // They have no tags of the stack's, which all else in a network is known by.
    expect(given).toEqual([
      {
        Effect: 'Allow',
        Action: ['ec2:DeleteNetworkInterface'],
        Resource: [`arn:aws:ec2:ap-southeast-2:${ACCOUNT}:network-interface/*`],
      },
    ]);
  });

  it('is only reading for a pull request', () => {
    const actions = diffStatements(place, BUCKET).flatMap(({ Action }) => Action);

    expect(
      actions.filter((action) => !/:(?:GET|Get\w*|List\w*|Describe\w*|View\w*|Validate\w*)/.test(action)),
    ).toEqual([]);
    // What is kept there is for nobody who only compares.
    for (const secret of ['secretsmanager:GetSecretValue', 'dynamodb:GetItem', 'lambda:InvokeFunction']) {
      expect(actions).not.toContain(secret);
    }
  });

  it('reaches the state of no other environment', () => {
    const statements = deployStatements(place, BUCKET).filter(({ Action }) =>
      Action.includes('s3:PutObject'),
    );

    expect(statements.map(({ Resource }) => Resource)).toEqual([
      [`arn:aws:s3:::${BUCKET}/orderstream-${environment}*`],
    ]);
  });
});

it('data is read and written in smoke orders alone, and in prod in none', () => {
  const touching = (environment: 'dev' | 'prod') =>
    deployStatements(
      placeOf({ region: 'eu-west-1', ordersTable: 'Orders' }, ACCOUNT, environment),
      BUCKET,
    ).filter(({ Action }) => Action.some((action) => /^dynamodb:\w*(?:Item|Query|Scan)$/.test(action)));

  expect(touching('prod')).toEqual([]);
  expect(touching('dev').flatMap(({ Resource }) => Resource)).toContain(
    `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/Orders/index/byCustomer`,
  );
  for (const { Condition } of touching('dev')) {
    const { 'dynamodb:LeadingKeys': keys = [] } = Condition?.['ForAllValues:StringLike'] ?? {};
    expect(keys.length).toBeGreaterThan(0);
    expect([keys].flat().filter((key) => !/smoke|^sales(#\*)?$/i.test(key))).toEqual([]);
  }
});

it('only a bucket of another environment than prod is deleted with what is in it', () => {
  const deleting = (environment: 'dev' | 'prod') =>
    deployStatements(placeOf({ region: 'eu-west-1', ordersTable: undefined }, ACCOUNT, environment), BUCKET)
      .filter(({ Action }) => Action.includes('s3:DeleteObjectVersion'))
      .flatMap(({ Resource }) => Resource);

  expect(deleting('dev')).toEqual(['arn:aws:s3:::orderstream-dev-*/*']);
  expect(deleting('prod')).toEqual([]);
});
