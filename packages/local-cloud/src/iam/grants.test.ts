import { decide, type Call } from './decision.ts';
import { GrantUse } from './grants.ts';
import { readPolicy, type Statement } from './policy.ts';

const TABLE = 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders';
const INDEX = `${TABLE}/index/byDay`;

const call = (action: string, resource: string): Call => ({
  ...{ action, resource, context: {} },
  principal: { kind: 'role', roleArn: 'arn:aws:iam::000000000000:role/shop', session: 'api' },
});
const GET = call('dynamodb:GetItem', TABLE);

function statements(...written: readonly object[]): Statement[] {
  const allow = written.map((one) => ({ Effect: 'Allow', ...one }));
  const problems: string[] = [];
  const read = readPolicy(JSON.stringify({ Statement: allow }), 'identity', 'role shop', problems);
  expect(problems).toEqual([]);
  return read;
}

/** Every grant of a role after these calls, with what it is needed by; `-` where it is not. */
function needed(identity: readonly Statement[], calls: readonly Call[], endpoint?: readonly Statement[]) {
  const use = new GrantUse();
  const policies = { identity, resource: [], endpoint };
  for (const each of calls) {
    const decision = decide(each, policies);
    if (decision.allowed) use.note('function api', each, policies, decision.by);
  }
  return use
    .of([...identity, ...(endpoint ?? [])])
    .map(
      ({ action, resource, used, neededBy }) =>
        `${action} on ${resource.replace(TABLE, 'orders')}: ${neededBy?.action ?? (used ? 'others allow the same' : 'idle')}`,
    );
}

it('a grant is needed by the first call that is refused without it', () => {
  const use = new GrantUse();
  const identity = statements({ Action: 'dynamodb:*', Resource: '*' });
  const policies = { identity, resource: [], endpoint: undefined };
  use.note('function api', GET, policies, identity);
  use.note('function other', call('dynamodb:PutItem', TABLE), policies, identity);

  expect(use.of(identity)).toEqual([
    {
      ...{ statement: 'role shop, statement 1', action: 'dynamodb:*', resource: '*', used: true },
      neededBy: { caller: 'function api', action: 'dynamodb:GetItem', resource: TABLE },
    },
  ]);
});

it.each<[string, readonly object[], readonly string[]]>([
  [
    'each action on each resource is a grant of its own',
    [{ Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: [TABLE, INDEX] }],
    [
      'dynamodb:GetItem on orders: dynamodb:GetItem',
      'dynamodb:PutItem on orders: idle',
      'dynamodb:GetItem on orders/index/byDay: idle',
      'dynamodb:PutItem on orders/index/byDay: idle',
    ],
  ],
  [
    'what two statements allow needs neither',
    [
      { Action: 'dynamodb:GetItem', Resource: TABLE },
      { Action: 'dynamodb:Get*', Resource: TABLE },
    ],
    ['dynamodb:GetItem on orders: others allow the same', 'dynamodb:Get* on orders: others allow the same'],
  ],
  [
    'what one statement allows twice needs neither',
    [{ Action: ['dynamodb:GetItem', 'dynamodb:*'], Resource: TABLE }],
    ['dynamodb:GetItem on orders: others allow the same', 'dynamodb:* on orders: others allow the same'],
  ],
])('%s', (_, written, expected) => {
  expect(needed(statements(...written), [GET])).toEqual(expected);
});

it('a call through an endpoint needs the role’s grant and the endpoint’s', () => {
  const grant = { Action: 'dynamodb:GetItem', Resource: TABLE };

  expect(needed(statements(grant), [GET], statements(grant))).toEqual(
    Array(2).fill('dynamodb:GetItem on orders: dynamodb:GetItem'),
  );
});
