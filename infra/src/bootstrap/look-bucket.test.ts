import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { S3Client } from '@aws-sdk/client-s3';
import { lookAtBucket } from './look-bucket.ts';

const PLACE = { name: 'state', account: '123456789012', region: 'eu-west-1' };

describe('looking at a bucket', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let s3: S3Client;

  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    s3 = new S3Client({
      endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'somebody', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
  });
  afterAll(() => {
    s3.destroy();
    server.close();
  });

  it('finds none where there is none', async () => {
    answer = (_request, response) => response.writeHead(404).end();

    expect(await lookAtBucket(s3, PLACE)).toBeUndefined();
  });

  it.each([301, 400, 403])(
    'is told by an answer of %i in which region it is, and asks no more',
    async (status) => {
      let calls = 0;
      answer = (_request, response) => {
        calls += 1;
        response.writeHead(status, { 'x-amz-bucket-region': 'us-east-2' }).end();
      };

      expect(await lookAtBucket(s3, PLACE)).toMatchObject({ region: 'us-east-2', tags: [] });
      expect(calls).toBe(1);
    },
  );

  it('asks for the bucket of this account alone, and says so when it is another’s', async () => {
    let owner: unknown;
    answer = (request, response) => {
      owner = request.headers['x-amz-expected-bucket-owner'];
      response.writeHead(403, { 'x-amz-bucket-region': 'eu-west-1' }).end();
    };

    await expect(lookAtBucket(s3, PLACE)).rejects.toThrow(
      'The bucket state belongs to another account than 123456789012, or these credentials may not read it: give another --state-bucket',
    );
    expect(owner).toBe('123456789012');
  });

  it('takes an error that says nothing of a setting for an error', async () => {
    answer = ({ method, url }, response) => {
      if (method === 'HEAD') response.end();
      else if (url?.includes('versioning') === true) response.end('<VersioningConfiguration/>');
      else response.writeHead(403).end('<Error><Code>AccessDenied</Code><Message>no</Message></Error>');
    };

    await expect(lookAtBucket(s3, PLACE)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
