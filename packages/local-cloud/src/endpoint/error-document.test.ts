import { errorDocument } from './error-document.ts';
import type { Protocol } from './route.ts';
import { unknownOperation } from './unknown-operation.ts';
import { AwsError } from './service.ts';

const write = (error: AwsError, protocol: Protocol, service = 'any') =>
  errorDocument(error, { service, protocol }, 'request-1');

describe('an operation that is not run', () => {
  it.each<[Protocol, number, string]>([
    ['json-1.0', 400, 'UnknownOperationException'],
    ['json-1.1', 400, 'UnknownOperationException'],
    ['rest-json', 404, 'UnknownOperationException'],
    ['cbor', 404, 'UnknownOperationException'],
    ['rest-xml', 501, '<Code>NotImplemented</Code>'],
    ['query', 400, '<Code>InvalidAction</Code>'],
    ['ec2', 400, '<Code>InvalidAction</Code>'],
  ])('has the status and the code of %s: %i %s', (protocol, status, code) => {
    const answer = write(unknownOperation('MakeTea', 'Make it yourself.', ['Drink', 'Spill']), protocol);

    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.headers) + answer.body.toString()).toContain(code);
    expect(answer.body.toString()).toContain(
      'MakeTea is not run here. Make it yourself. What is run: Drink, Spill.',
    );
  });

  it('is what other errors are not', () => {
    expect(write(new AwsError('NoSuchKey', 'none', 404), 'rest-xml')).toMatchObject({
      status: 404,
      body: expect.stringContaining('<Code>NoSuchKey</Code>'),
    });
  });
});

it('EC2’s errors stand in a list', () => {
  const { body } = write(new AwsError('Blocked', 'a & b'), 'ec2');

  expect(body).toMatch(
    /<Response><Errors><Error><Code>Blocked<\/Code><Message>a &amp; b<\/Message><\/Error><\/Errors><RequestID>request-1<\/RequestID><\/Response>$/,
  );
});

it('SQS tells a missing queue by its name in the older protocol too, and other services do not', () => {
  const error = new AwsError('QueueDoesNotExist', 'no');
  const code = (service: string) => write(error, 'json-1.0', service).headers['x-amzn-query-error'];

  expect([code('sqs'), code('dynamodb')]).toEqual([
    'AWS.SimpleQueueService.NonExistentQueue;Sender',
    undefined,
  ]);
});

describe('what IAM refuses', () => {
  const refusal = new AwsError('AccessDeniedException', 'no', 403);
  const body = (error: AwsError, protocol: Protocol) =>
    JSON.parse(String(write(error, protocol).body)) as unknown;

  it.each<[Protocol, object]>([
    ['json-1.0', { __type: 'com.amazon.coral.service#AccessDeniedException', Message: 'no' }],
    ['json-1.1', { __type: 'com.amazon.coral.service#AccessDeniedException', Message: 'no' }],
    ['rest-json', { Message: 'no' }],
  ])('is told in %s with a capital letter', (protocol, document) => {
    expect(body(refusal, protocol)).toEqual(document);
  });

  it('is alone in that', () => {
    const other = new AwsError('SerializationException', 'no');

    expect(body(other, 'json-1.0')).toEqual({
      __type: 'com.amazon.coral.service#SerializationException',
      message: 'no',
    });
    expect(body(other, 'rest-json')).toEqual({ Type: 'User', message: 'no' });
  });
});
