import { type PolicyKind, readPolicy } from './policy.ts';

function problemsOf(document: object, kind: PolicyKind = 'identity'): string[] {
  const problems: string[] = [];
  readPolicy(JSON.stringify(document), kind, 'role api', problems);
  return problems;
}

const statement = (more: object) => ({
  Statement: { Effect: 'Allow', Action: 'sqs:*', Resource: '*', ...more },
});

it.each<[object, PolicyKind, string]>([
  [{ NotAction: 'sqs:*' }, 'identity', '"Statement.0.NotAction" is not evaluated here'],
  [{ NotResource: '*' }, 'identity', '"Statement.0.NotResource" is not evaluated here'],
  [{ NotPrincipal: '*' }, 'resource', '"Statement.0.NotPrincipal" is not evaluated here'],
  [{ Resource: undefined }, 'identity', 'statement 1: "Resource" is missing'],
  [{ Principal: '*' }, 'identity', 'a role’s own policy has no "Principal"'],
  [{}, 'resource', 'statement 1: "Principal" is missing'],
  [{ Effect: 'allow' }, 'identity', 'Statement.0.Effect'],
  [
    { Sid: 'Own', Resource: 'arn:aws:s3:::a/${aws:username}' },
    'identity',
    'statement 1 (Own): the policy variable in',
  ],
  [
    { Condition: { StringNotLike: { 'aws:SourceArn': '*' } } },
    'identity',
    'condition operator "StringNotLike"',
  ],
  [
    { Condition: { 'ForAnyValue:StringEquals': { 'dynamodb:LeadingKeys': 'a' } } },
    'identity',
    'condition operator "ForAnyValue:StringEquals"',
  ],
  [
    { Condition: { 'ForAllValues:StringEquals': { 'aws:SourceAccount': 'a' } } },
    'identity',
    '"ForAllValues:StringEquals" with "aws:SourceAccount" is not evaluated here',
  ],
  [
    { Condition: { StringEquals: { 'dynamodb:Attributes': 'a' } } },
    'identity',
    'condition key "dynamodb:Attributes"',
  ],
  [
    { Condition: { StringEqualsIfExists: { 'aws:SourceAccount': 'a' } } },
    'identity',
    'condition operator "StringEqualsIfExists"',
  ],
  [
    { Condition: { StringEquals: { 'dynamodb:LeadingKeys': 'a' } } },
    'identity',
    '"StringEquals" with "dynamodb:LeadingKeys" is not evaluated here',
  ],
  [
    { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
    'identity',
    'condition operator "IpAddress"',
  ],
  [{ Principal: { Federated: 'x' } }, 'resource', 'principal "Federated: x" is not evaluated here'],
  [
    { Principal: { AWS: 'arn:aws:iam::000000000000:user/ada' } },
    'resource',
    'user/ada" is not evaluated here',
  ],
])('a statement with %j in a policy of kind %s is refused by name', (more, kind, expected) => {
  expect(problemsOf(statement(more), kind)).toEqual([expect.stringContaining(expected)]);
});

it('every problem is told at once, with where it stands', () => {
  const Condition = {
    StringNotLike: { 'aws:SourceArn': '*' },
    Bool: { 'aws:MultiFactorAuthPresent': 'true' },
  };
  expect(problemsOf(statement({ Sid: 'Odd', Condition }))).toEqual([
    expect.stringMatching(
      /^role api, statement 1 \(Odd\): condition operator "StringNotLike".*Known are StringEquals/,
    ),
    expect.stringMatching(/^role api, statement 1 \(Odd\): condition key "aws:MultiFactorAuthPresent"/),
  ]);
});

it('a document may hold one statement or several, and each one action or several', () => {
  expect(problemsOf(statement({ Action: ['sqs:SendMessage', 'sqs:ReceiveMessage'] }))).toEqual([]);
  expect(problemsOf({ Version: '2012-10-17', Id: 'a', Statement: [statement({}).Statement] })).toEqual([]);
});
