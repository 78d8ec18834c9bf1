import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { LocalCloud, type LocalCloudOptions } from '../cloud.ts';

const ACCOUNT = '000000000000';
export const arnOf = (service: string, resource: string) =>
  `arn:aws:${service}:eu-west-1:${ACCOUNT}:${resource}`;

const trust = (service: string) =>
  JSON.stringify({
    Statement: { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' },
  });

/** Statements that may be left out, by what they are for. */
export interface Granted {
  readonly api: readonly object[];
  readonly reader: readonly object[];
  readonly flow: readonly object[];
  readonly queue: readonly object[];
  readonly notices: readonly object[];
  readonly permission: boolean;
  /** Whether the function `reader` is in a network. */
  readonly network?: boolean;
  /** Trust policy of the function's role. */
  readonly trusted: string;
}

const ofSource = (service: string, source: string) => ({
  Effect: 'Allow',
  Principal: { Service: service },
  Action: 'sqs:SendMessage',
  Resource: '*',
  Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT }, ArnEquals: { 'aws:SourceArn': source } },
});

const TABLE = arnOf('dynamodb', 'table/orders');
const STREAM = '${aws_dynamodb_table.orders.stream_arn}';

const LOGS = {
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: '*',
};

/** All that the stack's parts need. */
export const ALL: Granted = {
  api: [{ Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: TABLE }, LOGS],
  reader: [
    {
      Effect: 'Allow',
      Action: [
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:DescribeStream',
        'dynamodb:ListStreams',
      ],
      Resource: STREAM,
    },
    { Effect: 'Allow', Action: ['s3:PutObject'], Resource: 'arn:aws:s3:::lost/aws/lambda/*' },
    { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: 'arn:aws:s3:::lost' },
    LOGS,
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arnOf('sqs', 'mail') },
  ],
  flow: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arnOf('lambda', 'function:api') }],
  queue: [ofSource('events.amazonaws.com', arnOf('events', 'rule/orders'))],
  notices: [
    ofSource('s3.amazonaws.com', 'arn:aws:s3:::lost'),
    ofSource('events.amazonaws.com', arnOf('events', 'rule/orders')),
    ofSource('sns.amazonaws.com', arnOf('sns', 'news')),
  ],
  permission: true,
  trusted: trust('lambda.amazonaws.com'),
};

const policy = (statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

function stackWith(granted: Granted): object {
  const lambda = (name: string) => ({
    function_name: name,
    role: `\${aws_iam_role.${name}.arn}`,
    filename: `${name}.zip`,
    handler: 'index.handler',
    runtime: 'nodejs24.x',
  });
  return {
    resource: {
      aws_iam_role: {
        api: { name: 'shop-api', assume_role_policy: granted.trusted },
        reader: { name: 'shop-reader', assume_role_policy: trust('lambda.amazonaws.com') },
        flow: { name: 'shop-flow', assume_role_policy: trust('states.amazonaws.com') },
      },
      aws_iam_role_policy: {
        api: { role: '${aws_iam_role.api.name}', policy: policy(granted.api) },
        reader: { role: '${aws_iam_role.reader.name}', policy: policy(granted.reader) },
        flow: { role: '${aws_iam_role.flow.name}', policy: policy(granted.flow) },
      },
      aws_lambda_function: {
        api: lambda('api'),
        reader: {
          ...lambda('reader'),
          ...(granted.network && {
            vpc_config: { subnet_ids: ['${aws_subnet.shop.id}'], security_group_ids: [] },
          }),
        },
      },
      ...(granted.network && {
        aws_vpc: { shop: { cidr_block: '10.0.0.0/16' } },
        aws_subnet: { shop: { vpc_id: '${aws_vpc.shop.id}', cidr_block: '10.0.0.0/24' } },
        aws_vpc_endpoint: {
          dynamodb: {
            vpc_id: '${aws_vpc.shop.id}',
            service_name: 'com.amazonaws.eu-west-1.dynamodb',
            policy: policy([
              { Effect: 'Allow', Principal: '*', Action: 'dynamodb:GetItem', Resource: TABLE },
            ]),
          },
        },
      }),
      aws_dynamodb_table: {
        orders: {
          name: 'orders',
          hash_key: 'id',
          attribute: [
            { name: 'id', type: 'S' },
            { name: 'day', type: 'S' },
          ],
          global_secondary_index: [{ name: 'byDay', hash_key: 'day', projection_type: 'ALL' }],
          stream_enabled: true,
          stream_view_type: 'NEW_AND_OLD_IMAGES',
        },
      },
      aws_lambda_event_source_mapping: {
        orders: {
          function_name: '${aws_lambda_function.reader.arn}',
          event_source_arn: STREAM,
          starting_position: 'TRIM_HORIZON',
          maximum_retry_attempts: 0,
          destination_config: { on_failure: { destination_arn: '${aws_s3_bucket.lost.arn}' } },
        },
      },
      aws_sqs_queue: { mail: { name: 'mail' }, notices: { name: 'notices' } },
      aws_sqs_queue_policy: {
        mail: { queue_url: '${aws_sqs_queue.mail.url}', policy: policy(granted.queue) },
        notices: { queue_url: '${aws_sqs_queue.notices.url}', policy: policy(granted.notices) },
      },
      aws_lambda_function_event_invoke_config: {
        reader: {
          function_name: 'reader',
          maximum_retry_attempts: 0,
          destination_config: { on_failure: { destination: '${aws_sqs_queue.mail.arn}' } },
        },
      },
      aws_sns_topic: { news: { name: 'news' } },
      aws_sns_topic_subscription: {
        news: {
          topic_arn: '${aws_sns_topic.news.arn}',
          protocol: 'sqs',
          endpoint: '${aws_sqs_queue.notices.arn}',
        },
      },
      aws_s3_bucket: { lost: { bucket: 'lost' } },
      aws_s3_bucket_notification: {
        lost: {
          bucket: '${aws_s3_bucket.lost.id}',
          queue: [{ queue_arn: '${aws_sqs_queue.notices.arn}', events: ['s3:ObjectCreated:*'] }],
        },
      },
      aws_cloudwatch_event_rule: { orders: { name: 'orders', event_pattern: '{"source":["shop"]}' } },
      aws_cloudwatch_event_target: {
        orders: {
          rule: '${aws_cloudwatch_event_rule.orders.name}',
          arn: '${aws_sqs_queue.mail.arn}',
          dead_letter_config: { arn: '${aws_sqs_queue.notices.arn}' },
        },
      },
      aws_sfn_state_machine: {
        flow: {
          name: 'flow',
          role_arn: '${aws_iam_role.flow.arn}',
          definition: JSON.stringify({
            StartAt: 'Api',
            States: { Api: { Type: 'Task', Resource: arnOf('lambda', 'function:api'), End: true } },
          }),
        },
      },
      aws_apigatewayv2_api: { shop: { name: 'shop', protocol_type: 'HTTP' } },
      aws_apigatewayv2_stage: {
        shop: { api_id: '${aws_apigatewayv2_api.shop.id}', name: '$default', auto_deploy: true },
      },
      aws_apigatewayv2_integration: {
        shop: {
          api_id: '${aws_apigatewayv2_api.shop.id}',
          integration_type: 'AWS_PROXY',
          integration_uri: '${aws_lambda_function.api.invoke_arn}',
          payload_format_version: '2.0',
        },
      },
      aws_apigatewayv2_route: {
        shop: {
          api_id: '${aws_apigatewayv2_api.shop.id}',
          route_key: 'GET /hello/{name}',
          target: 'integrations/${aws_apigatewayv2_integration.shop.id}',
        },
      },
      ...(granted.permission && {
        aws_lambda_permission: {
          shop: {
            action: 'lambda:InvokeFunction',
            function_name: '${aws_lambda_function.api.function_name}',
            principal: 'apigateway.amazonaws.com',
            source_arn: '${aws_apigatewayv2_api.shop.execution_arn}/*/*',
          },
        },
      }),
      aws_sesv2_email_identity: { shop: { email_identity: 'example.org' } },
      aws_opensearch_domain: { shop: { domain_name: 'shop' } },
    },
  };
}

/** Calls DynamoDB as its event says, signed with its own key; without one it says hello. */
const API = `
exports.handler = async (event) => {
  if (!event.operation) return { hello: true };
  const key = process.env.AWS_ACCESS_KEY_ID;
  const answer = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=' + key + '/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      'x-amz-target': 'DynamoDB_20120810.' + event.operation,
      'content-type': 'application/x-amz-json-1.0',
    },
    body: JSON.stringify({ TableName: 'orders', Key: { id: { S: '1' } } }),
  });
  return { status: answer.status, ...(await answer.json()) };
};`;
const READER = `exports.handler = async () => { throw new Error('no'); };`;

/** What a cloud told of a refusal. */
export interface ToldRefusal {
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
  readonly message: string;
  readonly policy: string;
  readonly statement: object | null;
  readonly remove: string;
}

/** A cloud whose policies are enforced. The folder goes with it. */
export async function startGuarded(change: Partial<Granted> = {}, options: Partial<LocalCloudOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'iam-'));
  const stackFile = join(folder, 'cdk.tf.json');
  writeFileSync(stackFile, JSON.stringify(stackWith({ ...ALL, ...change })));
  writeFileSync(join(folder, 'api.zip'), zipSync({ 'index.js': strToU8(API) }));
  writeFileSync(join(folder, 'reader.zip'), zipSync({ 'index.js': strToU8(READER) }));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const cloud = await LocalCloud.start({ stackFile, iam: 'enforce', ...options }).catch((error: unknown) => {
    remove();
    throw error;
  });
  return {
    cloud,
    refusals: async (): Promise<ToldRefusal[]> =>
      ((await (await fetch(`${cloud.endpointUrl}/_local/refusals`)).json()) as { refusals: ToldRefusal[] })
        .refusals,
    /** A request as the function `api` signs it, for what clients would not send and for services without one. */
    raw: (service: string, headers: Record<string, string>, body: string, path = '/') =>
      fetch(cloud.endpointUrl + path, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `AWS4-HMAC-SHA256 Credential=api/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
          ...headers,
        },
        body,
      }),
    stop: async () => {
      await cloud.stop();
      remove();
    },
  };
}
