import { MovableClock } from '../clock.ts';
import { mappingUuid } from '../mappings/failure-message.ts';
import type { MappingState } from '../mappings/mapping-state.ts';
import type { Mapping } from '../stack/model.ts';
import { mappingOperations } from './event-source-mappings.ts';
import { lambdaCall } from './operations.ts';

const MAPPINGS = '/2015-03-31/event-source-mappings/';
const QUEUE = 'arn:aws:sqs:eu-central-1:000000000000:mail';
const STREAM = 'arn:aws:dynamodb:eu-central-1:000000000000:table/orders/stream/2026-01-01T00:00:00.000';
const DEFAULTS = {
  functionName: 'echo',
  enabled: true,
  batchWindowSeconds: 0,
  parallelizationFactor: 1,
  filters: [],
  bisectOnError: false,
  reportBatchItemFailures: false,
  maximumRetryAttempts: -1,
  maximumRecordAgeSeconds: -1,
  tumblingWindowSeconds: 0,
} satisfies Partial<Mapping>;
const mail: Mapping = { ...DEFAULTS, id: 'mail', sourceArn: QUEUE, batchSize: 10 };
const orders: Mapping = {
  ...DEFAULTS,
  id: 'orders',
  functionName: 'dispatch',
  sourceArn: STREAM,
  batchSize: 100,
  startingPosition: 'TRIM_HORIZON',
};
const told = {
  mail: {
    UUID: mappingUuid('mail'),
    EventSourceMappingArn: `arn:aws:lambda:eu-central-1:000000000000:event-source-mapping:${mappingUuid('mail')}`,
    EventSourceArn: QUEUE,
    FunctionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:echo',
    BatchSize: 10,
    MaximumBatchingWindowInSeconds: 0,
    FunctionResponseTypes: [],
    LastModified: expect.any(Number) as number,
    State: 'Enabled',
    StateTransitionReason: 'USER_INITIATED',
  },
  orders: {
    UUID: mappingUuid('orders'),
    EventSourceMappingArn: `arn:aws:lambda:eu-central-1:000000000000:event-source-mapping:${mappingUuid('orders')}`,
    EventSourceArn: STREAM,
    FunctionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:dispatch',
    BatchSize: 100,
    MaximumBatchingWindowInSeconds: 0,
    FunctionResponseTypes: [],
    LastModified: expect.any(Number) as number,
    State: 'Enabled',
    StateTransitionReason: 'User action',
    StartingPosition: 'TRIM_HORIZON',
    ParallelizationFactor: 1,
    BisectBatchOnFunctionError: false,
    MaximumRetryAttempts: -1,
    MaximumRecordAgeInSeconds: -1,
    TumblingWindowInSeconds: 0,
    DestinationConfig: { OnFailure: {} },
    LastProcessingResult: 'No records processed',
  },
};

const clock = new MovableClock();
afterAll(() => clock.stop());

/** Lambda's API in front of mappings that only remember what was asked of them. */
function api(mappings: readonly Mapping[] = [mail, orders], state: Partial<MappingState> = {}) {
  const paused = new Set<string>();
  const states = (): MappingState[] =>
    mappings.map(({ id, functionName, sourceArn }) => ({
      id,
      functionName,
      sourceArn,
      state: paused.has(id) ? 'Disabled' : 'Enabled',
      position: sourceArn === QUEUE ? undefined : 0,
      behind: 0,
      problem: '',
      ...state,
    }));
  const operations = new Map(
    mappingOperations({
      mappings: {
        states,
        pause: async (id) => void paused.add(id),
        resume: async (id) => void paused.delete(id),
      },
      stack: { mappings, region: 'eu-central-1', accountId: '000000000000' },
      clock,
    }),
  );
  const call = async (method: string, path = '', body = '') => {
    const request = {
      service: 'lambda',
      operation: method,
      method,
      url: MAPPINGS + path,
      headers: {},
      body: Buffer.from(body),
      caller: { kind: 'operator', name: 'me', roleArn: undefined } as const,
    };
    const found = lambdaCall(request);
    const answer = await operations.get(found.operation)!(found, request);
    return { status: answer.status, body: JSON.parse(String(answer.body)) as Record<string, unknown> };
  };
  return { call, paused };
}

describe('event source mappings', () => {
  it.each([
    ['all', '', ['mail', 'orders']],
    ['those of a function', '?FunctionName=echo', ['mail']],
    ['those of a function’s ARN', `?FunctionName=${encodeURIComponent(told.orders.FunctionArn)}`, ['orders']],
    ['those of a source', `?EventSourceArn=${encodeURIComponent(QUEUE)}`, ['mail']],
    ['those of nobody', '?FunctionName=other', []],
  ] as const)('are listed with all that AWS tells: %s', async (_, query, names) => {
    const { status, body } = await api().call('GET', query);
    expect([status, body]).toEqual([200, { EventSourceMappings: names.map((name) => told[name]) }]);
  });

  it('tell every setting', async () => {
    const full: Mapping = {
      ...orders,
      batchWindowSeconds: 5,
      parallelizationFactor: 10,
      startingPosition: 'LATEST',
      filters: ['{"eventName":["INSERT"]}'],
      bisectOnError: true,
      reportBatchItemFailures: true,
      maximumRetryAttempts: 3,
      maximumRecordAgeSeconds: 60,
      tumblingWindowSeconds: 30,
      onFailureDestination: QUEUE,
    };
    const { body } = await api([full]).call('GET', mappingUuid('orders'));
    expect(body).toEqual({
      ...told.orders,
      MaximumBatchingWindowInSeconds: 5,
      ParallelizationFactor: 10,
      StartingPosition: 'LATEST',
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 3,
      MaximumRecordAgeInSeconds: 60,
      TumblingWindowInSeconds: 30,
      DestinationConfig: { OnFailure: { Destination: QUEUE } },
    });
  });

  it.each([
    [{ position: 0 }, 'No records processed'],
    [{ position: 7 }, 'OK'],
    [{ position: 7, problem: 'Function call failed' }, 'PROBLEM: Function call failed'],
  ])('of a stream at %j last did: %s', async (state, LastProcessingResult) => {
    expect((await api([orders], state).call('GET', 'orders')).body).toMatchObject({ LastProcessingResult });
  });

  it.each(['mail', mappingUuid('mail')])('are paused and resumed by the name %s', async (name) => {
    const { call, paused } = api();
    const before = (await call('GET', name)).body['LastModified'] as number;
    await clock.advance(5_000);
    const off = await call('PUT', name, '{"Enabled":false}');
    expect(off).toEqual({ status: 202, body: { ...told.mail, State: 'Disabled' } });
    expect((off.body['LastModified'] as number) - before).toBeGreaterThanOrEqual(5);
    expect([...paused]).toEqual(['mail']);
    const on = await call('PUT', name, `{"Enabled":true,"FunctionName":"${told.mail.FunctionArn}"}`);
    expect(on.body).toEqual(told.mail);
    expect([...paused]).toEqual([]);
  });

  it.each([
    ['one that there is not', 'none', '{"Enabled":false}', 'ResourceNotFoundException'],
    [
      'a change of anything else',
      'mail',
      '{"Enabled":false,"BatchSize":5}',
      'InvalidParameterValueException',
    ],
    ['another function', 'mail', '{"Enabled":false,"FunctionName":"g"}', 'InvalidParameterValueException'],
    [
      'another alias',
      'mail',
      '{"Enabled":false,"FunctionName":"echo:live"}',
      'InvalidParameterValueException',
    ],
    ['no word of what to do', 'mail', '{}', 'InvalidParameterValueException'],
    ['what is no JSON', 'mail', '{', 'InvalidRequestContentException'],
    ['what is no object', 'mail', '[]', 'InvalidRequestContentException'],
  ])('refuse %s', async (_, name, body, code) => {
    const { call, paused } = api();
    await expect(call('PUT', name, body)).rejects.toMatchObject({ code });
    expect([...paused]).toEqual([]);
  });
});
