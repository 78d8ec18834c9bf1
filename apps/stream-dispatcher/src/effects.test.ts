import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createHash, createHmac } from 'node:crypto';
import type { Effects } from './dispatch.ts';
import { awsEffects } from './effects.ts';
import { Quarantine } from './quarantine.ts';
import { AwsServer, type Received } from './testing/aws-server.ts';
import { unreadable } from './testing/records.ts';

const server = new AwsServer();
let effects: Effects;

beforeAll(async () => {
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'hush' };
  const aws = { region: 'eu-west-1', endpoint: await server.start(), credentials, maxAttempts: 1 };
  process.env['AWS_REGION'] = aws.region;
  process.env['AWS_ENDPOINT_URL'] = aws.endpoint;
  process.env['AWS_ACCESS_KEY_ID'] = credentials.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = credentials.secretAccessKey;
  effects = awsEffects({
    workflows: new SFNClient(aws),
    stateMachineArn: 'arn:workflow',
    events: new EventBridgeClient(aws),
    quarantine: new Quarantine('letters'),
  });
});

beforeEach(() => server.forget());
afterAll(() => server.stop());

describe('starting a workflow', () => {
  const TRACE = 'Root=1-4ec1c1c0-0123456789abcdef01234567;Sampled=1';

  it.each([
    ['with its trace', TRACE, { traceHeader: TRACE }],
    ['without one', undefined, {}],
  ])('names the execution and goes on %s', async (_, trace, traced) => {
    const input = { orderId: 'o-1', ...(trace === undefined ? {} : { trace }) };

    await effects.start({ executionName: 'o-1', input });

    const [{ operation, body }] = server.received as [Received];
    expect(operation).toBe('AWSStepFunctions.StartExecution');
    expect(JSON.parse(body)).toEqual({
      stateMachineArn: 'arn:workflow',
      name: 'o-1',
      input: JSON.stringify(input),
      ...traced,
    });
  });

  it('that was started before is no error', async () => {
    server.answers.set('AWSStepFunctions.StartExecution', {
      status: 400,
      body: { __type: 'com.amazonaws.swf.service.v2.model#ExecutionAlreadyExists', message: 'Exists' },
    });

    await expect(effects.start({ executionName: 'o-1', input: { orderId: 'o-1' } })).resolves.toBeUndefined();
  });

  it('that is refused otherwise is one', async () => {
    server.answers.set('AWSStepFunctions.StartExecution', {
      status: 400,
      body: { __type: 'StateMachineDoesNotExist', message: 'There is none' },
    });

    await expect(effects.start({ executionName: 'o-1', input: { orderId: 'o-1' } })).rejects.toThrow(
      'There is none',
    );
  });
});

it('publishing tells of each entry why the bus did not take it', async () => {
  server.answers.set('AWSEvents.PutEvents', {
    status: 200,
    body: { FailedEntryCount: 1, Entries: [{ EventId: '1' }, { ErrorCode: 'ThrottlingException' }] },
  });

  const reasons = await effects.publish([{ Detail: '{}' }, { Detail: '{}' }]);

  expect(reasons).toEqual([undefined, 'ThrottlingException']);
});

describe('quarantine', () => {
  it('keeps the whole record and the reason under a key of its own', async () => {
    const record = unreadable('o-1');

    await effects.quarantine(record, 'status "LOST" is no order status');

    const [{ method, path, body }] = server.received as [Received];
    expect(method).toBe('PUT');
    const number = record.dynamodb.SequenceNumber.padStart(40, '0');
    expect(path).toBe(`/letters/quarantine/shop-orders/2011-11-14/${number}-${record.eventID}.json`);
    expect(JSON.parse(body)).toEqual({ reason: 'status "LOST" is no order status', record });
  });

  it('signs the request as S3 checks it', async () => {
    await effects.quarantine(unreadable('o-1'), 'Ünreadable');

    const [request] = server.received as [Received];
    expect(request.headers['x-amz-content-sha256']).toBe(sha256(request.body));
    expect(request.headers.authorization).toContain(`Signature=${signatureOf(request)}`);
  });

  it('leaves a record that is kept already as it is', async () => {
    server.answers.set('PUT', { status: 412, body: { Code: 'PreconditionFailed' } });

    await effects.quarantine(unreadable('o-1'), '');

    expect(server.received.map(({ headers }) => headers['if-none-match'])).toEqual(['*']);
  });

  it('that S3 does not keep is an error with its words', async () => {
    server.answers.set('PUT', { status: 503, body: { Code: 'SlowDown' } });

    await expect(effects.quarantine(unreadable('o-1'), '')).rejects.toThrow(/503 .*SlowDown/);
  });
});

function sha256(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function signatureOf({ method, path, headers, body }: Received): string {
  const signed = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')![1]!;
  const lines = signed.split(';').map((name) => `${name}:${headers[name]}\n`);
  const canonical = [method, path, '', lines.join(''), signed, sha256(body)].join('\n');
  const time = String(headers['x-amz-date']);
  const scope = [time.slice(0, 8), 'eu-west-1', 's3', 'aws4_request'];
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n');
  const hmac = (key: string | Buffer, value: string) => createHmac('sha256', key).update(value).digest();
  return hmac(scope.reduce<string | Buffer>(hmac, 'AWS4hush'), toSign).toString('hex');
}
