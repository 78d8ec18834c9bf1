import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalCloud } from '../cloud.ts';
import { describeWithEngine } from '../tables/tables.fixture.ts';
import { SERVICES } from './services.ts';

describeWithEngine('a fault can be given to every operation that is run, and to no other', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  let cloud: LocalCloud;
  beforeAll(async () => {
    const stackFile = join(folder, 'cdk.tf.json');
    writeFileSync(stackFile, '{"resource":{}}');
    cloud = await LocalCloud.start({ stackFile });
  });
  afterAll(async () => {
    await cloud.stop();
    rmSync(folder, { recursive: true });
  });

  /** What a service says that it runs, when it is asked for something else. */
  async function runBy(headers: Record<string, string>, path = '/', body = ''): Promise<string[]> {
    const answer = await fetch(cloud.endpointUrl + path, { method: 'POST', headers, body });
    const [, operations = ''] = /What is run: ([^.<"]+)/.exec(await answer.text()) ?? [];
    return operations.split(', ').map((operation) => operation.replace(/ \(.*/, ''));
  }

  const signed = (service: string) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=a/20260101/eu-west-1/${service}/aws4_request`,
    'content-type': 'application/x-www-form-urlencoded',
  });

  it.each<[service: keyof typeof SERVICES, request: Parameters<typeof runBy>]>([
    ['dynamodb', [{ 'x-amz-target': 'DynamoDB_20120810.No' }]],
    ['dynamodbstreams', [{ 'x-amz-target': 'DynamoDBStreams_20120810.No' }]],
    ['sqs', [{ 'x-amz-target': 'AmazonSQS.No' }]],
    ['events', [{ 'x-amz-target': 'AWSEvents.No' }]],
    ['states', [{ 'x-amz-target': 'AWSStepFunctions.No' }]],
    ['sns', [signed('sns'), '/', 'Action=No']],
    ['sts', [signed('sts'), '/', 'Action=No']],
    ['s3', [signed('s3'), '/bucket/key?acl']],
    ['ses', [signed('ses'), '/v2/email/no']],
  ])('%s', async (service, request) => {
    expect((await runBy(...request)).toSorted()).toEqual([...SERVICES[service].operations].toSorted());
  });
});
