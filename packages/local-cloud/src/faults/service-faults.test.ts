import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Endpoint } from '../endpoint/endpoint.ts';
import { AwsError, jsonResponse, type ServiceHandler, type ServiceRequest } from '../endpoint/service.ts';
import { type FaultsBench, faultsBench } from './faults.fixture.ts';

let bench: FaultsBench;
let endpoint: Endpoint;
let seen: ServiceRequest[];
let errors: unknown[];
let answer: (request: ServiceRequest) => object;
const clients: { destroy(): void }[] = [];

/** An endpoint behind which everything succeeds, with these faults. */
async function start(...faults: object[]): Promise<string> {
  bench = faultsBench(faults);
  const handler: ServiceHandler = async (request) => {
    seen.push(request);
    return jsonResponse(answer(request));
  };
  const xml: ServiceHandler = async (request) => {
    seen.push(request);
    const body = '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>';
    return { status: 200, headers: { 'content-type': 'text/xml' }, body };
  };
  const handlers = { dynamodb: handler, sqs: handler, events: handler, states: handler, ses: handler };
  endpoint = new Endpoint({
    handlers: bench.faults.handlers({ ...handlers, sns: xml, s3: xml, es: handler }),
    callers: new Map([['shop-api', { kind: 'function', name: 'shop-api', roleArn: undefined } as const]]),
    onError: (error) => errors.push(error),
  });
  return `http://127.0.0.1:${await endpoint.listen(0)}`;
}

function client<Client extends { destroy(): void }>(
  Service: new (config: object) => Client,
  url: string,
  { maxAttempts = 1, accessKeyId = 'operator' } = {},
): Client {
  const credentials = { accessKeyId, secretAccessKey: 'secret' };
  const settings = { endpoint: url, region: 'eu-west-1', maxAttempts, forcePathStyle: true, credentials };
  const made = new Service(settings);
  clients.push(made);
  return made;
}

const put = new PutItemCommand({ TableName: 'orders', Item: { id: { S: '1' } } });
const get = new GetItemCommand({ TableName: 'orders', Key: { id: { S: '1' } } });

/** What a client meets whose connection is ended. */
const BROKEN = { message: expect.stringContaining('socket hang up') as string };

interface Tried {
  readonly $metadata: { readonly attempts?: number };
}

/** A call of each service, as its own client makes it. */
const CALLS: Record<string, (url: string, maxAttempts: number) => Promise<Tried>> = {
  dynamodb: (url, maxAttempts) => client(DynamoDBClient, url, { maxAttempts }).send(put),
  sqs: (url, maxAttempts) =>
    client(SQSClient, url, { maxAttempts }).send(
      new SendMessageCommand({ QueueUrl: `${url}/0/work`, MessageBody: 'a' }),
    ),
  sns: (url, maxAttempts) =>
    client(SNSClient, url, { maxAttempts }).send(new PublishCommand({ TopicArn: 'a', Message: 'a' })),
  events: (url, maxAttempts) =>
    client(EventBridgeClient, url, { maxAttempts }).send(new PutEventsCommand({ Entries: [] })),
  states: (url, maxAttempts) =>
    client(SFNClient, url, { maxAttempts }).send(new StartExecutionCommand({ stateMachineArn: 'a' })),
  s3: (url, maxAttempts) =>
    client(S3Client, url, { maxAttempts }).send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' })),
  ses: (url, maxAttempts) =>
    client(SESv2Client, url, { maxAttempts }).send(
      new SendEmailCommand({ Content: { Raw: { Data: Buffer.from('a') } } }),
    ),
};

beforeEach(() => {
  seen = [];
  errors = [];
  // SQS's client compares this with what it has sent.
  answer = () => ({ MD5OfMessageBody: '0cc175b9c0f1b6a831c399e269772661' });
  // Clients wait a random time before they try again: none.
  jest.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(async () => {
  jest.restoreAllMocks();
  for (const made of clients.splice(0)) made.destroy();
  await endpoint.close();
  bench.stop();
});

describe.each([
  ['dynamodb', 'PutItem', 'InternalServerError', 500, 'ProvisionedThroughputExceededException', 400],
  ['sqs', 'SendMessage', 'InternalFailure', 500, 'RequestThrottled', 403],
  ['sns', 'Publish', 'InternalErrorException', 500, 'ThrottledException', 429],
  ['events', 'PutEvents', 'InternalException', 500, 'ThrottlingException', 400],
  ['states', 'StartExecution', 'InternalFailure', 500, 'ThrottlingException', 400],
  ['s3', 'PutObject', 'InternalError', 500, 'SlowDown', 503],
  ['ses', 'SendEmail', 'InternalServiceErrorException', 500, 'TooManyRequestsException', 429],
])('%s', (service, operation, internal, internalStatus, throttled, throttledStatus) => {
  it.each([
    ['error', internal, internalStatus],
    ['throttle', throttled, throttledStatus],
  ])(
    `fails with its own %s, ${operation} is not carried out, and its client tries again`,
    async (kind, name, status) => {
      const url = await start({ service, operation, kind, probability: 1, most: 2 });

      const $metadata = { httpStatusCode: status };
      await expect(CALLS[service]!(url, 1)).rejects.toMatchObject({ name, $metadata });
      expect(seen).toHaveLength(0);
      expect((await CALLS[service]!(url, 2)).$metadata.attempts).toBe(2);
      expect(seen).toHaveLength(1);
      expect(bench.faults.strikes()).toMatchObject([{ considered: 2, struck: 2, sites: [{ operation }] }]);
      expect(errors).toEqual([]);
    },
  );

  it('answers only after its latency', async () => {
    const url = await start({ service, kind: 'latency', probability: 1, ms: 3_600_000 });

    const sent = CALLS[service]!(url, 1);
    await bench.untilAsleep();
    expect(seen).toHaveLength(0);
    await bench.clock.advance(3_600_000);
    await sent;

    expect(seen).toHaveLength(1);
  });

  it('loses the answer, not the effect', async () => {
    const url = await start({ service, kind: 'lostAnswer', probability: 1 });

    await expect(CALLS[service]!(url, 1)).rejects.toMatchObject(BROKEN);

    expect(seen).toHaveLength(1);
    expect(errors).toEqual([]);
  });

  it('is called twice', async () => {
    const url = await start({ service, kind: 'duplicate', probability: 1 });

    await CALLS[service]!(url, 1);

    expect(seen).toHaveLength(2);
    expect(seen[0]!.body).toEqual(seen[1]!.body);
  });
});

describe('an error', () => {
  it('has the code, status and message that the fault gives it', async () => {
    const fault = { kind: 'error', code: 'TransactionConflictException', status: 409, message: 'Later.' };
    const url = await start({ service: 'dynamodb', probability: 1, ...fault });

    await expect(CALLS['dynamodb']!(url, 1)).rejects.toMatchObject({
      name: 'TransactionConflictException',
      message: 'Later.',
      $metadata: { httpStatusCode: 409 },
    });
  });

  const search = async (url: string) => {
    const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=a/20260101/eu-west-1/es/aws4_request' };
    const refused = await fetch(`${url}/orders/_search?q=a`, { headers });
    return { status: refused.status, type: refused.headers.get('content-type'), body: await refused.text() };
  };

  it('of a search has OpenSearch’s form', async () => {
    const code = 'rejected_execution_exception';
    const url = await start({
      service: 'es',
      kind: 'error',
      code,
      status: 429,
      message: 'No.',
      probability: 1,
    });

    const { status, body } = await search(url);

    expect(status).toBe(429);
    expect(JSON.parse(body)).toEqual({
      error: { type: code, reason: 'No.', root_cause: [{ type: code, reason: 'No.' }] },
      status: 429,
    });
  });

  it('that throttles a search is plain text, as Amazon OpenSearch Service answers', async () => {
    const url = await start({ service: 'es', kind: 'throttle', probability: 1 });

    expect(await search(url)).toEqual({
      status: 429,
      type: 'text/plain;charset=ISO-8859-1',
      body: '429 Too Many Requests /orders/_search',
    });
  });
});

describe('a lost answer', () => {
  it('may be an error of the service instead of a broken connection', async () => {
    const url = await start({ service: 'dynamodb', kind: 'lostAnswer', answer: 'error', probability: 1 });

    await expect(CALLS['dynamodb']!(url, 1)).rejects.toMatchObject({ name: 'InternalServerError' });

    expect(seen).toHaveLength(1);
  });

  it('makes the client send the same again, with the effect twice', async () => {
    const url = await start({ service: 'dynamodb', kind: 'lostAnswer', probability: 1, most: 1 });

    expect((await CALLS['dynamodb']!(url, 2)).$metadata.attempts).toBe(2);

    expect(seen).toHaveLength(2);
  });

  it('may be a refusal', async () => {
    const url = await start({ service: 'dynamodb', kind: 'lostAnswer', probability: 1 });
    answer = () => {
      throw new AwsError('ConditionalCheckFailedException', 'no');
    };

    await expect(CALLS['dynamodb']!(url, 1)).rejects.toMatchObject(BROKEN);
  });
});

it('a duplicate’s answer is that of the second time, as after a client’s own retry', async () => {
  const url = await start({ service: 'dynamodb', kind: 'duplicate', probability: 1 });
  answer = () => {
    if (seen.length > 1) throw new AwsError('ConditionalCheckFailedException', 'it is there');
    return {};
  };

  await expect(CALLS['dynamodb']!(url, 1)).rejects.toThrow(ConditionalCheckFailedException);
});

it.each([
  [{}, 60_000],
  [{ ms: 5_000 }, 5_000],
])(
  'a timeout %j is not answered until its end, by the cloud’s clock, and has no effect',
  async (more, ms) => {
    const url = await start({ service: 'dynamodb', kind: 'timeout', probability: 1, ...more });
    const ended = jest.fn();

    const sent = CALLS['dynamodb']!(url, 1).catch((error: unknown) => (ended(), error));
    await bench.untilAsleep();
    await bench.clock.advance(ms - 1_000);
    expect(ended).not.toHaveBeenCalled();
    await bench.clock.advance(1_000);

    expect(await sent).toMatchObject(BROKEN);
    expect(seen).toHaveLength(0);
  },
);

it.each([
  ['before', 0],
  ['after', 1],
])('the process is killed %s the effect, and the client hears nothing', async (at, effects) => {
  const url = await start({ service: 'dynamodb', kind: 'kill', at, probability: 1 });

  await expect(CALLS['dynamodb']!(url, 1)).rejects.toMatchObject(BROKEN);

  expect(bench.killed()).toBe(1);
  expect(seen).toHaveLength(effects);
});

it('only what a fault means is struck: the operation, and the function that calls', async () => {
  const url = await start(
    { service: 'dynamodb', operation: 'GetItem', function: 'api', kind: 'throttle', probability: 1 },
    { service: 'sqs', kind: 'throttle', probability: 1 },
  );
  const api = client(DynamoDBClient, url, { accessKeyId: 'shop-api' });
  const operator = client(DynamoDBClient, url);

  await api.send(put);
  await operator.send(get);

  await expect(api.send(get)).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  expect(seen.map(({ operation }) => operation)).toEqual(['PutItem', 'GetItem']);
});

it('several faults strike together, the first of the plan outermost', async () => {
  const url = await start(
    { service: 'dynamodb', kind: 'latency', ms: 60_000, probability: 1 },
    { service: 'dynamodb', kind: 'throttle', probability: 1 },
    { service: 'dynamodb', kind: 'duplicate', probability: 1 },
  );

  const sent = CALLS['dynamodb']!(url, 1);
  const refused = expect(sent).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  await bench.untilAsleep();
  await bench.clock.advance(60_000);
  await refused;

  expect(bench.faults.strikes().map(({ considered }) => considered)).toEqual([1, 1, 0]);
});

it('the same seed strikes the same calls of a whole run', async () => {
  const run = async (seed: number) => {
    const url = await start({ service: 'dynamodb', kind: 'throttle', probability: 0.4 }, { seed });
    const dynamodb = client(DynamoDBClient, url);
    const outcomes: boolean[] = [];
    for (let n = 0; n < 30; n++)
      outcomes.push(
        await dynamodb.send(get).then(
          () => true,
          () => false,
        ),
      );
    await endpoint.close();
    bench.stop();
    return outcomes;
  };

  const first = await run(7);
  expect(await run(7)).toEqual(first);
  expect(await run(8)).not.toEqual(first);
});

it('a handler that no fault means is the same as before', async () => {
  await start({ service: 'dynamodb', kind: 'throttle', probability: 1 });
  const handler: ServiceHandler = async () => jsonResponse({});

  expect(bench.faults.handler('sqs', handler)).toBe(handler);
  expect(bench.faults.handler('something', handler)).toBe(handler);
});
