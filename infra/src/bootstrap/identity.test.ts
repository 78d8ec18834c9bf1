import { outcomeOf } from './change.ts';
import { desiredOf } from './desired.ts';
import {
  type FoundPolicy,
  type FoundRole,
  planPolicy,
  planProvider,
  planRemoval,
  planRole,
} from './identity.ts';
import { readOptions, type BootstrapOptions } from './options.ts';
import { recordingClients } from './recording-clients.fixture.ts';

/** What is bootstrapped when a repository is given and nothing else. */
const OPTIONS = readOptions(['--repository', 'acme/shop'], {})!;
const DESIRED = desiredOf(OPTIONS, '123456789012');
const ROLE = DESIRED.roles.find(({ name }) => name === 'orderstream-deploy-prod')!;
const POLICY = DESIRED.policies.find(({ name }) => name === 'orderstream-boundary-prod')!;
const ROLE_AS_DESIRED: FoundRole = {
  tags: [...ROLE.tags, { Key: 'cost-centre', Value: '7' }],
  trust: JSON.stringify(ROLE.trust),
  longestSessionSeconds: 7_200,
  policyArns: ROLE.policyArns.toReversed(),
  inlinePolicies: [],
};
const POLICY_AS_DESIRED: FoundPolicy = {
  tags: POLICY.tags,
  document: JSON.stringify(POLICY.document, null, 2),
  otherVersions: [],
};

const taggedWith = (key: string, value: string) =>
  ROLE.tags.map((tag) => (tag.Key === key ? { ...tag, Value: value } : tag));

describe('a role', () => {
  it.each([
    ['orderstream-deploy-dev', 'repo:acme/shop:environment:dev'],
    ['orderstream-deploy-prod', 'repo:acme/shop:environment:prod'],
    ['orderstream-diff-dev', 'repo:acme/shop:pull_request'],
  ])('%s is for %s alone', (name, subject) => {
    const trust = DESIRED.roles.find((role) => role.name === name)?.trust;

    expect(trust?.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: {
          Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com',
        },
        Action: ['sts:AssumeRoleWithWebIdentity'],
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': subject,
          },
        },
      },
    ]);
  });

  it('for pull requests is there for dev alone, since no approval stands before it', () => {
    expect(DESIRED.roles.map(({ name }) => name).filter((name) => name.includes('diff'))).toEqual([
      'orderstream-diff-dev',
    ]);
  });

  it('is left alone when it is as it should be', () => {
    expect(planRole(ROLE_AS_DESIRED, ROLE).changes).toEqual([]);
  });

  it('is made with its policies', () => {
    const item = planRole(undefined, ROLE);

    expect(outcomeOf(item)).toBe('made');
    expect(item.changes).toHaveLength(1 + ROLE.policyArns.length);
  });

  it.each<[outcome: string, drift: Partial<FoundRole>]>([
    ['trust', { trust: JSON.stringify(ROLE.trust).replace('environment:prod', '*') }],
    ['trust', { trust: JSON.stringify(ROLE.trust).replace('StringEquals', 'StringLike') }],
    ['longest session', { longestSessionSeconds: 3_600 }],
    [
      'policies (without AdministratorAccess)',
      { policyArns: [...ROLE.policyArns, 'arn:aws:iam::aws:policy/AdministratorAccess'] },
    ],
    ['policies (with orderstream-deploy-prod-1)', { policyArns: ROLE.policyArns.slice(1) }],
    ['tags', { tags: ROLE.tags.filter(({ Key }) => Key !== 'environment') }],
    ['tags', { tags: ROLE.tags.filter(({ Key }) => Key !== 'state-bucket') }],
  ])('that differs is mended, and what is said: %s', (what, drift) => {
    expect(outcomeOf(planRole({ ...ROLE_AS_DESIRED, ...drift }, ROLE))).toBe(`changed ${what}`);
  });

  it.each<[drift: Partial<FoundRole>, message: string]>([
    [{ tags: [] }, 'The role orderstream-deploy-prod is there, but has no tag managed-by='],
    [
      { tags: [{ Key: 'managed-by', Value: 'another team' }] },
      'The role orderstream-deploy-prod is there, but has no tag managed-by=',
    ],
    [
      { tags: taggedWith('region', 'us-east-1') },
      'The role orderstream-deploy-prod is for us-east-1, not for eu-west-1: give --region us-east-1.',
    ],
    [
      { tags: taggedWith('state-bucket', 'our-state') },
      'The role orderstream-deploy-prod is for the state in the bucket our-state, not in orderstream-state-123456789012-eu-west-1: give --state-bucket our-state.',
    ],
    [
      { tags: [...ROLE.tags, { Key: 'orders-table', Value: 'Orders' }] },
      'may use the orders table Orders, which is not given: add --orders-table Orders, or --no-orders-table',
    ],
    [{ inlinePolicies: ['more'] }, 'policies of its own that the bootstrap did not write: more'],
  ])('of somebody else is refused with the next step: %j', (drift, message) => {
    expect(() => planRole({ ...ROLE_AS_DESIRED, ...drift }, ROLE)).toThrow(message);
  });
});

describe('a role made for a table of orders', () => {
  const withTable = (more: Partial<BootstrapOptions>) =>
    desiredOf({ ...OPTIONS, environments: ['prod'], ...more }, '123456789012').roles[0]!;
  const found = { ...ROLE_AS_DESIRED, tags: withTable({ ordersTable: 'Orders' }).tags };

  it.each<[outcome: string, options: Partial<BootstrapOptions>]>([
    ['as it should be', { ordersTable: 'Orders' }],
    ['changed tags', { ordersTable: 'Orders-2' }],
    ['changed tags (without orders-table)', { isTableDropped: true }],
  ])('is %s with %j', (outcome, options) => {
    expect(outcomeOf(planRole(found, withTable(options)))).toBe(outcome);
  });
});

describe('a policy', () => {
  it('is left alone when it says the same', () => {
    expect(planPolicy(POLICY_AS_DESIRED, POLICY).changes).toEqual([]);
  });

  it.each<[outcome: string, found: FoundPolicy | undefined]>([
    ['made', undefined],
    ['changed permissions', { ...POLICY_AS_DESIRED, document: '{"Statement":[]}' }],
    ['changed tags', { ...POLICY_AS_DESIRED, tags: POLICY.tags.slice(0, -1) }],
  ])('is %s', (outcome, found) => {
    expect(outcomeOf(planPolicy(found, POLICY))).toBe(outcome);
  });

  it.each([
    [
      ['v1', 'v2', 'v3', 'v4'],
      ['DeletePolicyVersionCommand', 'CreatePolicyVersionCommand'],
    ],
    [['v1', 'v2', 'v3'], ['CreatePolicyVersionCommand']],
  ])('with the versions %j before it makes room only where IAM has none', async (otherVersions, commands) => {
    const found = { ...POLICY_AS_DESIRED, document: '{}', otherVersions };
    const { clients, sent } = recordingClients();

    for (const { apply } of planPolicy(found, POLICY).changes) await apply(clients);

    expect(sent.map(([command]) => command)).toEqual(commands);
  });

  it('that no role needs any more is deleted after its older versions', async () => {
    const found = { ...POLICY_AS_DESIRED, otherVersions: ['v1', 'v2'] };
    const { clients, sent } = recordingClients();
    const item = planRemoval(found, 'orderstream-deploy-prod-9', 'arn:9');

    for (const { apply } of item.changes) await apply(clients);

    expect(outcomeOf(item)).toBe('deleted');
    expect(sent).toEqual([
      ['DeletePolicyVersionCommand', { PolicyArn: 'arn:9', VersionId: 'v1' }],
      ['DeletePolicyVersionCommand', { PolicyArn: 'arn:9', VersionId: 'v2' }],
      ['DeletePolicyCommand', { PolicyArn: 'arn:9' }],
    ]);
  });

  it('of somebody else is refused', () => {
    expect(() => planPolicy({ ...POLICY_AS_DESIRED, tags: [] }, POLICY)).toThrow(/has no tag managed-by=/);
  });
});

describe('the identity provider', () => {
  it.each([
    ['made', undefined],
    ['as it should be', { audiences: ['theirs', 'sts.amazonaws.com'] }],
    ['changed audiences', { audiences: ['theirs'] }],
  ])('is %s', (outcome, found) => {
    expect(outcomeOf(planProvider(found, DESIRED.providerArn))).toBe(outcome);
  });
});
