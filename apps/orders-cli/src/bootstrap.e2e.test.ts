import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT } from './prepare.ts';
import { startSmallStack, type SmallStack } from './testing/small-stack.ts';
import { type Recorder, startRecorder } from './testing/recorder.ts';

jest.setTimeout(120_000);

const ACCOUNT = '000000000000';
const BUCKET = `orderstream-state-${ACCOUNT}-eu-west-1`;
/** What only tells how something is. */
const READ = /^(?:GET|HEAD) |^(?:iam|sts) (?:Get|List)/;

describe('npm run bootstrap against the local endpoint', () => {
  let small: SmallStack;
  let recorder: Recorder;

  beforeEach(async () => {
    small = await startSmallStack();
    recorder = await startRecorder(small.session.status.endpoint);
  });
  afterEach(async () => {
    recorder.close();
    await small.close();
  });

  const bootstrap = async (...args: string[]) => {
    const child = spawn(
      process.execPath,
      [join(ROOT, 'infra/src/bootstrap/main.ts'), '--repository', 'acme/shop', ...args],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env['PATH'],
          AWS_ENDPOINT_URL: recorder.url,
          AWS_ACCESS_KEY_ID: 'administrator',
          AWS_SECRET_ACCESS_KEY: 'local',
        },
      },
    );
    const exit = once(child, 'exit');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = await exit;
    return { stdout, stderr, code: Number(code), calls: recorder.taken() };
  };

  /** Every item that was not as it should be, with what became of it. */
  const changed = async (...args: string[]) => {
    const { stdout } = await bootstrap('--json', ...args);
    const { items }: { items: { name: string; outcome: string }[] } = JSON.parse(stdout);
    return Object.fromEntries(
      items
        .filter(({ outcome }) => outcome !== 'as it should be')
        .map(({ name, outcome }) => [name, outcome]),
    );
  };

  /** A call of IAM as somebody else makes it. */
  const iam = async (form: Record<string, string>) => {
    const answer = await fetch(small.session.status.endpoint, {
      method: 'POST',
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=other/20260101/us-east-1/iam/aws4_request, Signature=0',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ Version: '2010-05-08', ...form }),
    });
    expect(answer.status).toBe(200);
  };

  const s3 = async (method: string, path: string, body?: string) => {
    const answer = await fetch(`${small.session.status.endpoint}${path}`, {
      method,
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=other/20260101/eu-west-1/s3/aws4_request, Signature=0',
      },
      ...(body !== undefined && { body }),
    });
    expect(answer.status).toBeLessThan(300);
  };

  it('makes everything, and the second time changes nothing', async () => {
    const first = await bootstrap();
    const second = await bootstrap();

    expect(first).toMatchObject({ stderr: '', code: 0 });
    expect(first.stdout).toMatch(/bucket +orderstream-state-000000000000-eu-west-1 +made/);
    expect(first.stdout).toMatch(/provider +token\.actions\.githubusercontent\.com +made/);
    expect(first.stdout).toMatch(/role +orderstream-deploy-prod +made/);
    expect(first.stdout).toContain(
      `gh variable set AWS_DEPLOY_ROLE --env prod --body arn:aws:iam::${ACCOUNT}:role/orderstream-deploy-prod`,
    );
    expect(first.calls.some((call) => !READ.test(call))).toBe(true);
    expect(second.stdout).not.toMatch(/made|changed/);
    expect(second.stdout.match(/as it should be/g)).toHaveLength(first.stdout.match(/ made$/gm)!.length);
    expect(second.calls.length).toBeGreaterThan(10);
    expect(second.calls.filter((call) => !READ.test(call))).toEqual([]);
  });

  it('mends what somebody changed, and names it', async () => {
    await bootstrap();
    const anyone = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };
    await s3(
      'PUT',
      `/${BUCKET}?versioning`,
      '<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>',
    );
    await s3('DELETE', `/${BUCKET}?policy`);
    await iam({
      Action: 'UpdateAssumeRolePolicy',
      RoleName: 'orderstream-deploy-prod',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [anyone] }),
    });
    await iam({ Action: 'CreatePolicy', PolicyName: 'more', PolicyDocument: '{"Statement":[]}' });
    await iam({
      Action: 'AttachRolePolicy',
      RoleName: 'orderstream-diff-dev',
      PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/more`,
    });

    const mended = await changed();

    expect(mended).toEqual({
      [BUCKET]: 'changed versioning, policy',
      'orderstream-deploy-prod': 'changed trust',
      'orderstream-diff-dev': 'changed policies (without more)',
    });
    expect(await changed()).toEqual({});
  });

  it('says with --dry-run what it would do, and does not', async () => {
    const { stdout, code, calls } = await bootstrap('--dry-run', '--environment', 'dev');

    expect(stdout).toMatch(/role +orderstream-deploy-dev +would be made/);
    expect(stdout).not.toContain('-prod');
    expect(calls.filter((call) => !READ.test(call))).toEqual([]);
    expect(code).toBe(1);
  });

  it('leaves the audiences that others added to the provider', async () => {
    await iam({
      Action: 'CreateOpenIDConnectProvider',
      Url: 'https://token.actions.githubusercontent.com',
      'ClientIDList.member.1': 'theirs',
    });

    const { 'token.actions.githubusercontent.com': outcome } = await changed();

    expect(outcome).toBe('changed audiences');
    expect(await changed()).toEqual({});
  });

  it('takes over no role that something else made, and changes nothing then', async () => {
    await iam({
      Action: 'CreateRole',
      RoleName: 'orderstream-deploy-dev',
      AssumeRolePolicyDocument: '{"Statement":[]}',
      'Tags.member.1.Key': 'owner',
      'Tags.member.1.Value': 'another team',
    });

    const { stderr, stdout, code, calls } = await bootstrap();

    expect(stderr).toMatch(/^The role orderstream-deploy-dev is there, but has no tag managed-by=.*\n$/);
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    expect(calls.filter((call) => !READ.test(call))).toEqual([]);
  });

  it('takes over no bucket that something else made', async () => {
    await s3('PUT', `/${BUCKET}`, '<C><LocationConstraint>eu-west-1</LocationConstraint></C>');

    const { stderr, code } = await bootstrap();

    expect(stderr).toMatch(
      /^The bucket orderstream-state-.* is there, but has no tag .* Give another --state-bucket/,
    );
    expect(code).toBe(1);
  });

  it('keeps the state where it is: a bucket in another region is refused', async () => {
    await bootstrap('--state-bucket', 'our-state', '--region', 'eu-central-1');

    const { stderr, code } = await bootstrap('--state-bucket', 'our-state', '--region', 'eu-west-1');

    expect(stderr).toMatch(
      /^The bucket our-state is in eu-central-1, not in eu-west-1: give --region eu-central-1/,
    );
    expect(code).toBe(1);
  });
});
