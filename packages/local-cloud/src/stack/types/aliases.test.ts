import { problemsOf, resolveParts } from '../stack.fixture.ts';

const lambda = {
  function_name: 'api',
  filename: 'api.zip',
  handler: 'index.handler',
  runtime: 'nodejs24.x',
  role: 'r',
  publish: true,
};
const live = {
  name: 'live',
  function_name: '${aws_lambda_function.api.function_name}',
  function_version: '${aws_lambda_function.api.version}',
};
const resource = { aws_lambda_function: { api: lambda }, aws_lambda_alias: { live } };
const API = 'arn:aws:lambda:eu-west-1:000000000000:function:api';
const queue = { name: 'mail', visibility_timeout_seconds: 30 };

describe('an alias', () => {
  it('belongs to its function, beside the version that it points to', () => {
    expect(resolveParts(resource).functions).toMatchObject([
      { name: 'api', arn: API, version: '1', aliases: [{ name: 'live', version: '1' }] },
    ]);
  });

  it('points to what is not published, too', () => {
    const latest = { ...resource, aws_lambda_function: { api: { ...lambda, publish: false } } };
    const [api] = resolveParts(latest).functions;

    expect(api?.aliases).toEqual([{ name: 'live', version: '$LATEST' }]);
    expect(api?.version).toBeUndefined();
  });

  it('is called by the mappings and routes that name it, whose function keeps its own name', () => {
    const { mappings, apis } = resolveParts({
      ...resource,
      aws_sqs_queue: { mail: queue },
      aws_lambda_event_source_mapping: {
        it: { function_name: '${aws_lambda_alias.live.arn}', event_source_arn: '${aws_sqs_queue.mail.arn}' },
      },
      aws_apigatewayv2_api: { it: { name: 'shop', protocol_type: 'HTTP' } },
      aws_apigatewayv2_stage: {
        it: { api_id: '${aws_apigatewayv2_api.it.id}', name: '$default', auto_deploy: true },
      },
      aws_apigatewayv2_integration: {
        it: {
          api_id: '${aws_apigatewayv2_api.it.id}',
          integration_type: 'AWS_PROXY',
          integration_uri: '${aws_lambda_alias.live.invoke_arn}',
          payload_format_version: '2.0',
        },
      },
      aws_apigatewayv2_route: {
        it: {
          api_id: '${aws_apigatewayv2_api.it.id}',
          route_key: '$default',
          target: 'integrations/${aws_apigatewayv2_integration.it.id}',
        },
      },
    });

    expect(mappings).toMatchObject([{ functionName: 'api', qualifier: 'live' }]);
    expect(apis[0]?.routes).toMatchObject([{ functionName: 'api', qualifier: 'live' }]);
  });

  it('has permissions and asynchronous settings of its own', () => {
    const named = { function_name: '${aws_lambda_function.api.function_name}' };
    const { functions, resourcePolicies } = resolveParts({
      ...resource,
      aws_lambda_permission: {
        it: {
          ...named,
          qualifier: '${aws_lambda_alias.live.name}',
          action: 'lambda:InvokeFunction',
          principal: 'events.amazonaws.com',
        },
      },
      aws_lambda_function_event_invoke_config: {
        live: { ...named, qualifier: 'live', maximum_retry_attempts: 1 },
        latest: { ...named, maximum_retry_attempts: 2 },
      },
    });

    expect(resourcePolicies).toMatchObject([{ resourceArn: `${API}:live` }]);
    expect(JSON.parse(resourcePolicies[0]?.document ?? '')).toMatchObject({
      Statement: [{ Resource: `${API}:live` }],
    });
    expect(functions).toMatchObject([
      { maximumRetryAttempts: 2, qualifiedSettings: { live: { maximumRetryAttempts: 1 } } },
    ]);
  });
});

const permission = {
  function_name: 'api',
  qualifier: 'beta',
  action: 'lambda:InvokeFunction',
  principal: 'events.amazonaws.com',
};
const NOT_THERE = 'function "api:beta" is not in this stack. Refer to an alias of it';

it.each([
  [
    'points to a version that there is not',
    { aws_lambda_alias: { it: { ...live, function_version: '7' } } },
    'aws_lambda_alias.it: argument "function_version" is "7": "api" has $LATEST and 1 here. Refer to its "version"',
  ],
  [
    'is there twice',
    { aws_lambda_alias: { live, it: live } },
    'aws_lambda_alias.it: "api" already has an alias "live". Keep one of them',
  ],
  [
    'is named as a version is',
    { aws_lambda_alias: { it: { ...live, name: '7' } } },
    'aws_lambda_alias.it: argument "name" is "7": must be letters, digits, - and _, and no number',
  ],
  [
    'shares its traffic out',
    {
      aws_lambda_alias: { it: { ...live, routing_config: { additional_version_weights: { '1': 0.1 } } } },
    },
    'aws_lambda_alias.it: argument "routing_config" is not supported here. Remove it: there is one version of a function here',
  ],
  [
    'is not there, in a permission',
    { aws_lambda_permission: { it: permission } },
    `aws_lambda_permission.it: ${NOT_THERE}`,
  ],
  [
    'is not there, in asynchronous settings',
    { aws_lambda_function_event_invoke_config: { it: { function_name: 'api:beta' } } },
    `aws_lambda_function_event_invoke_config.it: ${NOT_THERE}`,
  ],
  [
    'is not there, in a mapping',
    {
      aws_sqs_queue: { mail: queue },
      aws_lambda_event_source_mapping: {
        it: { function_name: `${API}:beta`, event_source_arn: '${aws_sqs_queue.mail.arn}' },
      },
    },
    `aws_lambda_event_source_mapping.it: ${NOT_THERE}`,
  ],
  [
    'is not there, in a target',
    {
      aws_cloudwatch_event_rule: { it: { name: 'news', event_pattern: '{"source":["shop"]}' } },
      aws_cloudwatch_event_target: { it: { rule: 'news', arn: `${API}:beta` } },
    },
    `aws_cloudwatch_event_target.it: argument "arn" is ${API}:beta, which is no`,
  ],
  [
    'has asynchronous settings twice',
    {
      aws_lambda_alias: { live },
      aws_lambda_function_event_invoke_config: {
        one: { function_name: 'api', qualifier: 'live' },
        two: { function_name: '${aws_lambda_alias.live.arn}' },
      },
    },
    'aws_lambda_function_event_invoke_config.two: "api:live" already has asynchronous settings. Keep one of them',
  ],
])('an alias that %s is refused', (_what, more, problem) => {
  const problems = problemsOf(() => resolveParts({ aws_lambda_function: { api: lambda }, ...more }));

  expect(problems).toEqual([expect.stringContaining(problem)]);
});
