import type { ServiceHandler } from '../endpoint/service.ts';
import { ACCOUNT, errorOf, formRequest } from './accounts.fixture.ts';
import { identityService } from './identity-service.ts';

const URL = 'https://tokens.example.com';
const PROVIDER = { OpenIDConnectProviderArn: `arn:aws:iam::${ACCOUNT}:oidc-provider/tokens.example.com` };
const POLICY = { PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/read` };
const ROLE = { RoleName: 'deploy' };
const TRUST = '{"Statement": [{"Effect": "Allow & more"}]}';

describe('IAM of the local cloud', () => {
  let iam: ServiceHandler;
  const call = async (operation: string, form: Record<string, string> = {}) =>
    String((await iam(formRequest(operation, form))).body);
  const error = (operation: string, form: Record<string, string> = {}) =>
    errorOf(iam, formRequest(operation, form));

  beforeEach(async () => {
    iam = identityService(ACCOUNT);
    await call('CreateOpenIDConnectProvider', { Url: URL, 'ClientIDList.member.1': 'theirs' });
    await call('CreatePolicy', { PolicyName: 'read', PolicyDocument: '{"v":1}' });
    await call('CreateRole', {
      ...ROLE,
      AssumeRolePolicyDocument: TRUST,
      'Tags.member.1.Key': 'team',
      'Tags.member.1.Value': 'a&b',
    });
  });

  it('tells a role as it was made, its trust encoded as IAM does', async () => {
    const role = await call('GetRole', ROLE);

    expect(role).toContain(`<Arn>arn:aws:iam::${ACCOUNT}:role/deploy</Arn>`);
    expect(role).toContain(
      `<AssumeRolePolicyDocument>${encodeURIComponent(TRUST)}</AssumeRolePolicyDocument>`,
    );
    expect(role).toContain('<Tags><member><Key>team</Key><Value>a&amp;b</Value></member></Tags>');
  });

  it('keeps one value for a key, and takes tags away by it', async () => {
    await call('TagRole', { ...ROLE, 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': 'c' });
    const tagged = await call('GetRole', ROLE);
    await call('UntagRole', { ...ROLE, 'TagKeys.member.1': 'team' });

    expect(tagged).toContain('<Tags><member><Key>team</Key><Value>c</Value></member></Tags>');
    expect(await call('GetRole', ROLE)).toContain('<Tags></Tags>');
  });

  it('lets a role be had for an hour, or as long as it is told', async () => {
    const before = await call('GetRole', ROLE);
    await call('UpdateRole', { ...ROLE, MaxSessionDuration: '7200' });

    expect(before).toContain('<MaxSessionDuration>3600</MaxSessionDuration>');
    expect(await call('GetRole', ROLE)).toContain('<MaxSessionDuration>7200</MaxSessionDuration>');
  });

  it('replaces a trust', async () => {
    await call('UpdateAssumeRolePolicy', { ...ROLE, PolicyDocument: '{}' });

    expect(await call('GetRole', ROLE)).toContain('<AssumeRolePolicyDocument>%7B%7D<');
  });

  it('attaches policies to a role and takes them off', async () => {
    await call('AttachRolePolicy', { ...ROLE, ...POLICY });
    const attached = await call('ListAttachedRolePolicies', ROLE);
    await call('DetachRolePolicy', { ...ROLE, ...POLICY });

    expect(attached).toContain(
      `<member><PolicyName>read</PolicyName><PolicyArn>${POLICY.PolicyArn}</PolicyArn></member>`,
    );
    expect(await call('ListAttachedRolePolicies', ROLE)).toContain('<AttachedPolicies></AttachedPolicies>');
  });

  it('deletes a policy that has one version and that no role has', async () => {
    await call('AttachRolePolicy', { ...ROLE, ...POLICY });
    const attached = await error('DeletePolicy', POLICY);
    await call('DetachRolePolicy', { ...ROLE, ...POLICY });
    await call('CreatePolicyVersion', { ...POLICY, PolicyDocument: '{"v":2}' });
    const withVersions = await error('DeletePolicy', POLICY);
    await call('DeletePolicyVersion', { ...POLICY, VersionId: 'v2' });
    await call('DeletePolicy', POLICY);

    expect([attached, withVersions]).toEqual(['DeleteConflict 409', 'DeleteConflict 409']);
    expect(await error('GetPolicy', POLICY)).toBe('NoSuchEntity 404');
  });

  it('writes policies into a role and deletes them', async () => {
    await call('PutRolePolicy', { ...ROLE, PolicyName: 'own', PolicyDocument: '{}' });
    const written = await call('ListRolePolicies', ROLE);
    await call('DeleteRolePolicy', { ...ROLE, PolicyName: 'own' });

    expect(written).toContain('<PolicyNames><member>own</member></PolicyNames>');
    expect(await call('ListRolePolicies', ROLE)).toContain('<PolicyNames></PolicyNames>');
  });

  it('adds an audience to a provider once', async () => {
    await call('AddClientIDToOpenIDConnectProvider', { ...PROVIDER, ClientID: 'ours' });
    await call('AddClientIDToOpenIDConnectProvider', { ...PROVIDER, ClientID: 'ours' });

    expect(await call('GetOpenIDConnectProvider', PROVIDER)).toContain(
      '<ClientIDList><member>theirs</member><member>ours</member></ClientIDList>',
    );
    expect(await call('ListOpenIDConnectProviders')).toContain(PROVIDER.OpenIDConnectProviderArn);
  });

  it('keeps five versions of a policy, of which one is in force', async () => {
    const version = { ...POLICY, PolicyDocument: '{"v":2}', SetAsDefault: 'true' };
    for (let made = 2; made <= 5; made += 1) await call('CreatePolicyVersion', version);

    expect(await call('GetPolicy', POLICY)).toContain('<DefaultVersionId>v5</DefaultVersionId>');
    expect(await error('CreatePolicyVersion', version)).toBe('LimitExceeded 409');
    expect(await error('DeletePolicyVersion', { ...POLICY, VersionId: 'v5' })).toBe('DeleteConflict 409');
    await call('DeletePolicyVersion', { ...POLICY, VersionId: 'v1' });
    await call('CreatePolicyVersion', version);
    expect(await call('GetPolicyVersion', { ...POLICY, VersionId: 'v6' })).toContain(
      `<Document>${encodeURIComponent('{"v":2}')}</Document>`,
    );
    expect((await call('ListPolicyVersions', POLICY)).match(/<VersionId>v\d/g)).toEqual(
      ['v6', 'v5', 'v4', 'v3', 'v2'].map((id) => `<VersionId>${id}`),
    );
  });

  it.each([
    ['GetRole', { RoleName: 'none' }, 'NoSuchEntity 404'],
    ['GetPolicy', { PolicyArn: 'arn:none' }, 'NoSuchEntity 404'],
    ['GetPolicyVersion', { ...POLICY, VersionId: 'v9' }, 'NoSuchEntity 404'],
    ['GetOpenIDConnectProvider', { OpenIDConnectProviderArn: 'arn:none' }, 'NoSuchEntity 404'],
    ['AttachRolePolicy', { ...ROLE, PolicyArn: 'arn:none' }, 'NoSuchEntity 404'],
    ['DetachRolePolicy', { ...ROLE, ...POLICY }, 'NoSuchEntity 404'],
    ['CreateRole', { ...ROLE, AssumeRolePolicyDocument: '{}' }, 'EntityAlreadyExists 409'],
    ['CreatePolicy', { PolicyName: 'read', PolicyDocument: '{}' }, 'EntityAlreadyExists 409'],
    ['CreateOpenIDConnectProvider', { Url: URL }, 'EntityAlreadyExists 409'],
    ['CreatePolicy', { PolicyName: 'new', PolicyDocument: 'x' }, 'MalformedPolicyDocument 400'],
    [
      'CreatePolicy',
      { PolicyName: 'new', PolicyDocument: JSON.stringify('x'.repeat(6_143)) },
      'LimitExceeded 409',
    ],
    ['CreatePolicy', { PolicyName: 'new', PolicyDocument: JSON.stringify(' '.repeat(9_000)) }, 'none'],
    ['GetRole', {}, 'ValidationError 400'],
  ])('answers %s with %j as IAM does: %s', async (operation, form: Record<string, string>, expected) => {
    expect(await error(operation, form)).toBe(expected);
  });

  it('attaches ten policies to a role and no more', async () => {
    const errors: string[] = [];
    for (let at = 1; at <= 11; at += 1) {
      await call('CreatePolicy', { PolicyName: `p${at}`, PolicyDocument: '{}' });
      const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/p${at}`;
      errors.push(await error('AttachRolePolicy', { ...ROLE, PolicyArn }));
    }

    expect(errors).toEqual([...Array<string>(10).fill('none'), 'LimitExceeded 409']);
  });
});
