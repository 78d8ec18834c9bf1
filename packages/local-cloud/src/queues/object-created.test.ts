import { createdBy, notifiedQueues, objectCreatedMessage } from './object-created.ts';

test.each([
  [
    'PUT',
    '/bucket/a%20b/c?x-id=PutObject',
    {},
    { bucket: 'bucket', key: 'a b/c', eventName: 'ObjectCreated:Put' },
  ],
  [
    'PUT',
    '/b/k',
    { 'x-amz-copy-source': 'b/other' },
    { bucket: 'b', key: 'k', eventName: 'ObjectCreated:Copy' },
  ],
  [
    'POST',
    '/b/k?uploadId=1',
    {},
    { bucket: 'b', key: 'k', eventName: 'ObjectCreated:CompleteMultipartUpload' },
  ],
  ['PUT', '/b/k?partNumber=1&uploadId=1', {}, undefined],
  ['POST', '/b/k?uploads', {}, undefined],
  ['PUT', '/bucket/', {}, undefined],
  ['PUT', '/bucket?lifecycle', {}, undefined],
  ['GET', '/b/k', {}, undefined],
  ['DELETE', '/b/k', {}, undefined],
])('%s %s with %j creates %j', (method, url, headers, expected) => {
  expect(createdBy({ method, headers }, url)).toEqual(expected);
});

const created = {
  bucket: {
    name: 'audit',
    arn: 'arn:aws:s3:::audit',
    notifications: [
      { queueArn: 'all', events: ['s3:ObjectCreated:*'], prefix: '' },
      { queueArn: 'failed', events: ['s3:ObjectCreated:*'], prefix: 'failed/' },
      { queueArn: 'copies', events: ['s3:ObjectCreated:Copy', 's3:ObjectCreated:Post'], prefix: '' },
    ],
  },
  key: 'failed/a b/ü.json',
  size: 3,
  eTag: '"abc"',
  eventName: 'ObjectCreated:Put',
  at: 1_700_000_000_000,
  region: 'eu-central-1',
  accountId: '210987654321',
};

test('a queue is told of the events and prefixes it asked for', () => {
  expect(notifiedQueues(created)).toEqual(['all', 'failed']);
  expect(notifiedQueues({ ...created, key: 'else', eventName: 'ObjectCreated:Copy' })).toEqual([
    'all',
    'copies',
  ]);
});

test('the message is S3’s', () => {
  expect(JSON.parse(objectCreatedMessage(created))).toEqual({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'eu-central-1',
        eventTime: '2023-11-14T22:13:20.000Z',
        eventName: 'ObjectCreated:Put',
        userIdentity: { principalId: 'AWS:210987654321' },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: { 'x-amz-request-id': expect.any(String), 'x-amz-id-2': expect.any(String) },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'notification',
          bucket: {
            name: 'audit',
            ownerIdentity: { principalId: '210987654321' },
            arn: 'arn:aws:s3:::audit',
          },
          object: { key: 'failed/a+b/%C3%BC.json', size: 3, eTag: 'abc', sequencer: expect.any(String) },
        },
      },
    ],
  });
});
