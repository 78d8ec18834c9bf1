import { credentialOf } from './credential.ts';
import { route } from './route.ts';

function request(given: Partial<Parameters<typeof route>[0]>) {
  return { method: 'POST', url: '/', headers: {}, body: Buffer.of(), ...given };
}

describe('route', () => {
  it.each([
    ['DynamoDB_20120810.PutItem', 'dynamodb', 'PutItem', 'json-1.0'],
    ['DynamoDBStreams_20120810.GetRecords', 'dynamodbstreams', 'GetRecords', 'json-1.0'],
    ['AWSStepFunctions.StartExecution', 'states', 'StartExecution', 'json-1.0'],
    ['AWSEvents.PutEvents', 'events', 'PutEvents', 'json-1.1'],
    ['AmazonSQS.SendMessage', 'sqs', 'SendMessage', 'json-1.0'],
  ])('knows the target %s', (target, service, operation, protocol) => {
    const headers = { 'x-amz-target': target };
    expect(route(request({ headers }), 'dynamodb')).toEqual({ service, operation, protocol });
  });

  it('takes an unknown target for the service that the request is signed for', () => {
    const headers = { 'x-amz-target': 'Kinesis_20131202.PutRecord' };
    expect(route(request({ headers }), 'kinesis')).toMatchObject({
      service: 'kinesis',
      operation: 'PutRecord',
    });
    expect(route(request({ headers }), undefined)).toMatchObject({ service: 'Kinesis_20131202' });
  });

  it.each([
    ['application/x-amz-json-1.0', 'json-1.0'],
    ['application/x-amz-json-1.1', 'json-1.1'],
  ])('writes to a service it does not know in the version of its request: %s', (contentType, protocol) => {
    const headers = { 'x-amz-target': 'Logs_20140328.DescribeLogGroups', 'content-type': contentType };
    expect(route(request({ headers }), 'logs')).toMatchObject({ protocol });
  });

  it.each([
    ['ec2', '/?Action=DescribeInstances', 'DescribeInstances', 'ec2'],
    ['iam', '/?Action=ListRoles', 'ListRoles', 'query'],
    ['route53', '/2013-04-01/hostedzone', 'POST', 'query'],
    ['xray', '/ServiceGraph', 'POST', 'rest-json'],
    ['monitoring', '/service/GraniteServiceVersion20100801/operation/ListMetrics', 'ListMetrics', 'cbor'],
  ])('knows how %s is spoken at %s', (service, url, operation, protocol) => {
    expect(route(request({ url }), service)).toEqual({ service, operation, protocol });
  });

  it('tells searches from the calls that make a domain', () => {
    expect(route(request({ url: '/products/_search' }), 'es')?.service).toBe('es');
    expect(route(request({ url: '/2021-01-01/opensearch/domain' }), 'es')?.service).toBe('opensearch');
  });

  it('finds the action of a form or of a URL', () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    const body = Buffer.from('TopicArn=Action&Action=Publish&Version=2010-03-31');
    const published = { service: 'sns', operation: 'Publish', protocol: 'query' };
    expect(route(request({ headers, body }), 'sns')).toEqual(published);
    const url = '/?Action=GetCallerIdentity&Version=2011-06-15';
    expect(route(request({ url, method: 'GET' }), 'sts')).toMatchObject({ operation: 'GetCallerIdentity' });
  });

  it('leaves the operations of REST services to them', () => {
    const url = '/bucket/key?Action=x';
    expect(route(request({ method: 'PUT', url }), 's3')).toEqual({
      service: 's3',
      operation: 'PUT',
      protocol: 'rest-xml',
    });
    expect(route(request({ url: '/products/_search?Action=x' }), 'es')).toEqual({
      service: 'es',
      operation: 'POST',
      protocol: 'rest-json',
    });
    expect(route(request({ url: '/2015-03-31/functions/api/invocations' }), 'lambda')).toEqual({
      service: 'lambda',
      operation: 'POST',
      protocol: 'rest-json',
    });
  });

  it('knows unsigned requests of REST services by their path', () => {
    expect(route(request({ url: '/2015-03-31/functions/api/invocations' }), undefined)?.service).toBe(
      'lambda',
    );
    expect(route(request({ url: '/v2/email/outbound-emails' }), undefined)?.service).toBe('ses');
  });

  it('finds nothing in a request that is no AWS call', () => {
    expect(route(request({ method: 'GET' }), undefined)).toBeUndefined();
  });
});

describe('credentialOf', () => {
  const authorization =
    'AWS4-HMAC-SHA256 Credential=order-api/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

  it('reads the key and the service of a signed request', () => {
    expect(credentialOf({ authorization }, '/')).toEqual({ accessKeyId: 'order-api', service: 'dynamodb' });
  });

  it('reads them in a presigned URL', () => {
    const url = '/b/k?X-Amz-Algorithm=A&X-Amz-Credential=key%2F20260101%2Feu-west-1%2Fs3%2Faws4_request';
    expect(credentialOf({}, url)).toEqual({ accessKeyId: 'key', service: 's3' });
  });

  it.each([
    [{}, '/'],
    [{ authorization: 'Bearer token' }, '/'],
    [{ authorization: 'AWS4-HMAC-SHA256 Credential=key/20260101' }, '/'],
    [{}, '/?X-Amz-Credential='],
  ])('finds none in %j %s', (headers, url) => {
    expect(credentialOf(headers, url)).toBeUndefined();
  });
});
