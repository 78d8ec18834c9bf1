import type { CallContext } from './conditions.ts';
import { decide, type Decision } from './decision.ts';
import { readPolicy, type PolicyKind } from './policy.ts';
import type { Principal } from './principal.ts';

const ROLE = 'arn:aws:iam::000000000000:role/shop-api';
const QUEUE = 'arn:aws:sqs:eu-west-1:000000000000:mail';
const RULE = 'arn:aws:events:eu-west-1:000000000000:rule/orders';
const role: Principal = { kind: 'role', roleArn: ROLE, session: 'api' };
const events: Principal = { kind: 'service', service: 'events.amazonaws.com' };

interface Case {
  readonly identity?: object[];
  readonly resource?: object[];
  readonly endpoint?: object[];
  readonly principal?: Principal;
  readonly context?: CallContext;
}

function statements(kind: PolicyKind, given: object[] | undefined) {
  const problems: string[] = [];
  const read = readPolicy(JSON.stringify({ Statement: given ?? [] }), kind, kind, problems);
  expect(problems).toEqual([]);
  return read;
}

/** Decides a SendMessage to {@link QUEUE}. */
function decided({ identity, resource, endpoint, principal = role, context = {} }: Case): Decision {
  const call = { principal, action: 'sqs:SendMessage', resource: QUEUE, context };
  return decide(call, {
    identity: statements('identity', identity),
    resource: statements('resource', resource),
    endpoint: endpoint && statements('resource', endpoint),
  });
}

const allow = (more: object = {}) => ({
  Effect: 'Allow',
  Action: 'sqs:SendMessage',
  Resource: QUEUE,
  ...more,
});
const deny = (more: object = {}) => ({ ...allow(more), Effect: 'Deny' });
const everyone = { Principal: '*' };
const ofRole = { Principal: { AWS: ROLE } };
const ofEvents = { Principal: { Service: 'events.amazonaws.com' } };

describe('a call is allowed', () => {
  it.each<[string, Case]>([
    ['by the role’s own policy', { identity: [allow()] }],
    ['by one of its statements', { identity: [allow({ Action: 'sqs:DeleteMessage' }), allow()] }],
    ['by one of several actions', { identity: [allow({ Action: ['sns:Publish', 'sqs:Send*'] })] }],
    ['by one of several resources', { identity: [allow({ Resource: ['arn:aws:s3:::a', QUEUE] })] }],
    ['by the resource’s policy alone, which names the role', { resource: [allow(ofRole)] }],
    [
      'by the resource’s policy alone, which names the session',
      {
        resource: [allow({ Principal: { AWS: 'arn:aws:sts::000000000000:assumed-role/shop-api/api' } })],
      },
    ],
    ['by the resource’s policy for everyone', { resource: [allow(everyone)] }],
    ['by the resource’s policy for every AWS principal', { resource: [allow({ Principal: { AWS: '*' } })] }],
    ['by both', { identity: [allow()], resource: [allow(ofRole)] }],
    [
      'although the resource’s policy allows only others',
      { identity: [allow()], resource: [allow(ofEvents)] },
    ],
    ['although something else is denied', { identity: [allow(), deny({ Action: 'sqs:DeleteMessage' })] }],
    ['although it is denied elsewhere', { identity: [allow(), deny({ Resource: `${QUEUE}-dead` })] }],
    ['although others are denied', { identity: [allow()], resource: [deny(ofEvents)] }],
    [
      'although it would be denied under a condition',
      {
        identity: [allow(), deny({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
        context: { 'aws:SecureTransport': 'true' },
      },
    ],
    ['to a service, by the resource’s policy', { resource: [allow(ofEvents)], principal: events }],
    ['through an endpoint whose policy allows it, too', { identity: [allow()], endpoint: [allow(everyone)] }],
  ])('%s', (_how, given) => {
    expect(decided(given).allowed).toBe(true);
  });
});

const byNothing = { allowed: false, type: 'identity-based', deniedBy: undefined };

describe('a call is refused', () => {
  it.each<[string, Case]>([
    ['without any policy', {}],
    ['by another action', { identity: [allow({ Action: 'sqs:ReceiveMessage' })] }],
    ['on another resource', { identity: [allow({ Resource: `${QUEUE}-dead` })] }],
    [
      'to a whole account, which only leaves it to the role’s own policies',
      {
        resource: [allow({ Principal: { AWS: 'arn:aws:iam::000000000000:root' } })],
      },
    ],
    ['to another role', { resource: [allow({ Principal: { AWS: `${ROLE}-2` } })] }],
    ['to a role where a service is meant', { resource: [allow(ofEvents)] }],
    [
      'where a condition is not fulfilled',
      {
        identity: [allow({ Condition: { StringEquals: { 'aws:SourceAccount': '1' } } })],
      },
    ],
  ])('where nothing allows it: %s', (_how, given) => {
    expect(decided(given)).toEqual(byNothing);
  });

  it.each<[string, Case, string]>([
    ['its own policy', { identity: [allow(), deny()] }, 'identity-based'],
    ['its own policy, before it is allowed', { identity: [deny(), allow()] }, 'identity-based'],
    [
      'its own policy, by a wildcard',
      { identity: [allow(), deny({ Action: '*', Resource: '*' })] },
      'identity-based',
    ],
    [
      'its own policy, though the resource allows it',
      { identity: [deny()], resource: [allow(ofRole)] },
      'identity-based',
    ],
    ['the resource’s policy', { identity: [allow()], resource: [deny(everyone)] }, 'resource-based'],
    [
      'the resource’s policy for its account',
      {
        identity: [allow()],
        resource: [deny({ Principal: { AWS: '000000000000' } })],
      },
      'resource-based',
    ],
    [
      'the endpoint’s policy',
      { identity: [allow()], endpoint: [allow(everyone), deny(everyone)] },
      'VPC endpoint',
    ],
  ])('by an explicit deny of %s', (_how, given, type) => {
    expect(decided(given)).toMatchObject({ allowed: false, type, deniedBy: { effect: 'Deny' } });
  });

  it('to a service that only a role’s policy would allow', () => {
    const given = {
      identity: [allow()],
      principal: { kind: 'service', service: 's3.amazonaws.com' } as const,
    };
    expect(decided({ ...given, identity: [] })).toEqual({ ...byNothing, type: 'resource-based' });
  });

  it('by the policy of an endpoint that does not allow it', () => {
    const given = { identity: [allow()], endpoint: [allow({ ...everyone, Action: 'dynamodb:*' })] };
    expect(decided(given)).toEqual({ ...byNothing, type: 'VPC endpoint' });
  });
});

const ofKeys = (operator: string, ...keys: string[]) => ({
  [`ForAllValues:${operator}`]: { 'dynamodb:LeadingKeys': keys },
});

describe('a condition', () => {
  const source = { 'aws:SourceArn': RULE, 'aws:SourceAccount': '000000000000' };

  it.each<[object, CallContext, boolean]>([
    [{ StringEquals: { 'aws:SourceAccount': '000000000000' } }, source, true],
    [{ StringEquals: { 'AWS:sourceaccount': '000000000000' } }, source, true],
    [{ StringEquals: { 'aws:SourceAccount': ['1', '000000000000'] } }, source, true],
    [{ StringEquals: { 'aws:SourceAccount': '0000*' } }, source, false],
    [{ StringEquals: { 'aws:SourceAccount': '1' } }, source, false],
    [{ StringEquals: { 'aws:SourceAccount': '000000000000' } }, {}, false],
    [{ ArnEquals: { 'aws:SourceArn': RULE } }, source, true],
    [{ ArnEquals: { 'aws:SourceArn': ['arn:aws:s3:::a', RULE] } }, source, true],
    [{ ArnEquals: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/*' } }, source, true],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/*' } }, source, true],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:rule/*' } }, source, false],
    [{ ArnEquals: { 'aws:SourceArn': `${RULE}-2` } }, source, false],
    [{ ArnEquals: { 'aws:SourceArn': RULE } }, {}, false],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, { 'aws:SecureTransport': 'true' }, true],
    [{ Bool: { 'aws:SecureTransport': true } }, { 'aws:SecureTransport': 'true' }, true],
    [{ Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:SecureTransport': 'true' }, false],
    [{ Bool: { 'aws:SecureTransport': 'false' } }, {}, false],
    [{ ArnEquals: { 'lambda:SourceFunctionArn': RULE } }, { 'lambda:SourceFunctionArn': RULE }, true],
    [
      { StringEquals: { 'aws:SourceAccount': '000000000000' }, ArnEquals: { 'aws:SourceArn': RULE } },
      source,
      true,
    ],
    [{ StringEquals: { 'aws:SourceAccount': '1' }, ArnEquals: { 'aws:SourceArn': RULE } }, source, false],
    [{ StringEquals: { 'aws:SourceAccount': '000000000000', 'aws:SourceArn': 'x' } }, source, false],
    [{ StringLike: { 'aws:SourceArn': '*:rule/o?ders' } }, source, true],
    [ofKeys('StringEquals', 'a'), { 'dynamodb:LeadingKeys': ['a'] }, true],
    [ofKeys('StringEquals', 'a', 'b'), { 'dynamodb:LeadingKeys': ['b', 'a'] }, true],
    [ofKeys('StringEquals', 'a'), { 'dynamodb:LeadingKeys': ['a', 'b'] }, false],
    [ofKeys('StringEquals', 'a*'), { 'dynamodb:LeadingKeys': ['ab'] }, false],
    [ofKeys('StringLike', 'a*'), { 'dynamodb:LeadingKeys': ['ab', 'a'] }, true],
    [ofKeys('StringLike', 'a*'), { 'dynamodb:LeadingKeys': ['ab', 'ba'] }, false],
    [ofKeys('StringEquals', 'a'), {}, true],
    [{}, {}, true],
  ])('%j with %j: %s', (Condition, context, expected) => {
    expect(decided({ identity: [allow({ Condition })], context }).allowed).toBe(expected);
  });
});

it('names every statement that would have allowed a call', () => {
  const decision = decided({ identity: [allow({ Sid: 'Mail' }), allow()], resource: [allow(ofRole)] });
  expect(decision.allowed && decision.by.map(({ name }) => name)).toEqual([
    'identity, statement 1 (Mail)',
    'identity, statement 2',
    'resource, statement 1',
  ]);
});
