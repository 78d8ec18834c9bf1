import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countApis, readStack, resolveStack } from './read.ts';
import { problemsOf } from './stack.fixture.ts';

const shopText = readFileSync(join(__dirname, 'shop.fixture.cdk.tf.json'), 'utf8');

function shop(options = {}) {
  return resolveStack(JSON.parse(shopText), '/stacks/shop', options);
}

describe('a stack as CDKTF synthesizes it', () => {
  it('stands in the region of its provider and the account of nobody', () => {
    expect(shop()).toMatchObject({
      name: 'shop',
      region: 'eu-central-1',
      accountId: '000000000000',
      directory: '/stacks/shop',
    });
  });

  it('has its tables with keys, indexes, stream and TTL', () => {
    const arn = 'arn:aws:dynamodb:eu-central-1:000000000000:table/shop-dev-orders';
    expect(shop().tables).toEqual([
      {
        name: 'shop-dev-orders',
        arn,
        partitionKey: { name: 'orderId', type: 'S' },
        globalIndexes: [
          {
            name: 'by-customer',
            partitionKey: { name: 'customerId', type: 'S' },
            sortKey: { name: 'placedAt', type: 'S' },
            projection: 'ALL',
          },
        ],
        stream: { arn: expect.stringContaining(`${arn}/stream/`), viewType: 'NEW_AND_OLD_IMAGES' },
        ttlAttribute: 'expiresAt',
      },
    ]);
  });

  it('has its functions with package, role, environment, log group and asynchronous settings', () => {
    expect(shop().functions).toEqual([
      {
        name: 'api',
        arn: 'arn:aws:lambda:eu-central-1:000000000000:function:api',
        aliases: [{ name: 'live', version: '$LATEST' }],
        roleArn: 'arn:aws:iam::000000000000:role/api',
        handler: 'index.handler',
        package: expect.stringMatching(/^\/stacks\/shop\/assets\/.*\.zip$/),
        runtime: 'nodejs24.x',
        timeoutSeconds: 10,
        memoryMb: 256,
        environment: { ACCOUNT: '000000000000', ORDERS_TABLE: 'shop-dev-orders' },
        reservedConcurrency: 5,
        isTraced: true,
        logGroup: '/aws/lambda/api',
        onFailureDestination: 'arn:aws:sqs:eu-central-1:000000000000:dead-letters',
        maximumRetryAttempts: 2,
      },
    ]);
  });

  it('has its mappings with every setting', () => {
    const stack = shop();
    expect(stack.mappings).toEqual([
      {
        id: 'mail-to-api',
        functionName: 'api',
        sourceArn: 'arn:aws:sqs:eu-central-1:000000000000:mail',
        enabled: true,
        batchSize: 10,
        batchWindowSeconds: 0,
        parallelizationFactor: 1,
        filters: [],
        bisectOnError: false,
        reportBatchItemFailures: false,
        maximumRetryAttempts: -1,
        maximumRecordAgeSeconds: -1,
        tumblingWindowSeconds: 0,
      },
      {
        id: 'orders-to-api',
        functionName: 'api',
        sourceArn: stack.tables[0]!.stream!.arn,
        enabled: true,
        batchSize: 100,
        batchWindowSeconds: 0,
        parallelizationFactor: 10,
        startingPosition: 'TRIM_HORIZON',
        filters: ['{"eventName":["INSERT"]}'],
        bisectOnError: true,
        reportBatchItemFailures: true,
        maximumRetryAttempts: -1,
        maximumRecordAgeSeconds: 3600,
        tumblingWindowSeconds: 0,
        onFailureDestination: 'arn:aws:s3:::shop-000000000000-dead',
      },
    ]);
  });

  it('has its state machines with the references in their definitions resolved', () => {
    const [machine] = shop().stateMachines;
    expect(machine).toMatchObject({ name: 'order-workflow', type: 'STANDARD' });
    expect(JSON.parse(machine!.definition).States.A.Parameters.FunctionName).toBe(
      'arn:aws:lambda:eu-central-1:000000000000:function:api',
    );
  });

  it('has its buses and rules with their targets', () => {
    const { buses, rules, schedules } = shop();
    expect(buses).toEqual([{ name: 'shop', arn: 'arn:aws:events:eu-central-1:000000000000:event-bus/shop' }]);
    expect(schedules).toEqual([]);
    expect(rules).toEqual([
      {
        name: 'order-events',
        arn: 'arn:aws:events:eu-central-1:000000000000:rule/shop/order-events',
        busName: 'shop',
        enabled: true,
        pattern: '{"source":["shop"]}',
        targets: [
          {
            id: 'order-events-to-mail',
            arn: 'arn:aws:sqs:eu-central-1:000000000000:mail',
            deadLetterArn: 'arn:aws:sqs:eu-central-1:000000000000:dead-letters',
            maximumRetryAttempts: 5,
            maximumEventAgeSeconds: 3600,
          },
        ],
      },
    ]);
  });

  it('has its queues with SQS attributes, and the policy that is a resource of its own', () => {
    const mail = shop().queues.find(({ name }) => name === 'mail')!;
    expect(mail.attributes).toEqual({
      VisibilityTimeout: '60',
      RedrivePolicy:
        '{"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:000000000000:dead-letters","maxReceiveCount":5}',
      Policy: expect.stringContaining('"arn:aws:events:eu-central-1:000000000000:rule/shop/order-events"'),
    });
  });

  it('has its topics, subscriptions, buckets and their notifications', () => {
    expect(shop()).toMatchObject({
      topics: [{ name: 'alerts', arn: 'arn:aws:sns:eu-central-1:000000000000:alerts' }],
      subscriptions: [
        {
          topicArn: 'arn:aws:sns:eu-central-1:000000000000:alerts',
          queueArn: 'arn:aws:sqs:eu-central-1:000000000000:mail',
          raw: true,
        },
      ],
      buckets: [
        {
          name: 'shop-000000000000-dead',
          notifications: [
            {
              queueArn: 'arn:aws:sqs:eu-central-1:000000000000:dead-letters',
              events: ['s3:ObjectCreated:*'],
              prefix: 'aws/lambda/',
            },
          ],
        },
      ],
    });
  });

  it('has its API with routes, through integration and alias, to functions', () => {
    const [api] = shop().apis;
    expect(api!.id).toMatch(/^[a-z0-9]{10}$/);
    expect(api).toEqual({
      id: api!.id,
      name: 'shop',
      cors: {
        origins: ['https://shop.example.com'],
        methods: [],
        headers: [],
        exposed: [],
        maxAge: undefined,
      },
      routes: [
        {
          key: 'POST /orders',
          functionName: 'api',
          qualifier: 'live',
          authorization: 'JWT',
          authorizerId: api!.authorizers[0]!.id,
          scopes: ['orders'],
        },
      ],
      authorizers: [{ id: expect.any(String), issuer: 'https://issuer', audience: ['shop'] }],
    });
  });

  it('has its roles with inline and attached policies and their trust', () => {
    const [role] = shop().roles;
    expect(role).toMatchObject({ name: 'api', arn: 'arn:aws:iam::000000000000:role/api' });
    expect(role!.policies.map((policy) => JSON.parse(policy).Statement[0].Action)).toEqual([
      ['dynamodb:PutItem'],
      'logs:*',
    ]);
    expect(JSON.parse(role!.trust)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['sts:AssumeRole'],
          Principal: { Service: ['lambda.amazonaws.com'] },
          Condition: { StringEquals: { 'aws:SourceAccount': ['000000000000'] } },
        },
      ],
    });
  });

  it('has its outputs, with objects as JSON and escapes taken out', () => {
    expect(shop().outputs).toEqual({
      literal: 'quote " dollar ${x}',
      object: '{"a":"arn:aws:dynamodb:eu-central-1:000000000000:table/shop-dev-orders"}',
      'prefix-out': 'dev-x',
      url: expect.stringMatching(/^https:\/\/[a-z0-9]{10}\.execute-api\.eu-central-1\.amazonaws\.com$/),
    });
  });

  it('lists what does nothing here, with the reason', () => {
    const { inert } = shop();
    expect(inert).toContainEqual({
      address: 'aws_cloudwatch_log_group.api-log',
      reason: "functions' logs are kept by the local cloud itself",
    });
    expect(inert).toContainEqual({
      address: 'aws_lambda_function.api',
      argument: 'logging_config.log_format',
      reason: 'logs are kept as the function writes them',
    });
    expect(inert.filter(({ argument }) => argument === 'tags' || argument === 'lifecycle')).toEqual([]);
  });

  it('can be read for another region, account and stage', () => {
    const stack = shop({ region: 'us-east-1', accountId: '123456789012', variables: { stage: 'prod' } });
    expect(stack.tables[0]!.arn).toBe('arn:aws:dynamodb:us-east-1:123456789012:table/shop-prod-orders');
    expect(stack.outputs['prefix-out']).toBe('prod-x');
  });

  it('writes the URLs of queues and APIs as it is told', () => {
    const stack = shop({
      queueUrl: (name: string) => `http://127.0.0.1:1/${name}`,
      apiUrl: (id: string, place: number) => `http://127.0.0.1:2${place}/${id}`,
    });
    expect(stack.queues.map(({ url }) => url)).toContain('http://127.0.0.1:1/mail');
    expect(stack.outputs['url']).toBe(`http://127.0.0.1:20/${stack.apis[0]!.id}`);
  });

  it('counts APIs in the order of the document, whichever is referred to first', () => {
    const api = (name: string) => ({ name, protocol_type: 'HTTP' });
    const stage = (name: string) => ({
      api_id: `\${aws_apigatewayv2_api.${name}.id}`,
      name: '$default',
      auto_deploy: true,
    });
    const document = {
      resource: {
        aws_sns_topic: { first: { name: 'x', display_name: '${aws_apigatewayv2_api.staff.api_endpoint}' } },
        aws_apigatewayv2_stage: { staff: stage('staff'), customers: stage('customers') },
        aws_apigatewayv2_api: { customers: api('customers'), staff: api('staff') },
      },
      output: {
        staff: { value: '${aws_apigatewayv2_api.staff.api_endpoint}' },
        stage: { value: '${aws_apigatewayv2_stage.staff.invoke_url}' },
        customers: { value: '${aws_apigatewayv2_api.customers.api_endpoint}' },
      },
    };
    const stack = resolveStack(document, '/s', {
      apiUrl: (_id, place) => `http://127.0.0.1:440${1 + place}`,
    });
    expect(stack.apis.map(({ name }) => name)).toEqual(['customers', 'staff']);
    expect(stack.outputs).toEqual({
      customers: 'http://127.0.0.1:4401',
      staff: 'http://127.0.0.1:4402',
      stage: 'http://127.0.0.1:4402/',
    });
  });
});

describe('readStack', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'stack-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('reads a stack from its file', () => {
    const file = join(folder, 'cdk.tf.json');
    writeFileSync(file, shopText);
    const expected = resolveStack(JSON.parse(shopText), folder);
    const zip = expected.functions[0]!.package;
    mkdirSync(join(zip, '..'), { recursive: true });
    writeFileSync(zip, '');
    expect(readStack(file)).toEqual(expected);
  });

  it('misses the deployment packages that are not there', () => {
    const file = join(folder, 'cdk.tf.json');
    writeFileSync(file, shopText);
    expect(problemsOf(() => readStack(file))).toEqual([
      expect.stringMatching(/^function "api": \/.*\.zip does not exist\. Synthesize the stack again$/),
    ]);
  });

  it('has its APIs counted before it is read', () => {
    const file = join(folder, 'cdk.tf.json');
    expect(countApis(file)).toBe(0);
    writeFileSync(file, shopText);
    expect(countApis(file)).toBe(1);
  });

  it('says when there is no file, or no JSON in it', () => {
    const file = join(folder, 'cdk.tf.json');
    expect(() => readStack(file)).toThrow('the file does not exist. Synthesize the stack first');
    writeFileSync(file, '{');
    expect(() => readStack(file)).toThrow(/can't be read: SyntaxError/);
  });
});
