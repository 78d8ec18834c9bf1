import { resolveParts } from '../stack.fixture.ts';

const statement = (Action: string) => JSON.stringify({ Statement: { Effect: 'Allow', Action } });
const lambda = {
  function_name: 'api',
  filename: 'api.zip',
  handler: 'index.handler',
  runtime: 'nodejs24.x',
  role: 'r',
};

describe('the policy of a resource', () => {
  it.each([
    [
      'a queue',
      { aws_sqs_queue: { it: { name: 'mail', policy: statement('a') } } },
      'arn:aws:sqs:eu-west-1:000000000000:mail',
    ],
    [
      'a queue, beside it',
      {
        aws_sqs_queue: { it: { name: 'mail' } },
        aws_sqs_queue_policy: { it: { queue_url: '${aws_sqs_queue.it.url}', policy: statement('a') } },
      },
      'arn:aws:sqs:eu-west-1:000000000000:mail',
    ],
    [
      'a bucket',
      {
        aws_s3_bucket: { it: { bucket: 'archive' } },
        aws_s3_bucket_policy: { it: { bucket: '${aws_s3_bucket.it.id}', policy: statement('a') } },
      },
      'arn:aws:s3:::archive',
    ],
    [
      'a topic',
      { aws_sns_topic: { it: { name: 'news', policy: statement('a') } } },
      'arn:aws:sns:eu-west-1:000000000000:news',
    ],
    [
      'a topic, beside it',
      {
        aws_sns_topic: { it: { name: 'news' } },
        aws_sns_topic_policy: { it: { arn: '${aws_sns_topic.it.arn}', policy: statement('a') } },
      },
      'arn:aws:sns:eu-west-1:000000000000:news',
    ],
    [
      'a search domain',
      { aws_opensearch_domain: { it: { domain_name: 'shop', access_policies: statement('a') } } },
      'arn:aws:es:eu-west-1:000000000000:domain/shop',
    ],
    [
      'a search domain, beside it',
      {
        aws_opensearch_domain: { it: { domain_name: 'shop' } },
        aws_opensearch_domain_policy: { it: { domain_name: 'shop', access_policies: statement('a') } },
      },
      'arn:aws:es:eu-west-1:000000000000:domain/shop',
    ],
  ])('belongs to %s', (_what, resource, resourceArn) => {
    const policies = resolveParts(resource).resourcePolicies;
    expect(policies.map((policy) => [policy.resourceArn, policy.document])).toEqual([
      [resourceArn, statement('a')],
    ]);
  });

  it.each([
    [
      { principal: 'events.amazonaws.com', source_arn: 'arn:aws:events:::rule/a' },
      { Service: 'events.amazonaws.com' },
      { ArnLike: { 'aws:SourceArn': 'arn:aws:events:::rule/a' } },
    ],
    [
      { principal: 's3.amazonaws.com', source_account: '1' },
      { Service: 's3.amazonaws.com' },
      { StringEquals: { 'aws:SourceAccount': '1' } },
    ],
    [{ principal: 'arn:aws:iam::000000000000:role/a' }, { AWS: 'arn:aws:iam::000000000000:role/a' }, {}],
    [{ principal: '*' }, '*', {}],
  ])('of a function is what its permission %j says', (permission, Principal, Condition) => {
    const { resourcePolicies } = resolveParts({
      aws_lambda_function: { it: lambda },
      aws_lambda_permission: {
        it: {
          function_name: '${aws_lambda_function.it.arn}',
          action: 'lambda:InvokeFunction',
          ...permission,
        },
      },
    });
    const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:api';
    const Statement = [
      { Effect: 'Allow', Principal, Action: 'lambda:InvokeFunction', Resource: functionArn, Condition },
    ];
    expect(resourcePolicies).toHaveLength(1);
    expect(resourcePolicies[0]!.resourceArn).toBe(functionArn);
    expect(JSON.parse(resourcePolicies[0]!.document)).toEqual({ Version: '2012-10-17', Statement });
  });
});

it('an endpoint of a network is known with its service and its policy', () => {
  const { vpcEndpoints } = resolveParts({
    aws_vpc: { it: { cidr_block: '10.0.0.0/16' } },
    aws_vpc_endpoint: {
      it: {
        vpc_id: '${aws_vpc.it.id}',
        service_name: 'com.amazonaws.eu-west-1.dynamodb',
        policy: statement('a'),
      },
      open: { vpc_id: '${aws_vpc.it.id}', service_name: 'com.amazonaws.eu-west-1.s3' },
    },
  });
  const vpcId = expect.stringMatching(/^vpc-/);
  expect(vpcEndpoints).toEqual([
    { address: 'aws_vpc_endpoint.it', vpcId, service: 'dynamodb', policy: statement('a') },
    { address: 'aws_vpc_endpoint.open', vpcId, service: 's3' },
  ]);
});

it('a function and a state machine are known to be traced and logged where they are', () => {
  const machine = { name: 'flow', definition: '{}', role_arn: 'r' };
  const logged = { level: 'ERROR', log_destination: 'l' };
  const { functions, stateMachines } = resolveParts({
    aws_lambda_function: {
      traced: { ...lambda, tracing_config: { mode: 'Active' } },
      passing: { ...lambda, tracing_config: { mode: 'PassThrough' } },
    },
    aws_sfn_state_machine: {
      both: { ...machine, logging_configuration: logged, tracing_configuration: { enabled: true } },
      off: { ...machine, logging_configuration: { level: 'OFF' }, tracing_configuration: { enabled: false } },
    },
  });
  expect(functions.map(({ isTraced }) => isTraced)).toEqual([true, undefined]);
  expect(stateMachines.map(({ isTraced, isLogged }) => [isTraced, isLogged])).toEqual([
    [true, true],
    [undefined, undefined],
  ]);
});
