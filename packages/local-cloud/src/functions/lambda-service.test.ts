import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import { MovableClock } from '../clock.ts';
import { AwsError } from '../endpoint/service.ts';
import { HostBench, PUBLISHED } from './functions.fixture.ts';
import { lambdaService } from './lambda-service.ts';

let bench: HostBench;
const accepted: unknown[][] = [];
beforeAll(async () => {
  const code = `exports.handler = async (event, context) => {
    if (event.bad) throw new Error('no');
    if (event.says) console.log(event.says);
    return event.arn ? context.invokedFunctionArn : event;
  };`;
  bench = await HostBench.make({
    echo: { code, environment: { TABLE: 'orders' }, ...PUBLISHED },
  });
  await bench.host.start();
});
afterAll(() => bench.stop());

const clock = new MovableClock();
afterAll(() => clock.stop());
const ARN = 'arn:aws:lambda:eu-central-1:000000000000:function:echo';
/** No mappings: they have tests of their own. */
const NO_MAPPINGS = { states: () => [], pause: async () => undefined, resume: async () => undefined };

function call(method: string, url: string, body = '', headers: Record<string, string> = {}) {
  const service = lambdaService({
    functions: bench.host,
    mappings: NO_MAPPINGS,
    stack: { mappings: [], region: 'eu-central-1', accountId: '000000000000' },
    clock,
    asyncInvoker: {
      invokeAsync: async (...parameters) => {
        if (parameters[0] === 'nobody')
          throw new AwsError('ResourceNotFoundException', 'Function not found', 404);
        accepted.push(parameters);
        return 'request-1';
      },
    },
  });
  return service({
    service: 'lambda',
    operation: method,
    method,
    url,
    headers,
    body: Buffer.from(body),
    caller: { kind: 'operator', name: 'me', roleArn: undefined },
  });
}

const INVOKE = '/2015-03-31/functions/echo/invocations';

describe('Invoke', () => {
  it('answers with the function’s result', async () => {
    const answer = await call('POST', INVOKE, '{"a":1}', { 'x-amzn-trace-id': 'Root=1-2-3' });
    expect(answer).toEqual({
      status: 200,
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': bench.invocations.at(-1)!.id,
        'x-amz-executed-version': '$LATEST',
      },
      body: '{"a":1}',
    });
    expect(bench.invocations.at(-1)).toMatchObject({ causeKind: 'call', causeName: 'me' });
  });

  it('finds the function by its ARN', async () => {
    const url = `/2015-03-31/functions/${encodeURIComponent(ARN)}/invocations?Qualifier=live`;
    expect(await call('POST', url)).toMatchObject({ body: '{}', headers: { 'x-amz-executed-version': '1' } });
    expect(await call('POST', url, '{"arn":true}')).toMatchObject({ body: `"${ARN}:live"` });
  });

  it.each([
    ['echo%3Alive', ''],
    ['echo', '?Qualifier=live'],
    ['echo:live', '?Qualifier=live'],
  ])('calls the alias that is named in %s%s, whether it waits or not', async (name, query) => {
    const url = `/2015-03-31/functions/${name}/invocations${query}`;
    expect(await call('POST', url, '{"arn":true}')).toMatchObject({ body: `"${ARN}:live"` });
    await call('POST', url, '{}', { 'x-amz-invocation-type': 'Event' });
    expect(accepted.at(-1)?.[0]).toBe('echo:live');
  });

  it('says when the function failed', async () => {
    const answer = await call('POST', INVOKE, '{"bad":true}');
    expect(answer).toMatchObject({ status: 200, headers: { 'x-amz-function-error': 'Unhandled' } });
    expect(JSON.parse(String(answer.body))).toMatchObject({ errorType: 'Error', errorMessage: 'no' });
  });

  it('accepts an event without waiting for it', async () => {
    const answer = await call('POST', INVOKE, '{"a":1}', { 'x-amz-invocation-type': 'Event' });
    expect(answer).toEqual({ status: 202, headers: { 'x-amzn-requestid': 'request-1' }, body: '' });
    expect(accepted.at(-1)).toEqual(['echo', '{"a":1}', { kind: 'call', name: 'me', trace: undefined }]);
  });

  it('does nothing in a dry run, except to look for the function', async () => {
    const dry = { 'x-amz-invocation-type': 'DryRun' };
    const before = bench.invocations.length;
    expect(await call('POST', INVOKE, '{}', dry)).toMatchObject({ status: 204 });
    await expect(call('POST', INVOKE.replace('echo', 'nobody'), '{}', dry)).rejects.toMatchObject({
      status: 404,
    });
    expect(bench.invocations).toHaveLength(before);
  });

  it('gives the end of the log to who asks for it', async () => {
    const body = JSON.stringify({ says: `${'x'.repeat(5_000)}end` });
    const { headers } = await call('POST', INVOKE, body, { 'x-amz-log-type': 'Tail' });
    const log = Buffer.from(headers['x-amz-log-result'] ?? '', 'base64').toString();
    expect([log.length, log.slice(-5)]).toEqual([4_096, 'xend\n']);
    expect((await call('POST', INVOKE, body)).headers).not.toHaveProperty('x-amz-log-result');
  });

  it.each([
    ['a body that is no JSON', INVOKE, '{', {}, 'InvalidRequestContentException', 400],
    [
      'an event over 6 MB',
      INVOKE,
      `"${'x'.repeat(6 * 1024 * 1024)}"`,
      {},
      'RequestEntityTooLargeException',
      413,
    ],
    [
      'an asynchronous event over 1 MB',
      INVOKE,
      `"${'x'.repeat(1024 * 1024)}"`,
      { 'x-amz-invocation-type': 'Event' },
      'RequestEntityTooLargeException',
      413,
    ],
    [
      'an unknown way to invoke',
      INVOKE,
      '{}',
      { 'x-amz-invocation-type': 'Later' },
      'InvalidParameterValueException',
      400,
    ],
    ['an unknown function', INVOKE.replace('echo', 'nobody'), '{}', {}, 'ResourceNotFoundException', 404],
    ['an unknown alias', `${INVOKE}?Qualifier=beta`, '{}', {}, 'ResourceNotFoundException', 404],
    [
      'an unknown alias in a dry run',
      `${INVOKE}?Qualifier=beta`,
      '{}',
      { 'x-amz-invocation-type': 'DryRun' },
      'ResourceNotFoundException',
      404,
    ],
    [
      'two qualifiers that differ',
      `${INVOKE.replace('echo', 'echo:live')}?Qualifier=1`,
      '{}',
      {},
      'InvalidParameterValueException',
      400,
    ],
    [
      'a client context',
      INVOKE,
      '{}',
      { 'x-amz-client-context': 'e30=' },
      'InvalidParameterValueException',
      400,
    ],
  ])('refuses %s', async (_what, url, body, headers, code, status) => {
    await expect(call('POST', url, body, headers)).rejects.toMatchObject({ code, status });
  });
});

describe('the functions', () => {
  const zip = (code: string) => zipSync({ 'index.cjs': strToU8(code) });
  const NEW = zip("exports.handler = async () => 'new';");
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const FUNCTION = '/2015-03-31/functions/echo';
  const update = (members: Record<string, unknown>) =>
    call('PUT', `${FUNCTION}/code`, JSON.stringify(members));
  const parsed = async (answer: ReturnType<typeof call>) =>
    JSON.parse(String((await answer).body)) as Record<string, unknown>;
  const known = {
    FunctionName: 'echo',
    FunctionArn: ARN,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Timeout: 10,
    MemorySize: 256,
    Version: '$LATEST',
    PackageType: 'Zip',
    Environment: { Variables: { TABLE: 'orders' } },
    LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/echo' },
    CodeSize: expect.any(Number) as number,
    CodeSha256: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/) as string,
    LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/) as string,
    RevisionId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
  };
  const active = { ...known, State: 'Active', LastUpdateStatus: 'Successful' };

  it('are listed with how they are configured, without their state, as on AWS', async () => {
    const { Functions } = await parsed(call('GET', '/2015-03-31/functions/?MaxItems=50'));
    expect(Functions).toMatchObject([known]);
    expect((Functions as object[])[0]).not.toHaveProperty('State');
  });

  it('are told one by one', async () => {
    expect(await parsed(call('GET', FUNCTION))).toMatchObject({ Configuration: active });
    expect(await parsed(call('GET', `${FUNCTION}/configuration`))).toMatchObject(active);
    await expect(call('GET', '/2015-03-31/functions/nobody')).rejects.toMatchObject({ status: 404 });
  });

  it('are told by their alias, with the version that it points to', async () => {
    const live = { ...active, FunctionArn: `${ARN}:live`, Version: '1' };
    expect(await parsed(call('GET', `${FUNCTION}?Qualifier=live`))).toMatchObject({ Configuration: live });
    expect(await parsed(call('GET', `${FUNCTION}:live/configuration`))).toMatchObject(live);
  });

  it('have aliases to look at', async () => {
    const live = { AliasArn: `${ARN}:live`, Name: 'live', FunctionVersion: '1', Description: '' };
    expect(await parsed(call('GET', `${FUNCTION}/aliases/live`))).toEqual(live);
    expect(await parsed(call('GET', `${FUNCTION}/aliases`))).toEqual({ Aliases: [live] });
    expect(await parsed(call('GET', `${FUNCTION}/aliases?FunctionVersion=2`))).toEqual({ Aliases: [] });
    await expect(call('GET', `${FUNCTION}/aliases/beta`)).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: `Cannot find alias arn: ${ARN}:beta`,
      status: 404,
    });
  });

  it('run the code that UpdateFunctionCode gives them, from its answer on', async () => {
    const before = await parsed(call('GET', `${FUNCTION}/configuration`));
    const dry = await parsed(update({ ZipFile: base64(NEW), DryRun: true }));
    expect(dry).toEqual(before);
    const after = await parsed(update({ ZipFile: base64(NEW), RevisionId: before['RevisionId'] }));
    expect(after).toMatchObject({
      ...active,
      CodeSize: NEW.length,
      CodeSha256: createHash('sha256').update(NEW).digest('base64'),
    });
    expect(after['RevisionId']).not.toBe(before['RevisionId']);
    expect(await call('POST', INVOKE, '{}')).toMatchObject({ body: '"new"' });
    expect(await parsed(call('GET', `${FUNCTION}/configuration`))).toEqual(after);
  });

  it.each([
    ['no zip', { ZipFile: base64(strToU8('text')) }, 'InvalidParameterValueException', 'is no zip'],
    [
      'code that does not load',
      { ZipFile: base64(zip('}')) },
      'InvalidParameterValueException',
      'SyntaxError',
    ],
    ['no code', {}, 'InvalidParameterValueException', 'ZipFile is missing'],
    [
      'code from elsewhere',
      { S3Bucket: 'b', S3Key: 'k' },
      'InvalidParameterValueException',
      'S3Bucket, S3Key cannot be set here',
    ],
    ['an image', { ImageUri: 'i' }, 'InvalidParameterValueException', 'ImageUri cannot be set here'],
    ['a version', { ZipFile: base64(NEW), Publish: true }, 'InvalidParameterValueException', 'Publish'],
    [
      'another revision than the latest',
      { ZipFile: base64(NEW), RevisionId: 'old' },
      'PreconditionFailedException',
      'does not match the latest Revision Id',
    ],
  ])('refuse %s', async (_what, members, code, message) => {
    await expect(update(members)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  it.each([
    ['POST', '/2015-03-31/functions', 'CreateFunction'],
    ['DELETE', FUNCTION, 'DeleteFunction'],
    ['PUT', `${FUNCTION}/configuration`, 'UpdateFunctionConfiguration'],
    ['PUT', '/2017-10-31/functions/echo/concurrency', 'PutFunctionConcurrency'],
    ['POST', '/2015-03-31/event-source-mappings/', 'CreateEventSourceMapping'],
    ['GET', '/2015-03-31/elsewhere', 'GET /2015-03-31/elsewhere'],
  ])('refuse %s %s by the name of the operation', async (method, url, name) => {
    await expect(call(method, url, '{}')).rejects.toMatchObject({
      code: 'UnknownOperationException',
      message: expect.stringContaining(`${name} is not run here.`) as string,
    });
  });
});
