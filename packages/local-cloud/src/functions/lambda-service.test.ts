import { AwsError, type ServiceRequest } from '../endpoint/service.ts';
import { HostBench } from './functions.fixture.ts';
import { lambdaService } from './lambda-service.ts';

let bench: HostBench;
const accepted: unknown[][] = [];
beforeAll(async () => {
  const code = 'exports.handler = async (event) => { if (event.bad) throw new Error("no"); return event; };';
  bench = await HostBench.make({ echo: { code, environment: { TABLE: 'orders' } } });
  await bench.host.start();
});
afterAll(() => bench.stop());

/** One mapping, which remembers whether it is paused. */
const paused = {
  state: 'Enabled' as 'Enabled' | 'Disabled',
  states() {
    const sourceArn = 'arn:aws:sqs:eu-central-1:000000000000:mail';
    const { state } = this;
    return [
      { id: 'mail', functionName: 'echo', sourceArn, state, position: undefined, behind: 0, problem: '' },
    ];
  },
  pause() {
    this.state = 'Disabled';
  },
  resume() {
    this.state = 'Enabled';
  },
};

function call(method: string, url: string, body = '', headers: Record<string, string> = {}) {
  const service = lambdaService({
    functions: bench.host,
    mappings: paused,
    asyncInvoker: {
      invokeAsync: (...parameters) => {
        if (parameters[0] === 'nobody')
          throw new AwsError('ResourceNotFoundException', 'Function not found', 404);
        accepted.push(parameters);
        return 'request-1';
      },
    },
  });
  const request: ServiceRequest = {
    service: 'lambda',
    operation: method,
    method,
    url,
    headers,
    body: Buffer.from(body),
    caller: { kind: 'operator', name: 'me', roleArn: undefined },
  };
  return service(request);
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
    const name = encodeURIComponent('arn:aws:lambda:eu-central-1:000000000000:function:echo');
    expect(await call('POST', `/2015-03-31/functions/${name}/invocations?Qualifier=live`)).toMatchObject({
      body: '{}',
    });
  });

  it('says when the function failed', async () => {
    const answer = await call('POST', INVOKE, '{"bad":true}');
    expect(answer).toMatchObject({ status: 200, headers: { 'x-amz-function-error': 'Unhandled' } });
    expect(JSON.parse(String(answer.body))).toMatchObject({ errorType: 'Error', errorMessage: 'no' });
  });

  it('accepts an event without waiting for it', async () => {
    const answer = await call('POST', INVOKE, '{"a":1}', { 'x-amz-invocation-type': 'Event' });
    expect(answer).toEqual({ status: 202, headers: { 'x-amzn-requestid': 'request-1' }, body: '' });
    expect(accepted).toEqual([['echo', '{"a":1}', { kind: 'call', name: 'me', trace: undefined }]]);
  });

  it('does nothing in a dry run', async () => {
    expect(await call('POST', INVOKE, '{}', { 'x-amz-invocation-type': 'DryRun' })).toMatchObject({
      status: 204,
    });
  });

  it.each([
    ['a body that is no JSON', INVOKE, '{', {}, 'InvalidRequestContentException', 400],
    ['an event over 6 MB', INVOKE, `"${'x'.repeat(6 * 1024 * 1024)}"`, {}, 'RequestTooLargeException', 413],
    [
      'an asynchronous event over 1 MB',
      INVOKE,
      `"${'x'.repeat(1024 * 1024)}"`,
      { 'x-amz-invocation-type': 'Event' },
      'RequestTooLargeException',
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
    ['another operation', '/2015-03-31/event-source-mappings/', '{}', {}, 'UnknownOperationException', 404],
  ])('refuses %s', async (_what, url, body, headers, code, status) => {
    await expect(call('POST', url, body, headers)).rejects.toMatchObject({ code, status });
  });
});

it('ListFunctions names the functions and how they are configured', async () => {
  const { body } = await call('GET', '/2015-03-31/functions/?MaxItems=50');
  expect(JSON.parse(String(body))).toMatchObject({
    Functions: [
      {
        FunctionName: 'echo',
        FunctionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:echo',
        Runtime: 'nodejs24.x',
        Timeout: 10,
        MemorySize: 256,
        Environment: { Variables: { TABLE: 'orders' } },
      },
    ],
  });
});

describe('event source mappings', () => {
  const MAPPINGS = '/2015-03-31/event-source-mappings/';
  const parsed = async (method: string, url: string, body?: string) => {
    const answer = await call(method, url, body);
    return { status: answer.status, body: JSON.parse(String(answer.body)) as unknown };
  };
  const mapping = {
    UUID: 'mail',
    EventSourceArn: 'arn:aws:sqs:eu-central-1:000000000000:mail',
    FunctionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:echo',
    State: 'Enabled',
    LastProcessingResult: 'OK',
  };

  it.each([
    ['all', ''],
    ['those of a function', '?FunctionName=echo'],
    ['those of a source', `?EventSourceArn=${encodeURIComponent(mapping.EventSourceArn)}`],
  ])('are listed: %s', async (_, query) => {
    expect(await parsed('GET', MAPPINGS + query)).toEqual({
      status: 200,
      body: { EventSourceMappings: [mapping] },
    });
  });

  it('of another function are not listed', async () => {
    expect(await parsed('GET', `${MAPPINGS}?FunctionName=other`)).toMatchObject({
      body: { EventSourceMappings: [] },
    });
  });

  it('are paused and resumed', async () => {
    const off = await parsed('PUT', `${MAPPINGS}mail`, '{"Enabled":false}');
    const seen = await parsed('GET', `${MAPPINGS}mail`);
    const on = await parsed('PUT', `${MAPPINGS}mail`, '{"Enabled":true,"FunctionName":"echo"}');

    expect(off).toEqual({ status: 202, body: { ...mapping, State: 'Disabled' } });
    expect(seen.body).toEqual(off.body);
    expect(on.body).toEqual(mapping);
  });

  it.each([
    ['one that there is not', 'PUT', 'none', '{"Enabled":true}', 'ResourceNotFoundException'],
    [
      'a change of anything else',
      'PUT',
      'mail',
      '{"Enabled":true,"BatchSize":5}',
      'InvalidParameterValueException',
    ],
    ['no word of what to do', 'PUT', 'mail', '{}', 'InvalidParameterValueException'],
    ['to remove one', 'DELETE', 'mail', '', 'UnknownOperationException'],
  ])('refuse %s', async (_, method, id, body, name) => {
    await expect(call(method, MAPPINGS + id, body)).rejects.toMatchObject({ name });
    expect(paused.state).toBe('Enabled');
  });
});
