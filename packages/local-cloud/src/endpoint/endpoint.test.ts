import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand, ResourceNotFoundException } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Endpoint } from './endpoint.ts';
import { localJson } from './local-paths.ts';
import { AwsError, jsonResponse } from './service.ts';
import type { ServiceHandler, ServiceRequest } from './service.ts';

const MAXIMUM = 1_000_000;

let endpoint: Endpoint;
let port: number;
let url: string;
let handlers: Record<string, ServiceHandler>;
let errors: [error: unknown, call: string][];
let isOpen: boolean;
const clients: { destroy(): void }[] = [];

beforeEach(async () => {
  handlers = {};
  errors = [];
  isOpen = true;
  const orderApi = {
    kind: 'function',
    name: 'order-api',
    roleArn: 'arn:aws:iam::000000000000:role/order-api',
  } as const;
  endpoint = new Endpoint({
    handlers,
    callers: new Map([['key-of-order-api', orderApi]]),
    local: {
      echo: async ({ method, path, query, body }) =>
        localJson({ method, path, query: [...query], body: body.toString() }, 201),
      page: async () => ({ contentType: 'text/html', body: '<p>' }),
      broken: async () => {
        throw new Error('oh no');
      },
    },
    onError: (error, call) => errors.push([error, call]),
    maximumBodyBytes: MAXIMUM,
    isOpen: () => isOpen,
  });
  port = await endpoint.listen(0);
  url = `http://127.0.0.1:${port}`;
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await endpoint.close();
});

function client<Client extends { destroy(): void }>(
  Service: new (config: {
    endpoint: string;
    region: string;
    maxAttempts: number;
    forcePathStyle: boolean;
    credentials: { accessKeyId: string; secretAccessKey: string };
  }) => Client,
  accessKeyId = 'operator',
): Client {
  const credentials = { accessKeyId, secretAccessKey: 'secret' };
  const made = new Service({
    endpoint: url,
    region: 'eu-west-1',
    maxAttempts: 1,
    forcePathStyle: true,
    credentials,
  });
  clients.push(made);
  return made;
}

/** Handles a service with a fixed answer and keeps the requests. */
function handle(service: string, answer: () => unknown): ServiceRequest[] {
  const seen: ServiceRequest[] = [];
  handlers[service] = async (request) => {
    seen.push(request);
    return jsonResponse(answer());
  };
  return seen;
}

function fail(service: string, error: Error): void {
  handlers[service] = async () => {
    throw error;
  };
}

describe('a call of an SDK client', () => {
  it('reaches the handler of its service with operation and body, and its answer comes back', async () => {
    const seen = handle('dynamodb', () => ({ Item: { id: { S: '1' } } }));
    const get = new GetItemCommand({ TableName: 'orders', Key: { id: { S: '1' } } });

    expect((await client(DynamoDBClient).send(get)).Item).toEqual({ id: { S: '1' } });

    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ service: 'dynamodb', operation: 'GetItem', method: 'POST', url: '/' });
    expect(JSON.parse(seen[0]!.body.toString())).toEqual({ TableName: 'orders', Key: { id: { S: '1' } } });
  });

  it('is known to be made by a function by its access key, and by an operator with any other', async () => {
    const seen = handle('dynamodb', () => ({}));
    const get = new GetItemCommand({ TableName: 'orders', Key: {} });

    await client(DynamoDBClient, 'key-of-order-api').send(get);
    await client(DynamoDBClient, 'someone').send(get);

    expect(seen.map(({ caller }) => caller)).toEqual([
      { kind: 'function', name: 'order-api', roleArn: 'arn:aws:iam::000000000000:role/order-api' },
      { kind: 'operator', name: 'someone', roleArn: undefined },
    ]);
  });

  it('carries the request id that the answer has', async () => {
    handle('states', () => ({ executionArn: 'arn', startDate: 1 }));
    const { $metadata } = await client(SFNClient).send(new StartExecutionCommand({ stateMachineArn: 'arn' }));
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('may bring the bytes of an object, and get them', async () => {
    const seen: ServiceRequest[] = [];
    handlers['s3'] = async (request) => {
      seen.push(request);
      return {
        status: 200,
        headers: { etag: '"1"' },
        body: request.method === 'GET' ? Buffer.from([0, 255]) : '',
      };
    };
    const s3 = client(S3Client);

    await s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'a/k', Body: Buffer.alloc(200_000, 7) }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'a/k' }));

    expect(await Body!.transformToByteArray()).toEqual(Uint8Array.of(0, 255));
    expect(seen.map(({ method, url }) => `${method} ${url.split('?')[0]}`)).toEqual([
      'PUT /b/a/k',
      'GET /b/a/k',
    ]);
    expect(seen[0]!.body.length).toBeGreaterThanOrEqual(200_000);
  });

  it('to Lambda and SNS finds its handler too', async () => {
    const lambda = handle('lambda', () => ({ ok: true }));
    handlers['sns'] = async ({ operation }) => ({
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: `<${operation}Response><${operation}Result><MessageId>1</MessageId></${operation}Result></${operation}Response>`,
    });

    const invoked = await client(LambdaClient).send(new InvokeCommand({ FunctionName: 'api' }));
    const published = await client(SNSClient).send(new PublishCommand({ TopicArn: 't', Message: 'm' }));

    expect(Buffer.from(invoked.Payload!).toString()).toBe('{"ok":true}');
    expect(lambda[0]!.url).toBe('/2015-03-31/functions/api/invocations');
    expect(published.MessageId).toBe('1');
  });
});

describe("an AWS error is the client's own exception", () => {
  it('in DynamoDB, with the item that was there', async () => {
    fail(
      'dynamodb',
      new AwsError('ConditionalCheckFailedException', 'no', 400, { Item: { id: { S: '1' } } }),
    );
    const put = client(DynamoDBClient).send(new PutItemCommand({ TableName: 'orders', Item: {} }));
    const error = await put.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect(error).toMatchObject({
      message: 'no',
      Item: { id: { S: '1' } },
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('in DynamoDB, with the reasons why a transaction was cancelled', async () => {
    const CancellationReasons = [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Message: 'no' }];
    fail('dynamodb', new AwsError('TransactionCanceledException', 'cancelled', 400, { CancellationReasons }));
    const write = client(DynamoDBClient).send(new TransactWriteItemsCommand({ TransactItems: [] }));
    const error = await write.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(error).toMatchObject({ CancellationReasons });
  });

  it('in Step Functions', async () => {
    fail('states', new AwsError('ExecutionAlreadyExists', "Execution Already Exists: 'arn'"));
    await expect(
      client(SFNClient).send(new StartExecutionCommand({ stateMachineArn: 'arn' })),
    ).rejects.toThrow(ExecutionAlreadyExists);
  });

  it('in EventBridge', async () => {
    fail('events', new AwsError('ResourceNotFoundException', 'no bus'));
    await expect(client(EventBridgeClient).send(new PutEventsCommand({ Entries: [] }))).rejects.toThrow(
      ResourceNotFoundException,
    );
  });

  it.each([
    [
      'sqs',
      () => client(SQSClient).send(new SendMessageCommand({ QueueUrl: `${url}/0/q`, MessageBody: 'm' })),
    ],
    ['sns', () => client(SNSClient).send(new PublishCommand({ TopicArn: 't', Message: 'm' }))],
    ['s3', () => client(S3Client).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))],
    ['lambda', () => client(LambdaClient).send(new InvokeCommand({ FunctionName: 'f' }))],
  ])('in %s', async (service, send) => {
    fail(service, new AwsError('NoSuchThing', 'a <thing> & more', 404));
    await expect(send()).rejects.toMatchObject({ name: 'NoSuchThing', message: 'a <thing> & more' });
  });

  it('to a HEAD request, which gets no document', async () => {
    fail('s3', new AwsError('NoSuchKey', 'none', 404));
    await expect(
      client(S3Client).send(new HeadObjectCommand({ Bucket: 'b', Key: 'k' })),
    ).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  it('written as DynamoDB writes it', async () => {
    fail('dynamodb', new AwsError('ResourceNotFoundException', 'no table'));
    const headers = { 'x-amz-target': 'DynamoDB_20120810.GetItem' };
    const answer = await fetch(url, { method: 'POST', headers, body: '{}' });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/x-amz-json-1.0');
    expect(await answer.json()).toEqual({
      __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
      message: 'no table',
    });
  });
});

describe('what can not be answered', () => {
  it('a service that is not run here is named, with those that are', async () => {
    handle('dynamodb', () => ({}));
    await expect(
      client(SFNClient).send(new StartExecutionCommand({ stateMachineArn: 'a' })),
    ).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringMatching(
        /^StartExecution of the service "states" is not run here\..*: dynamodb\.$/,
      ),
    });
  });

  it('a request that is no AWS call is told what this is', async () => {
    const answer = await fetch(url);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining('AWS_ENDPOINT_URL') });
  });

  it("a handler's bug is an InternalFailure and is reported", async () => {
    const bug = new TypeError('x is undefined');
    fail('dynamodb', bug);
    await expect(
      client(DynamoDBClient).send(new GetItemCommand({ TableName: 't', Key: {} })),
    ).rejects.toMatchObject({
      name: 'InternalFailure',
      $metadata: { httpStatusCode: 500 },
    });
    expect(errors).toEqual([[bug, 'dynamodb GetItem']]);
  });

  it('an answer that can not be written ends the connection and is reported', async () => {
    handlers['s3'] = async () => ({ status: 200, headers: { etag: 'a\nb' }, body: '' });
    await expect(client(S3Client).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))).rejects.toThrow();
    expect(errors).toEqual([
      [expect.objectContaining({ code: 'ERR_INVALID_CHAR' }), expect.stringContaining('GET /b/k')],
    ]);
  });

  it('a body that is too long gets 413, and the connection stays usable', async () => {
    handle('dynamodb', () => ({}));
    const headers = { 'x-amz-target': 'DynamoDB_20120810.PutItem' };
    const long = await fetch(url, { method: 'POST', headers, body: 'x'.repeat(MAXIMUM + 1) });
    expect(long.status).toBe(413);
    expect(await long.json()).toMatchObject({ __type: expect.stringMatching(/#RequestEntityTooLarge$/) });
    expect((await fetch(url, { method: 'POST', headers, body: 'x'.repeat(MAXIMUM) })).status).toBe(200);
  });

  it('a body that is too long for Lambda gets the code that Lambda’s clients know', async () => {
    handle('lambda', () => ({}));
    const long = await fetch(`${url}/2015-03-31/functions/f/code`, {
      method: 'PUT',
      body: 'x'.repeat(MAXIMUM + 1),
    });
    expect([long.status, long.headers.get('x-amzn-errortype')]).toEqual([
      413,
      'RequestEntityTooLargeException',
    ]);
  });

  it('a client that goes away in the middle of a request disturbs nobody', async () => {
    const seen = handle('dynamodb', () => ({}));
    const socket = connect(port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n123');
    await new Promise((resolve) => socket.once('ready', resolve));
    socket.destroy();
    await client(DynamoDBClient).send(new GetItemCommand({ TableName: 't', Key: {} }));
    expect(seen).toHaveLength(1);
    expect(errors).toEqual([]);
  });
});

describe('local paths', () => {
  it('are answered by the handler of their name', async () => {
    const answer = await fetch(`${url}/_local/echo/a/b?x=1`, { method: 'POST', body: 'hello' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toEqual({ method: 'POST', path: '/a/b', query: [['x', '1']], body: 'hello' });
    const page = await fetch(`${url}/_local/page`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html']);
  });

  it('that are not there are answered with those that are', async () => {
    const answer = await fetch(`${url}/_local/toString`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      message: 'There is no /_local/toString. There is /_local/echo, /_local/page, /_local/broken',
    });
  });

  it('that break are reported', async () => {
    expect((await fetch(`${url}/_local/broken`)).status).toBe(500);
    expect(errors).toEqual([[expect.any(Error), 'GET /_local/broken']]);
  });
});

describe('a web page of another site', () => {
  function statusFor(path: string, headers: Record<string, string>): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const call = request({ port, host: '127.0.0.1', path, headers }, (response: IncomingMessage) => {
        response.resume();
        resolve(response.statusCode);
      });
      call.once('error', reject);
      call.end();
    });
  }

  it.each([
    [403, { host: 'evil.example' }],
    [403, { host: 'localhost.evil.example:4566' }],
    [403, { host: '127.0.0.1.evil.example' }],
    [403, { origin: 'https://evil.example' }],
    [403, { origin: 'null' }],
    [200, { host: 'localhost' }],
    [200, { host: 'bucket.localhost:4566' }],
    [200, { host: '[::1]:4566' }],
    [200, { origin: 'http://127.0.0.1:4567' }],
  ])('gets %i with %j', async (status, headers) => {
    expect(await statusFor('/_local/page', headers)).toBe(status);
  });

  it('can make no AWS call either', async () => {
    const seen = handle('sns', () => ({}));
    const path = '/?Action=Publish&X-Amz-Credential=k%2Fd%2Fr%2Fsns%2Faws4_request';
    expect(await statusFor(path, { origin: 'https://evil.example' })).toBe(403);
    expect(await statusFor(path, {})).toBe(200);
    expect(seen).toHaveLength(1);
  });
});

describe('the port', () => {
  it('in use is said in one line with the remedy', async () => {
    const second = new Endpoint({ handlers: {}, callers: new Map() });
    await expect(second.listen(port)).rejects.toThrow(
      `Port ${port} is in use: stop what listens there, or choose another one with --port.`,
    );
    await second.close();
  });

  it('is given up by close, which also ends calls under way', async () => {
    let called: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => (called = resolve));
    handlers['dynamodb'] = () => {
      called();
      return new Promise(() => undefined);
    };
    const call = client(DynamoDBClient).send(new GetItemCommand({ TableName: 't', Key: {} }));
    const ended = expect(call).rejects.toThrow();
    await arrived;

    await endpoint.close();

    await ended;
    await expect(fetch(url)).rejects.toThrow();
  });

  it('keeps idle connections for longer than clients do', async () => {
    expect((await fetch(url)).headers.get('keep-alive')).toBe('timeout=65');
  });
});

it.each([
  ['operators', 'somebody', 503],
  ['functions, which finish what was under way', 'key-of-order-api', 200],
])('while it is not open yet, %s are answered accordingly', async (_, key, status) => {
  isOpen = false;
  handlers['dynamodb'] = async () => jsonResponse({});

  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'x-amz-target': 'DynamoDB_20120810.ListTables',
      authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260101/eu-west-1/dynamodb/aws4_request`,
    },
    body: '{}',
  });

  expect(answer.status).toBe(status);
});
