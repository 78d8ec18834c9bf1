import { FUNCTION, problemsOf, resolveParts, TABLE } from '../stack.fixture.ts';

const lambda = { ...FUNCTION, function_name: 'api', timeout: 60 };

const mapping = {
  function_name: '${aws_lambda_function.api.arn}',
  event_source_arn: '${aws_dynamodb_table.orders.stream_arn}',
  starting_position: 'LATEST',
};

const queueMapping = {
  function_name: '${aws_lambda_function.api.arn}',
  event_source_arn: '${aws_sqs_queue.mail.arn}',
};

const fifoMapping = { ...queueMapping, event_source_arn: '${aws_sqs_queue.lane.arn}' };
const filters = (count: number) => Array.from({ length: count }, () => ({ pattern: '{"a":["b"]}' }));

const api = { name: 'shop', protocol_type: 'HTTP' };
const stage = { api_id: '${aws_apigatewayv2_api.it.id}', name: '$default', auto_deploy: true };
const integration = {
  api_id: '${aws_apigatewayv2_api.it.id}',
  integration_type: 'AWS_PROXY',
  integration_uri: '${aws_lambda_function.api.invoke_arn}',
  payload_format_version: '2.0',
};
const route = {
  api_id: '${aws_apigatewayv2_api.it.id}',
  route_key: 'GET /orders',
  target: 'integrations/${aws_apigatewayv2_integration.it.id}',
};
const authorizer = {
  api_id: '${aws_apigatewayv2_api.it.id}',
  name: 'jwt',
  authorizer_type: 'JWT',
  jwt_configuration: { issuer: 'https://issuer', audience: ['shop'] },
};

/** A stack in which one resource, named `it` where it has no name yet, differs from what works. */
function stackWith(type: string, it: object) {
  return {
    aws_lambda_function: { api: lambda },
    aws_dynamodb_table: { orders: TABLE },
    aws_sqs_queue: {
      mail: { name: 'mail', visibility_timeout_seconds: 60 },
      lane: { name: 'lane.fifo', fifo_queue: true, visibility_timeout_seconds: 60 },
    },
    aws_apigatewayv2_api: { it: api },
    aws_apigatewayv2_stage: { it: stage },
    aws_apigatewayv2_integration: { it: integration },
    [type]: { ...(type === 'aws_lambda_function' && { api: lambda }), it },
  };
}

describe('a working resource', () => {
  it.each([
    ['aws_lambda_function', { ...lambda, function_name: 'other' }],
    ['aws_lambda_event_source_mapping', mapping],
    ['aws_lambda_event_source_mapping', queueMapping],
    ['aws_lambda_event_source_mapping', fifoMapping],
    ['aws_lambda_event_source_mapping', { ...mapping, filter_criteria: { filter: filters(10) } }],
    ['aws_apigatewayv2_route', route],
    ['aws_apigatewayv2_authorizer', authorizer],
  ])('is accepted: %s', (type, it) => {
    expect(problemsOf(() => resolveParts(stackWith(type, it)))).toEqual([]);
  });
});

describe('what does not run here is refused by name', () => {
  it.each<[type: string, it: object, problem: string]>([
    [
      'aws_lambda_function',
      { ...lambda, image_uri: 'image' },
      'argument "image_uri" is not supported here. Give the deployment package as a zip with "filename"',
    ],
    [
      'aws_lambda_function',
      { ...lambda, runtime: 'python3.13' },
      'argument "runtime" is "python3.13": must be a Node.js runtime (nodejs24.x)',
    ],
    ['aws_lambda_function', { ...lambda, filename: undefined }, 'argument "filename" is required here'],
    [
      'aws_lambda_function',
      { ...lambda, timeout: 901 },
      'argument "timeout" is 901: Too big: expected number to be <=900',
    ],
    [
      'aws_lambda_function',
      { ...lambda, provider: 'aws.us' },
      'argument "provider" is "aws.us": this is a second provider. Every resource is in the one region of the stack',
    ],
    [
      'aws_lambda_event_source_mapping',
      { ...mapping, tumbling_window_in_seconds: 60, parallelization_factor: 2 },
      'a "tumbling_window_in_seconds" is run with one batch at a time. Remove "parallelization_factor"',
    ],
    [
      'aws_lambda_event_source_mapping',
      { ...mapping, starting_position: undefined },
      'argument "starting_position" is required for a stream',
    ],
    [
      'aws_lambda_event_source_mapping',
      { ...mapping, starting_position: 'AT_TIMESTAMP' },
      'argument "starting_position" is "AT_TIMESTAMP": must be TRIM_HORIZON or LATEST',
    ],
    [
      'aws_lambda_event_source_mapping',
      { ...mapping, maximum_record_age_in_seconds: 30 },
      'argument "maximum_record_age_in_seconds" must be -1 or at least 60',
    ],
    [
      'aws_lambda_event_source_mapping',
      { ...mapping, event_source_arn: '${aws_dynamodb_table.orders.arn}' },
      'argument "event_source_arn" is arn:aws:dynamodb:eu-west-1:000000000000:table/orders, which is no queue',
    ],
    [
      'aws_lambda_event_source_mapping',
      { ...mapping, destination_config: { on_failure: { destination_arn: 'arn:aws:sqs:eu-west-1:1:x' } } },
      'argument "destination_config" is arn:aws:sqs:eu-west-1:1:x, which is no queue, topic, bucket of this stack',
    ],
    [
      'aws_lambda_event_source_mapping',
      { ...mapping, function_name: 'nobody' },
      'function "nobody" is not in this stack',
    ],
    [
      'aws_lambda_event_source_mapping',
      { ...mapping, filter_criteria: { filter: [{ pattern: '{' }] } },
      'argument "filter_criteria.filter.0.pattern" is "{": must be JSON',
    ],
    [
      'aws_lambda_event_source_mapping',
      { ...mapping, filter_criteria: { filter: [{ pattern: '{"a":["b"]}' }, { pattern: '{"a":"b"}' }] } },
      'argument "filter_criteria.filter.1.pattern" is an invalid filter pattern: "a" must be an object or an array',
    ],
    [
      'aws_lambda_event_source_mapping',
      { ...queueMapping, filter_criteria: { filter: { pattern: '[]' } } },
      'argument "filter_criteria.filter.0.pattern" is an invalid filter pattern: Filter is not an object',
    ],
    [
      'aws_lambda_event_source_mapping',
      { ...mapping, filter_criteria: { filter: filters(11) } },
      'argument "filter_criteria" has 11 filters: 10 is the most. Put several into one with "$or"',
    ],
    [
      'aws_lambda_event_source_mapping',
      { ...mapping, destination_config: { on_failure: { destination_arn: '${aws_sqs_queue.lane.arn}' } } },
      'argument "destination_config" is a FIFO queue or topic: records that were given up go to a standard one',
    ],
    [
      'aws_lambda_event_source_mapping',
      { ...fifoMapping, batch_size: 11 },
      'a "batch_size" over 10 is for standard queues only',
    ],
    [
      'aws_lambda_event_source_mapping',
      { ...fifoMapping, maximum_batching_window_in_seconds: 1 },
      'argument "maximum_batching_window_in_seconds" is for standard queues only. Remove it',
    ],
    [
      'aws_lambda_event_source_mapping',
      { ...queueMapping, batch_size: 11 },
      'a "batch_size" over 10 needs a "maximum_batching_window_in_seconds" of at least 1',
    ],
    [
      'aws_lambda_event_source_mapping',
      { ...queueMapping, parallelization_factor: 2 },
      'argument "parallelization_factor" is for streams only. Remove it',
    ],
    [
      'aws_lambda_function_event_invoke_config',
      { function_name: 'api', destination_config: { on_success: { destination: 'arn:aws:s3:::x' } } },
      'argument "destination_config.on_success" is arn:aws:s3:::x, which is no queue, topic, function, bus of this stack',
    ],
    [
      'aws_lambda_alias',
      { name: 'live', function_name: 'nobody', function_version: '1' },
      'function "nobody" is not in this stack',
    ],
    [
      'aws_apigatewayv2_route',
      { ...route, authorization_type: 'JWT' },
      '"authorizer_id" must name a JWT authorizer of the same API',
    ],
    [
      'aws_apigatewayv2_route',
      { ...route, route_key: 'orders' },
      'argument "route_key" is "orders": must be $default or a method and a path (GET /orders/{orderId})',
    ],
    [
      'aws_apigatewayv2_route',
      { ...route, target: 'integrations/x' },
      '"target" integrations/x is no integration of this stack',
    ],
    [
      'aws_apigatewayv2_api',
      { ...api, cors_configuration: { allow_origins: ['*'] } },
      'argument "cors_configuration.allow_origins.0" is "*": must be like https://example.com: wildcards are not run here',
    ],
    [
      'aws_apigatewayv2_api',
      { ...api, cors_configuration: { allow_methods: ['*'] } },
      'argument "cors_configuration.allow_methods.0" is "*": must be a method: wildcards are not run here',
    ],
    [
      'aws_apigatewayv2_api',
      { ...api, cors_configuration: { allow_headers: ['*'] } },
      'argument "cors_configuration.allow_headers.0" is "*": must be a header\'s name: wildcards are not run here',
    ],
    [
      'aws_apigatewayv2_api',
      { ...api, cors_configuration: { allow_credentials: true } },
      'argument "cors_configuration.allow_credentials" is not supported here. Send a token instead of cookies',
    ],
    [
      'aws_apigatewayv2_stage',
      { ...stage, name: 'v1' },
      'argument "name" is "v1": must be $default: other stages are not run here',
    ],
    [
      'aws_apigatewayv2_authorizer',
      { ...authorizer, authorizer_type: 'REQUEST' },
      'argument "authorizer_type" is "REQUEST": must be JWT',
    ],
    [
      'aws_apigatewayv2_integration',
      { ...integration, payload_format_version: '1.0' },
      'argument "payload_format_version" is "1.0": must be 2.0',
    ],
  ])('%s %j', (type, it, problem) => {
    const problems = problemsOf(() => resolveParts(stackWith(type, it)));
    expect(problems).toContainEqual(expect.stringContaining(`${type}.it: ${problem}`));
  });

  it('a queue that hides messages for a shorter time than its function may run', () => {
    const resources = {
      ...stackWith('aws_lambda_event_source_mapping', queueMapping),
      aws_sqs_queue: { mail: { name: 'mail' } },
    };
    expect(problemsOf(() => resolveParts(resources))).toEqual([
      "aws_lambda_event_source_mapping.it: the queue's visibility timeout (30 s) is less than the function's timeout (60 s)",
    ]);
  });

  it('two mappings of one source to one function', () => {
    const resources = {
      ...stackWith('aws_lambda_event_source_mapping', mapping),
      aws_lambda_event_source_mapping: { one: mapping, two: mapping },
    };
    expect(problemsOf(() => resolveParts(resources))).toEqual([
      'aws_lambda_event_source_mapping.two: aws_lambda_event_source_mapping.one maps the same source to the same function. Keep one of them',
    ]);
  });

  it('an API without a stage', () => {
    expect(problemsOf(() => resolveParts({ aws_apigatewayv2_api: { it: api } }))).toEqual([
      'the API "shop" has no stage: add an aws_apigatewayv2_stage named $default',
    ]);
  });

  it.each(['ANY /orders', 'OPTIONS /orders', '$default'])(
    'an API with CORS whose route %s would answer for it',
    (route_key) => {
      const resources = stackWith('aws_apigatewayv2_api', {
        ...api,
        cors_configuration: { allow_origins: ['https://example.com'] },
      });
      expect(
        problemsOf(() =>
          resolveParts({ ...resources, aws_apigatewayv2_route: { it: { ...route, route_key } } }),
        ),
      ).toEqual([
        `the API "shop" has a "cors_configuration" and the route "${route_key}", which both answer OPTIONS. Name the methods of the route`,
      ]);
    },
  );

  it('two APIs of one name', () => {
    const resources = {
      aws_apigatewayv2_api: { one: api, two: api },
      aws_apigatewayv2_stage: {
        one: { ...stage, api_id: '${aws_apigatewayv2_api.one.id}' },
        two: { ...stage, api_id: '${aws_apigatewayv2_api.two.id}' },
      },
    };
    expect(problemsOf(() => resolveParts(resources))).toEqual([
      'there are two APIs named "shop": addresses are told by name here. Rename one',
    ]);
  });
});
