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
/** A bucket has these settings from the start: who finds it made has nothing to do there. */
const FROM_THE_START = /\?(?:encryption|publicAccessBlock|ownershipControls)/;
const OTHER_REGION = ['--region', 'us-east-1', '--state-bucket', `orderstream-state-${ACCOUNT}-us-east-1`];
/** What only tells how something is. */
const READ = /^(?:GET|HEAD) |^(?:iam|sts) (?:Get|List)/;

describe('npm run bootstrap against the local endpoint', () => {
  let small: SmallStack;
  let recorder: Recorder;

  const start = async () => {
    small = await startSmallStack();
    recorder = await startRecorder(small.session.status.endpoint);
  };
  const stop = async () => {
    recorder.close();
    await small.close();
  };
  beforeEach(start);
  afterEach(stop);

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

  it('that stops midway, wherever it is, goes on there the next time and does nothing twice', async () => {
    const isWrite = (call: string) => !READ.test(call);
    const atOnce = await bootstrap('--environment', 'dev');
    await stop();
    await start();

    const writes: string[] = [];
    const stops: string[] = [];
    recorder.allow(1, isWrite);
    let run = await bootstrap('--environment', 'dev');
    while (run.code !== 0 && stops.length < 100) {
      stops.push(run.stderr);
      writes.push(...run.calls.filter(isWrite));
      recorder.allow(1, isWrite);
      run = await bootstrap('--environment', 'dev');
    }
    writes.push(...run.calls.filter(isWrite));

    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(stops).toHaveLength(writes.length - 1);
    for (const stderr of stops)
      expect(stderr).toMatch(/^These credentials may not do that .* what is done stays done\.\n$/);
    expect(writes).toEqual(atOnce.calls.filter((call) => isWrite(call) && !FROM_THE_START.test(call)));
    // As many runs as there are writes.
  }, 300_000);

  it('takes a table of orders away only when it is told to', async () => {
    await bootstrap('--environment', 'dev', '--orders-table', 'Orders');

    const forgotten = await bootstrap('--environment', 'dev');
    const elsewhere = await bootstrap('--environment', 'dev', '--orders-table', 'Orders', ...OTHER_REGION);

    expect(forgotten.stderr).toMatch(
      /^The role orderstream-deploy-dev may use the orders table Orders, which is not given: /,
    );
    expect(elsewhere.stderr).toMatch(
      /^The role orderstream-deploy-dev is for eu-west-1, not for us-east-1: /,
    );
    expect([forgotten, elsewhere].flatMap(({ calls }) => calls).filter((call) => !READ.test(call))).toEqual(
      [],
    );
    expect(await changed('--environment', 'dev', '--no-orders-table')).toMatchObject({
      'orderstream-boundary-dev': 'changed permissions',
      'orderstream-deploy-dev': 'changed tags (without orders-table)',
    });
    expect(await changed('--environment', 'dev')).toEqual({});
  });

  it('makes no second bucket when a later run forgets the first', async () => {
    await bootstrap('--environment', 'dev', '--state-bucket', 'our-state');

    const forgotten = await bootstrap('--environment', 'dev');

    expect(forgotten.stderr).toMatch(
      /^The role orderstream-deploy-dev is for the state in the bucket our-state, not in orderstream-state-.*: give --state-bucket our-state\./,
    );
    expect(forgotten).toMatchObject({ stdout: '', code: 1 });
    expect(forgotten.calls.filter((call) => !READ.test(call))).toEqual([]);
    expect(await changed('--environment', 'dev', '--state-bucket', 'our-state')).toEqual({});
  });

  it('deletes policies of its own that no role needs any more', async () => {
    await bootstrap();
    const name = (number: number) => `orderstream-deploy-dev-${number}`;
    const { stdout } = await bootstrap('--json');
    const { items }: { items: { name: string }[] } = JSON.parse(stdout);
    const parts = items.filter((item) => item.name.startsWith('orderstream-deploy-dev-')).length;
    const arn = (number: number) => `arn:aws:iam::${ACCOUNT}:policy/${name(number)}`;
    for (const number of [parts + 1, parts + 2]) {
      await iam({
        Action: 'CreatePolicy',
        PolicyName: name(number),
        PolicyDocument: '{"Statement":[]}',
        'Tags.member.1.Key': 'managed-by',
        'Tags.member.1.Value': 'orderstream-bootstrap',
      });
      await iam({
        Action: 'CreatePolicyVersion',
        PolicyArn: arn(number),
        PolicyDocument: '{"Statement":[]}',
      });
    }
    await iam({
      Action: 'AttachRolePolicy',
      RoleName: 'orderstream-deploy-dev',
      PolicyArn: arn(parts + 1),
    });

    const mended = await changed();

    expect(mended).toEqual({
      'orderstream-deploy-dev': `changed policies (without ${name(parts + 1)})`,
      [name(parts + 2)]: 'deleted',
      [name(parts + 1)]: 'deleted',
    });
    expect(await changed()).toEqual({});
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
