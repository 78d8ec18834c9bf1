import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { LocalCloud } from '../cloud.ts';

const ASSUMED = '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]}';

/** One of everything that clients call. */
const STACK = {
  resource: {
    aws_dynamodb_table: {
      orders: {
        name: 'orders',
        hash_key: 'id',
        attribute: [{ name: 'id', type: 'S' }],
        stream_enabled: true,
        stream_view_type: 'NEW_AND_OLD_IMAGES',
      },
    },
    aws_sqs_queue: {
      dead: { name: 'dead' },
      work: {
        name: 'work',
        redrive_policy: '{"deadLetterTargetArn":"${aws_sqs_queue.dead.arn}","maxReceiveCount":3}',
      },
    },
    aws_sns_topic: { news: { name: 'news' } },
    aws_sns_topic_subscription: {
      news: {
        topic_arn: '${aws_sns_topic.news.arn}',
        protocol: 'sqs',
        endpoint: '${aws_sqs_queue.work.arn}',
        raw_message_delivery: true,
      },
    },
    aws_s3_bucket: { archive: { bucket: 'archive' } },
    aws_cloudwatch_event_rule: { orders: { name: 'orders', event_pattern: '{"source":["shop"]}' } },
    aws_cloudwatch_event_target: {
      orders: { rule: '${aws_cloudwatch_event_rule.orders.name}', arn: '${aws_sqs_queue.work.arn}' },
    },
    aws_iam_role: { greet: { name: 'greet-role', assume_role_policy: ASSUMED } },
    aws_lambda_function: {
      greet: {
        function_name: 'greet',
        role: '${aws_iam_role.greet.arn}',
        filename: 'greet.zip',
        handler: 'index.handler',
        runtime: 'nodejs24.x',
      },
    },
    aws_sfn_state_machine: {
      flow: {
        name: 'flow',
        role_arn: '${aws_iam_role.greet.arn}',
        definition: '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}',
      },
    },
    aws_sesv2_email_identity: { shop: { email_identity: 'example.org' } },
  },
};

const GREET = 'exports.handler = async (event) => ({ hello: event.name });';

/** A local cloud with {@link STACK}, for all tests of a file. */
export function setUpCloud() {
  const folder = mkdtempSync(join(tmpdir(), 'clients-'));
  const stackFile = join(folder, 'cdk.tf.json');
  let cloud!: LocalCloud;

  beforeAll(async () => {
    writeFileSync(stackFile, JSON.stringify(STACK));
    writeFileSync(join(folder, 'greet.zip'), zipSync({ 'index.js': strToU8(GREET) }));
    cloud = await LocalCloud.start({ stackFile, iam: 'off' });
  });
  afterAll(async () => {
    await cloud?.stop();
    rmSync(folder, { recursive: true });
  });

  return {
    get url() {
      return cloud.endpointUrl;
    },
    call: (call: Call) => send(cloud.endpointUrl, call),
    settled: () => cloud.settled(),
  };
}

export interface Call {
  /** The service that the request is signed for. */
  readonly service: string;
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly accessKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly bytes: Buffer;
}

/** Sends a request as the `aws` command line signs it; the region is not the stack's. */
function send(endpointUrl: string, call: Call): Promise<Answer> {
  const { service, method = 'POST', path = '/', host, accessKey = 'test', headers, body = '' } = call;
  const scope = `${accessKey}/20260101/eu-central-1/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
  const { hostname, port } = new URL(endpointUrl);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: hostname,
        port,
        method,
        path,
        headers: {
          'x-amz-date': '20260101T000000Z',
          authorization,
          'amz-sdk-request': 'attempt=1',
          ...headers,
          ...(host !== undefined && { host: `${host}:${port}` }),
          'content-length': Buffer.byteLength(body),
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const { statusCode, headers } = incoming;
          resolve({ status: statusCode, headers, body: bytes.toString(), bytes });
        });
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

/** A call of a service that speaks JSON, in the form of the `aws` command line. */
export function jsonCall(service: string, target: string, body: object = {}, version = '1.0'): Call {
  const headers = { 'x-amz-target': target, 'content-type': `application/x-amz-json-${version}` };
  return { service, headers, body: JSON.stringify(body) };
}

/** A call of a service that takes forms, in the form of the `aws` command line. */
export function formCall(service: string, form: Readonly<Record<string, string>>): Call {
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  return { service, headers, body: new URLSearchParams(form).toString() };
}

/** A call of a REST service, in the form of the `aws` command line. */
export function restCall(service: string, methodAndPath: string, more: Partial<Call> = {}): Call {
  const [method = 'GET', path = '/'] = methodAndPath.split(' ');
  return { service, method, path, ...more };
}
