import { resolveParts } from '../stack.fixture.ts';
import { resolveStack } from '../read.ts';

const resource = {
  aws_dynamodb_table: { it: { name: 'orders', hash_key: 'id', attribute: { name: 'id', type: 'S' } } },
  aws_lambda_function: {
    it: {
      function_name: 'api',
      filename: 'api.zip',
      handler: 'index.handler',
      runtime: 'nodejs24.x',
      role: 'r',
      publish: true,
    },
  },
  aws_lambda_alias: {
    it: {
      name: 'live',
      function_name: '${aws_lambda_function.it.arn}',
      function_version: '${aws_lambda_function.it.version}',
    },
  },
  aws_sfn_state_machine: { it: { name: 'workflow', role_arn: 'r', definition: '{}' } },
  aws_cloudwatch_event_bus: { it: { name: 'shop' } },
  aws_cloudwatch_event_archive: {
    it: { name: 'history', event_source_arn: '${aws_cloudwatch_event_bus.it.arn}', retention_days: '30' },
    all: {
      name: 'all',
      event_source_arn: '${data.aws_cloudwatch_event_bus.it.arn}',
      event_pattern: '{"source":["shop"]}',
    },
  },
  aws_cloudwatch_event_rule: {
    it: { name: 'nightly', schedule_expression: 'rate(1 day)', state: 'DISABLED' },
    custom: {
      name: 'all',
      event_bus_name: '${aws_cloudwatch_event_bus.it.arn}',
      event_pattern: '{"a":["b"]}',
    },
  },
  aws_cloudwatch_event_target: {
    it: {
      rule: '${aws_cloudwatch_event_rule.it.name}',
      arn: '${aws_lambda_alias.it.arn}',
      input_transformer: [{ input_paths: { a: '$.detail' }, input_template: '{"a":<a>}' }],
    },
  },
  aws_sqs_queue: { it: { name: 'mail.fifo', fifo_queue: 'true' } },
  aws_sns_topic: { it: { name: 'alerts' } },
  aws_s3_bucket: { it: { bucket: 'archive' } },
  aws_s3_bucket_versioning: { it: { bucket: 'archive', versioning_configuration: { status: 'Enabled' } } },
  aws_iam_role: { it: { name: 'api', path: '/shop/', assume_role_policy: '{}' } },
  aws_iam_policy: { it: { name: 'write', policy: '{}' } },
  aws_cloudwatch_log_group: { it: { name: '/aws/lambda/api' } },
  aws_cloudwatch_metric_alarm: {
    it: {
      alarm_name: 'errors',
      ...{ namespace: 'AWS/Lambda', metric_name: 'Errors', statistic: 'Sum', period: 60 },
      ...{ evaluation_periods: 1, comparison_operator: 'GreaterThanThreshold', threshold: 1 },
    },
  },
  aws_budgets_budget: { it: { name: 'month', budget_type: 'COST', time_unit: 'MONTHLY' } },
  aws_cloudwatch_dashboard: { it: { dashboard_name: 'shop', dashboard_body: '{}' } },
  aws_sesv2_email_identity: { it: { email_identity: 'example.org' } },
  aws_sesv2_configuration_set: { it: { configuration_set_name: 'shop' } },
  aws_glue_catalog_database: { it: { name: 'shop' } },
  aws_glue_catalog_table: {
    it: { name: 'changes', database_name: 'shop', storage_descriptor: { location: 's3://archive/' } },
  },
  aws_athena_workgroup: { it: { name: 'shop', configuration: { enforce_workgroup_configuration: true } } },
  aws_iam_service_linked_role: { it: { aws_service_name: 'opensearchservice.amazonaws.com' } },
};

const data = {
  aws_caller_identity: { it: {} },
  aws_region: { it: {} },
  aws_partition: { it: {} },
  aws_availability_zones: { it: { state: 'available' } },
  aws_cloudwatch_event_bus: { it: { name: 'default' } },
  aws_iam_policy_document: {
    it: {
      statement: [
        { sid: 'All', principals: { type: '*', identifiers: ['*'] }, actions: ['s3:*'] },
        {
          effect: 'Deny',
          not_actions: ['s3:Get*'],
          not_resources: ['arn:aws:s3:::a/&{aws:username}'],
          not_principals: [
            { type: 'AWS', identifiers: ['a'] },
            { type: 'AWS', identifiers: ['b'] },
          ],
          condition: [
            { test: 'Bool', variable: 'aws:SecureTransport', values: [false] },
            { test: 'Bool', variable: 'x', values: ['true'] },
          ],
        },
      ],
    },
  },
};

describe('what AWS computes', () => {
  it.each([
    ['aws_dynamodb_table.it.id', 'orders'],
    ['aws_dynamodb_table.it.arn', 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders'],
    ['aws_lambda_function.it.arn', 'arn:aws:lambda:eu-west-1:000000000000:function:api'],
    ['aws_lambda_function.it.version', '1'],
    ['aws_lambda_function.it.qualified_arn', 'arn:aws:lambda:eu-west-1:000000000000:function:api:1'],
    ['aws_lambda_alias.it.arn', 'arn:aws:lambda:eu-west-1:000000000000:function:api:live'],
    [
      'aws_lambda_alias.it.invoke_arn',
      'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:000000000000:function:api:live/invocations',
    ],
    ['aws_sfn_state_machine.it.id', 'arn:aws:states:eu-west-1:000000000000:stateMachine:workflow'],
    ['aws_cloudwatch_event_archive.it.arn', 'arn:aws:events:eu-west-1:000000000000:archive/history'],
    ['aws_cloudwatch_event_bus.it.arn', 'arn:aws:events:eu-west-1:000000000000:event-bus/shop'],
    ['aws_cloudwatch_event_rule.it.arn', 'arn:aws:events:eu-west-1:000000000000:rule/nightly'],
    ['aws_cloudwatch_event_rule.custom.arn', 'arn:aws:events:eu-west-1:000000000000:rule/shop/all'],
    ['aws_sqs_queue.it.url', 'https://sqs.eu-west-1.amazonaws.com/000000000000/mail.fifo'],
    ['aws_sqs_queue.it.id', 'https://sqs.eu-west-1.amazonaws.com/000000000000/mail.fifo'],
    ['aws_sns_topic.it.arn', 'arn:aws:sns:eu-west-1:000000000000:alerts'],
    ['aws_s3_bucket.it.arn', 'arn:aws:s3:::archive'],
    ['aws_s3_bucket.it.bucket_regional_domain_name', 'archive.s3.eu-west-1.amazonaws.com'],
    ['aws_s3_bucket_versioning.it.id', 'archive'],
    ['aws_iam_role.it.arn', 'arn:aws:iam::000000000000:role/shop/api'],
    ['aws_iam_policy.it.arn', 'arn:aws:iam::000000000000:policy/write'],
    ['aws_cloudwatch_log_group.it.arn', 'arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/api'],
    ['aws_cloudwatch_metric_alarm.it.arn', 'arn:aws:cloudwatch:eu-west-1:000000000000:alarm:errors'],
    ['aws_budgets_budget.it.arn', 'arn:aws:budgets::000000000000:budget/month'],
    ['aws_cloudwatch_dashboard.it.dashboard_arn', 'arn:aws:cloudwatch::000000000000:dashboard/shop'],
    ['aws_sesv2_email_identity.it.arn', 'arn:aws:ses:eu-west-1:000000000000:identity/example.org'],
    ['aws_sesv2_email_identity.it.email_identity', 'example.org'],
    ['aws_sesv2_configuration_set.it.arn', 'arn:aws:ses:eu-west-1:000000000000:configuration-set/shop'],
    ['aws_sesv2_configuration_set.it.configuration_set_name', 'shop'],
    ['aws_glue_catalog_database.it.arn', 'arn:aws:glue:eu-west-1:000000000000:database/shop'],
    ['aws_glue_catalog_table.it.arn', 'arn:aws:glue:eu-west-1:000000000000:table/shop/changes'],
    ['aws_glue_catalog_table.it.id', '000000000000:shop:changes'],
    ['aws_athena_workgroup.it.arn', 'arn:aws:athena:eu-west-1:000000000000:workgroup/shop'],
    [
      'aws_iam_service_linked_role.it.arn',
      'arn:aws:iam::000000000000:role/aws-service-role/opensearchservice.amazonaws.com',
    ],
    ['data.aws_availability_zones.it.names[1]', 'eu-west-1b'],
    ['data.aws_cloudwatch_event_bus.it.arn', 'arn:aws:events:eu-west-1:000000000000:event-bus/default'],
    ['data.aws_caller_identity.it.account_id', '000000000000'],
    ['data.aws_region.it.region', 'eu-west-1'],
    ['data.aws_region.it.name', 'eu-west-1'],
    ['data.aws_partition.it.partition', 'aws'],
    ['data.aws_partition.it.dns_suffix', 'amazonaws.com'],
  ])('%s is %s', (reference, value) => {
    const output = { it: { value: `\${${reference}}` } };
    expect(resolveStack({ resource, data, output }, '/s').outputs['it']).toBe(value);
  });

  it('an API has addresses that stay the same', () => {
    const output = {
      api: { value: '${aws_apigatewayv2_api.it.execution_arn}/*' },
      url: { value: '${aws_apigatewayv2_stage.it.invoke_url}' },
    };
    const api = {
      aws_apigatewayv2_api: { it: { name: 'shop', protocol_type: 'HTTP' } },
      aws_apigatewayv2_stage: {
        it: { api_id: '${aws_apigatewayv2_api.it.id}', name: '$default', auto_deploy: true },
      },
    };
    const read = () => resolveStack({ resource: api, output }, '/s');
    const { id } = read().apis[0]!;
    expect(read().outputs).toEqual({
      api: `arn:aws:execute-api:eu-west-1:000000000000:${id}/*`,
      url: `https://${id}.execute-api.eu-west-1.amazonaws.com/`,
    });
    expect(read()).toEqual(read());
  });

  it('a policy document is the JSON of its statements', () => {
    const output = { it: { value: '${data.aws_iam_policy_document.it.json}' } };
    expect(JSON.parse(resolveStack({ data, output }, '/s').outputs['it']!)).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'All', Effect: 'Allow', Principal: '*', Action: ['s3:*'] },
        {
          Effect: 'Deny',
          NotAction: ['s3:Get*'],
          NotResource: ['arn:aws:s3:::a/${aws:username}'],
          NotPrincipal: { AWS: ['a', 'b'] },
          Condition: { Bool: { 'aws:SecureTransport': ['false'], x: ['true'] } },
        },
      ],
    });
  });
});

it('an archive keeps the events of its bus', () => {
  const bus = (name: string) => ({
    busName: name,
    busArn: `arn:aws:events:eu-west-1:000000000000:event-bus/${name}`,
  });
  const archiveArn = (name: string) => `arn:aws:events:eu-west-1:000000000000:archive/${name}`;
  expect(resolveParts(resource, data).archives).toEqual([
    { name: 'history', arn: archiveArn('history'), ...bus('shop'), retentionDays: 30 },
    {
      name: 'all',
      arn: archiveArn('all'),
      ...bus('default'),
      pattern: '{"source":["shop"]}',
      retentionDays: 0,
    },
  ]);
});

describe('rules', () => {
  it('with a schedule are kept apart, with how their targets are called', () => {
    const { rules, schedules } = resolveParts(resource, data);
    expect(rules.map(({ name, busName }) => [name, busName])).toEqual([['all', 'shop']]);
    expect(schedules).toEqual([
      {
        name: 'nightly',
        arn: 'arn:aws:events:eu-west-1:000000000000:rule/nightly',
        busName: 'default',
        enabled: false,
        expression: 'rate(1 day)',
        targets: [
          {
            id: 'it',
            arn: 'arn:aws:lambda:eu-west-1:000000000000:function:api:live',
            maximumRetryAttempts: 185,
            maximumEventAgeSeconds: 86_400,
            inputTransformer: { paths: { a: '$.detail' }, template: '{"a":<a>}' },
          },
        ],
      },
    ]);
  });
});

describe('attributes of queues', () => {
  it('are set where an argument is, and nowhere else', () => {
    expect(resolveParts(resource, data).queues[0]!.attributes).toEqual({ FifoQueue: 'true' });
  });
});

describe('a network', () => {
  const vpc = '${aws_vpc.it.id}';
  const network = {
    aws_vpc: { it: { cidr_block: '10.0.0.0/16', enable_dns_support: true } },
    aws_subnet: {
      a: {
        vpc_id: vpc,
        cidr_block: '10.0.0.0/24',
        availability_zone: '${data.aws_availability_zones.it.names[0]}',
      },
      b: {
        vpc_id: vpc,
        cidr_block: '10.0.1.0/24',
        availability_zone: '${data.aws_availability_zones.it.names[1]}',
      },
    },
    aws_security_group: { it: { name: 'cache', vpc_id: vpc } },
    aws_vpc_security_group_ingress_rule: {
      it: {
        security_group_id: '${aws_security_group.it.id}',
        ip_protocol: 'tcp',
        from_port: 6379,
        to_port: 6379,
      },
    },
    aws_vpc_security_group_egress_rule: {
      it: { security_group_id: '${aws_security_group.it.id}', ip_protocol: '-1', cidr_ipv4: '0.0.0.0/0' },
    },
    aws_route_table: { it: { vpc_id: vpc } },
    aws_route_table_association: {
      it: { route_table_id: '${aws_route_table.it.id}', subnet_id: '${aws_subnet.a.id}' },
    },
    aws_vpc_endpoint: {
      it: {
        vpc_id: vpc,
        service_name: 'com.amazonaws.eu-west-1.dynamodb',
        route_table_ids: ['${aws_route_table.it.id}'],
      },
    },
    aws_lambda_function: {
      it: {
        ...resource.aws_lambda_function.it,
        vpc_config: {
          subnet_ids: ['${aws_subnet.a.id}', '${aws_subnet.b.id}'],
          security_group_ids: ['${aws_security_group.it.id}'],
        },
      },
    },
  };

  it('does nothing, and says so', () => {
    const { inert, functions } = resolveParts(network, data);
    const reason = 'functions reach everything on this machine';
    expect(
      inert.filter((one) => one.reason === reason).map(({ address, argument }) => argument ?? address),
    ).toEqual([
      'aws_vpc.it',
      'aws_subnet.a',
      'aws_subnet.b',
      'aws_security_group.it',
      'aws_vpc_security_group_ingress_rule.it',
      'aws_vpc_security_group_egress_rule.it',
      'aws_route_table.it',
      'aws_route_table_association.it',
      'aws_vpc_endpoint.it',
      'vpc_config',
    ]);
    expect(functions).toEqual([
      {
        ...resolveParts(resource, data).functions[0],
        vpcId: expect.stringMatching(/^vpc-/),
        // Its alias is not among the parts of this stack.
        aliases: undefined,
      },
    ]);
  });

  it('has ids that its parts are told apart by', () => {
    const output = { it: { value: ['${aws_vpc.it.id}', '${aws_subnet.a.id}', '${aws_subnet.b.id}'] } };
    const ids = JSON.parse(
      resolveStack({ resource: network, data, output }, '/s').outputs['it']!,
    ) as string[];
    expect(ids).toEqual([
      expect.stringMatching(/^vpc-[a-z0-9]{10}$/),
      expect.stringMatching(/^subnet-[a-z0-9]{10}$/),
      expect.stringMatching(/^subnet-[a-z0-9]{10}$/),
    ]);
    expect(new Set(ids).size).toBe(3);
  });
});

describe('mail', () => {
  const destination = (enabled: boolean, ...matching_event_types: string[]) => ({
    configuration_set_name: '${aws_sesv2_configuration_set.it.configuration_set_name}',
    event_destination_name: 'bus',
    event_destination: {
      enabled,
      matching_event_types,
      event_bridge_destination: { event_bus_arn: '${data.aws_cloudwatch_event_bus.it.arn}' },
    },
  });

  it('has its identities, and its configuration sets with what they tell the bus', () => {
    const stack = resolveParts(
      {
        ...resource,
        aws_sesv2_email_identity: {
          it: {
            email_identity: 'example.org',
            configuration_set_name: '${aws_sesv2_configuration_set.it.id}',
          },
        },
        aws_sesv2_configuration_set_event_destination: {
          one: destination(true, 'BOUNCE', 'COMPLAINT'),
          two: destination(true, 'BOUNCE'),
          off: destination(false, 'SEND'),
        },
      },
      data,
    );
    expect(stack.mailIdentities).toEqual([
      {
        name: 'example.org',
        arn: 'arn:aws:ses:eu-west-1:000000000000:identity/example.org',
        configurationSet: 'shop',
      },
    ]);
    expect(stack.mailConfigurationSets).toEqual([
      {
        name: 'shop',
        arn: 'arn:aws:ses:eu-west-1:000000000000:configuration-set/shop',
        eventTypes: ['BOUNCE', 'COMPLAINT'],
      },
    ]);
  });
});
