import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { ObjectStore } from './object-store.ts';
import { forgetSigners, serviceUrl, signedFetch } from './signed-request.ts';

interface Received {
  readonly method: string | undefined;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const received: Received[] = [];
let status = 200;
const server = createServer(async (request, response) => {
  const { method, url = '', headers } = request;
  received.push({ method, url, headers, body: await buffer(request) });
  response.writeHead(status).end('<Code>SlowDown</Code>');
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_REGION'] = 'eu-west-1';
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIATEST';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'hush';
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  received.length = 0;
  status = 200;
  forgetSigners();
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const sha256 = (value: string | Buffer) => createHash('sha256').update(value).digest('hex');
const hmac = (key: string | Buffer, value: string) => createHmac('sha256', key).update(value).digest();

/** Signature Version 4 computed anew from what arrived, as AWS does it. @param path as the service canonicalizes it. */
function signatureOf({ method, url, headers, body }: Received, service: string, path: string): string {
  const authorization = String(headers['authorization']);
  const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1] ?? '';
  const canonicalHeaders = names.split(';').map((name) => `${name}:${String(headers[name])}\n`);
  const query = (url.split('?')[1] ?? '').split('&').toSorted().join('&');
  const request = [method, path, query, canonicalHeaders.join(''), names, sha256(body)].join('\n');
  const at = String(headers['x-amz-date']);
  const scope = `${at.slice(0, 8)}/eu-west-1/${service}/aws4_request`;
  const key = [at.slice(0, 8), 'eu-west-1', service, 'aws4_request'].reduce<Buffer | string>(
    hmac,
    'AWS4hush',
  );
  return hmac(Buffer.from(key), ['AWS4-HMAC-SHA256', at, scope, sha256(request)].join('\n')).toString('hex');
}

it.each([
  ['es', '/products/_doc/TEA%2050', '/products/_doc/TEA%252050', '{"a":"é"}'],
  ['ses', '/v2/email/outbound-emails', '/v2/email/outbound-emails', '{}'],
] as const)(
  'a request to %s carries a signature that AWS finds right',
  async (service, path, canonical, body) => {
    const url = new URL(`${serviceUrl(service)}${path}?b=2&a=x%20y`);
    const headers = { 'content-type': 'application/json' };

    await signedFetch({ service, method: 'PUT', url, headers, body });

    const [request] = received as [Received];
    const canonicalRequest = { ...request, url: request.url.replace('x+y', 'x%20y') };
    expect(request.headers['authorization']).toContain(signatureOf(canonicalRequest, service, canonical));
    expect(request.body.toString()).toBe(body);
  },
);

describe('an object', () => {
  it('is written under its key, whatever characters it has, with a signature that S3 finds right', async () => {
    const body = Buffer.from([31, 139, 0, 255]);

    await new ObjectStore('archive').put('changes/dt=2026-01-01/a b+ü.gz', body, 'application/x-ndjson');

    const [request] = received as [Received];
    const path = '/archive/changes/dt%3D2026-01-01/a%20b%2B%C3%BC.gz';
    expect([request.method, request.url]).toEqual(['PUT', path]);
    expect(request.body).toEqual(body);
    expect(request.headers['content-type']).toBe('application/x-ndjson');
    expect(request.headers['authorization']).toContain(signatureOf(request, 's3', path));
  });

  it('that is not kept is an error with S3’s own words', async () => {
    status = 503;

    await expect(new ObjectStore('archive').put('a', 'b', 'text/plain')).rejects.toThrow(
      'S3 did not keep /archive/a: 503 <Code>SlowDown</Code>',
    );
  });
});

it('without an endpoint of its own, a service is where AWS has it', () => {
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  delete process.env['AWS_ENDPOINT_URL'];

  expect([serviceUrl('s3'), serviceUrl('ses')]).toEqual([
    'https://s3.eu-west-1.amazonaws.com',
    'https://email.eu-west-1.amazonaws.com',
  ]);
  process.env['AWS_ENDPOINT_URL'] = endpoint;
});
