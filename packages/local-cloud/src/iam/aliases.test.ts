import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { strToU8, zipSync } from 'fflate';
import { LocalCloud } from '../cloud.ts';
import { describeWithEngine } from '../tables/tables.fixture.ts';
import { arnOf } from './guarded-stack.fixture.ts';

const SHOP = arnOf('lambda', 'function:shop');

/** Says by which ARN it was called, and which version it is. */
const CODE = `exports.handler = async (event, context) => {
  console.log(context.invokedFunctionArn + ' ' + context.functionVersion);
  return {};
};`;

const trust = (service: string) =>
  JSON.stringify({
    Statement: { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' },
  });
const allow = (Action: readonly string[], Resource: string) => ({ Effect: 'Allow', Action, Resource });
const policy = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

interface Granted {
  /** What the permissions of the rule and the API are for. */
  readonly qualifier: string | undefined;
  /** What the state machine and the function `caller` may invoke. */
  readonly invoked: string;
}

/** A function behind an alias, and everything that calls functions. */
function stackWith({ qualifier, invoked }: Granted): object {
  const lambda = (name: string) => ({
    function_name: name,
    role: '${aws_iam_role.shop.arn}',
    filename: 'shop.zip',
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    publish: true,
  });
  const live = '${aws_lambda_alias.live.arn}';
  const permission = (principal: string, source_arn: string) => ({
    action: 'lambda:InvokeFunction',
    function_name: '${aws_lambda_function.shop.function_name}',
    qualifier,
    principal,
    source_arn,
  });
  const task = { Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: live } };
  const flow = { StartAt: 'Shop', States: { Shop: { Type: 'Task', ...task, End: true } } };
  return {
    resource: {
      aws_iam_role: {
        shop: { name: 'shop', assume_role_policy: trust('lambda.amazonaws.com') },
        flow: { name: 'flow', assume_role_policy: trust('states.amazonaws.com') },
      },
      aws_iam_role_policy: {
        shop: {
          role: '${aws_iam_role.shop.name}',
          policy: policy(
            allow(['logs:CreateLogStream', 'logs:PutLogEvents'], '*'),
            allow(
              ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
              '${aws_sqs_queue.mail.arn}',
            ),
            allow(['lambda:InvokeFunction'], invoked),
          ),
        },
        flow: {
          role: '${aws_iam_role.flow.name}',
          policy: policy(allow(['lambda:InvokeFunction'], invoked)),
        },
      },
      aws_lambda_function: { shop: lambda('shop'), caller: lambda('caller') },
      aws_lambda_alias: {
        live: {
          name: 'live',
          function_name: '${aws_lambda_function.shop.function_name}',
          function_version: '${aws_lambda_function.shop.version}',
        },
      },
      aws_sqs_queue: { mail: { name: 'mail' } },
      aws_lambda_event_source_mapping: {
        mail: { function_name: live, event_source_arn: '${aws_sqs_queue.mail.arn}' },
      },
      aws_cloudwatch_event_rule: { news: { name: 'news', event_pattern: '{"source":["shop"]}' } },
      aws_cloudwatch_event_target: {
        news: { rule: 'news', arn: live, retry_policy: { maximum_retry_attempts: 0 } },
      },
      aws_sfn_state_machine: {
        flow: { name: 'flow', role_arn: '${aws_iam_role.flow.arn}', definition: JSON.stringify(flow) },
      },
      aws_apigatewayv2_api: { shop: { name: 'shop', protocol_type: 'HTTP' } },
      aws_apigatewayv2_stage: {
        shop: { api_id: '${aws_apigatewayv2_api.shop.id}', name: '$default', auto_deploy: true },
      },
      aws_apigatewayv2_integration: {
        shop: {
          api_id: '${aws_apigatewayv2_api.shop.id}',
          integration_type: 'AWS_PROXY',
          integration_uri: '${aws_lambda_alias.live.invoke_arn}',
          payload_format_version: '2.0',
        },
      },
      aws_apigatewayv2_route: {
        shop: {
          api_id: '${aws_apigatewayv2_api.shop.id}',
          route_key: 'GET /hello',
          target: 'integrations/${aws_apigatewayv2_integration.shop.id}',
        },
      },
      aws_lambda_permission: {
        api: permission('apigateway.amazonaws.com', '${aws_apigatewayv2_api.shop.execution_arn}/*/*'),
        news: permission('events.amazonaws.com', '${aws_cloudwatch_event_rule.news.arn}'),
      },
    },
  };
}

describeWithEngine('a function behind an alias', () => {
  let cloud: LocalCloud;
  let folder: string;
  /** What the function said of each of its calls. */
  const told: string[] = [];

  async function start(granted: Granted): Promise<void> {
    told.length = 0;
    folder = mkdtempSync(join(tmpdir(), 'aliases-'));
    const stackFile = join(folder, 'cdk.tf.json');
    writeFileSync(stackFile, JSON.stringify(stackWith(granted)));
    writeFileSync(join(folder, 'shop.zip'), zipSync({ 'index.cjs': strToU8(CODE) }));
    cloud = await LocalCloud.start({
      stackFile,
      iam: 'enforce',
      onLog: ({ text }) => told.push(text.trim()),
    });
  }
  afterEach(async () => {
    await cloud.stop();
    rmSync(folder, { recursive: true });
  });

  const as = <Client>(
    Service: new (config: {
      endpoint: string;
      region: string;
      credentials: { accessKeyId: string; secretAccessKey: string };
    }) => Client,
    accessKeyId = 'OPERATOR',
  ): Client =>
    new Service({
      endpoint: cloud.endpointUrl,
      region: 'eu-west-1',
      credentials: { accessKeyId, secretAccessKey: 'local' },
    });
  const ways = {
    'a queue’s mapping': () =>
      as(SQSClient).send(
        new SendMessageCommand({ QueueUrl: `${cloud.endpointUrl}/000000000000/mail`, MessageBody: 'hello' }),
      ),
    'a rule': () =>
      as(EventBridgeClient).send(
        new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: 'a', Detail: '{}' }] }),
      ),
    'a route': () => fetch(`${cloud.apiUrl}/hello`),
    'a task': () =>
      as(SFNClient).send(
        new StartExecutionCommand({ stateMachineArn: arnOf('states', 'stateMachine:flow') }),
      ),
    'another function': () => invoke('shop:live'),
  };
  const invoke = (FunctionName: string) =>
    as(LambdaClient, 'caller')
      .send(new InvokeCommand({ FunctionName }))
      .then(
        ({ ExecutedVersion }) => ExecutedVersion,
        (error: unknown) => (error instanceof Error ? error.name : 'unknown'),
      );
  const calling = async (call: () => Promise<unknown>): Promise<string[]> => {
    told.length = 0;
    await call();
    await cloud.settled();
    return [...told];
  };

  it('is called by it in every way, as its version, and noted by its own name', async () => {
    await start({ qualifier: '${aws_lambda_alias.live.name}', invoked: '${aws_lambda_alias.live.arn}' });

    for (const [way, call] of Object.entries(ways)) {
      expect([way, ...(await calling(call))]).toEqual([way, `${SHOP}:live 1`]);
    }
    expect(cloud.journal.rows('refusals', '')).toEqual([]);
    const functions = cloud.journal.rows('invocations', '').map((row) => row['function']);
    expect([...new Set(functions)]).toEqual(['shop']);
  });

  it('is told by it where its mapping and its executions are', async () => {
    await start({ qualifier: 'live', invoked: '${aws_lambda_alias.live.arn}' });
    const listed = async (FunctionName: string) => {
      const answer = await as(LambdaClient).send(new ListEventSourceMappingsCommand({ FunctionName }));
      return answer.EventSourceMappings?.map(({ FunctionArn }) => FunctionArn);
    };
    const { executionArn } = await ways['a task']();
    await cloud.settled();
    const { output } = await as(SFNClient).send(new DescribeExecutionCommand({ executionArn }));

    expect(JSON.parse(output ?? '')).toMatchObject({ ExecutedVersion: '1' });
    expect(await listed('shop')).toEqual([`${SHOP}:live`]);
    expect(await listed(`${SHOP}:live`)).toEqual([`${SHOP}:live`]);
    expect(await listed(`${SHOP}:beta`)).toEqual([]);
  });

  it('is not called by it where only the function itself is granted', async () => {
    await start({ qualifier: undefined, invoked: '${aws_lambda_function.shop.arn}' });

    expect(await calling(ways['a route'])).toEqual([]);
    expect(await calling(ways['a rule'])).toEqual([]);
    expect(await calling(ways['a task'])).toEqual([]);
    expect(await invoke('shop:live')).toBe('AccessDeniedException');
    expect(await invoke('shop')).toBe('$LATEST');
    const refused = cloud.journal.rows('refusals', '').map((row) => row['resource']);
    expect(refused).toEqual(Array.from({ length: 4 }, () => `${SHOP}:live`));
  });

  it.each(['shop', 'shop:1', 'shop:beta'])('is not called by %s where the alias is granted', async (name) => {
    await start({ qualifier: 'live', invoked: '${aws_lambda_alias.live.arn}' });

    expect(await invoke(name)).toBe('AccessDeniedException');
  });
});
