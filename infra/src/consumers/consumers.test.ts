import { EVENT_SOURCES, ORDER_EVENTS, PRODUCT_EVENTS, STOCK_EVENTS } from '@orderstream/domain';
import {
  callersOf,
  liveOf,
  referenceTo,
  resourcesOf,
  resourceWith,
  statementsOf,
  synthesize,
  type Arguments,
  type Synthesized,
} from '../testing/synthesized.ts';

interface Expected {
  readonly app: string;
  readonly types: readonly string[];
  readonly sources: readonly string[];
  readonly batchSize: number;
  readonly batchWindow: number;
  readonly timeout: number;
}

const { order, product, stock: stockSource } = EVENT_SOURCES;
const CONSUMERS: readonly Expected[] = [
  {
    app: 'notify-customer',
    types: ['OrderPlaced', 'OrderShipped', 'OrderRejected', 'OrderCancelled'],
    sources: [order],
    batchSize: 10,
    batchWindow: 0,
    timeout: 30,
  },
  {
    app: 'track-sales',
    types: ['OrderShipped', 'OrderRejected', 'OrderCancelled', 'OrderFailed'],
    sources: [order],
    batchSize: 10,
    batchWindow: 1,
    timeout: 60,
  },
  {
    app: 'refresh-cache',
    types: [...ORDER_EVENTS, ...PRODUCT_EVENTS],
    sources: [order, product],
    batchSize: 10,
    batchWindow: 0,
    timeout: 30,
  },
  {
    app: 'index-products',
    types: [...PRODUCT_EVENTS, 'StockOut', 'StockBack'],
    sources: [product, stockSource],
    batchSize: 100,
    batchWindow: 1,
    timeout: 30,
  },
];

const queued = synthesize();
const direct = synthesize({ ORDERSTREAM_DELIVERY: 'direct' });
const DELIVERIES = [
  ['queued', queued],
  ['direct', direct],
] as const;

const named = (name: string) => `orderstream-local-${name}`;
const queueArn = (stack: Synthesized, name: string) =>
  referenceTo(stack, ['aws_sqs_queue', 'name', named(name)], 'arn');
const functionOf = (stack: Synthesized, app: string, attribute: string) =>
  referenceTo(stack, ['aws_lambda_function', 'function_name', named(app)], attribute);

/** The rules of a consumer by their name, each with a reference to its ARN. */
function rulesOf(stack: Synthesized, app: string) {
  return Object.entries(resourcesOf(stack, 'aws_cloudwatch_event_rule'))
    .filter(([, rule]) => String(rule['name']).startsWith(named(app)))
    .map(([id, rule]) => ({ ...rule, id, arn: `\${aws_cloudwatch_event_rule.${id}.arn}` }) as Rule);
}
type Rule = Arguments & { readonly id: string; readonly arn: string };

const patternOf = (rule: Arguments | undefined) => JSON.parse(String(rule?.['event_pattern']));

function targetsOf(stack: Synthesized, { id }: Rule): Arguments[] {
  return Object.values(resourcesOf(stack, 'aws_cloudwatch_event_target')).filter(
    (one) => one['rule'] === `\${aws_cloudwatch_event_rule.${id}.name}`,
  );
}

function sendersTo(stack: Synthesized, queue: string): unknown {
  const url = referenceTo(stack, ['aws_sqs_queue', 'name', named(queue)], 'url');
  return statementsOf(resourceWith(stack, 'aws_sqs_queue_policy', 'queue_url', url).arguments['policy']);
}

const lettingIn = (stack: Synthesized, queue: string, rules: readonly Rule[]) => [
  {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: ['sqs:SendMessage'],
    Resource: [queueArn(stack, queue)],
    Condition: {
      StringEquals: { 'aws:SourceAccount': '${data.aws_caller_identity.identity.account_id}' },
      ArnEquals: { 'aws:SourceArn': rules.map(({ arn }) => arn) },
    },
  },
];

describe.each(DELIVERIES)('the consumers, %s', (_delivery, stack) => {
  it.each(CONSUMERS)('$app is brought its events, and no others', ({ app, types, sources }) => {
    const rule = rulesOf(stack, app).find(({ name }) => name === named(app));

    expect(rule?.['event_bus_name']).toBe('${aws_cloudwatch_event_bus.bus.name}');
    expect(patternOf(rule)).toEqual({ source: sources, 'detail-type': types });
  });

  it('are brought only events that are published, and those by their own source', () => {
    const known: Readonly<Record<string, readonly string[]>> = {
      [order]: ORDER_EVENTS,
      [product]: PRODUCT_EVENTS,
      [stockSource]: STOCK_EVENTS,
    };
    for (const { app } of CONSUMERS) {
      const pattern: { source: string[]; 'detail-type': string[] } = patternOf(rulesOf(stack, app)[0]);
      const published = pattern.source.flatMap((source) => known[source] ?? []);

      expect(published).toEqual(expect.arrayContaining(pattern['detail-type']));
    }
  });

  it('hear of our own returned mail on the account’s bus: notify-customer alone', () => {
    const rules = Object.values(resourcesOf(stack, 'aws_cloudwatch_event_rule')).filter(
      (one) => one['event_bus_name'] === 'default',
    );

    expect(rules).toMatchObject([{ name: named('notify-customer-returns') }]);
    expect(patternOf(rules[0])).toEqual({
      source: ['aws.ses'],
      'detail-type': ['Email Bounced', 'Email Complaint Received'],
      detail: {
        mail: {
          tags: {
            'ses:configuration-set': [
              expect.stringMatching(/^\$\{aws_sesv2_configuration_set\..+\.configuration_set_name\}$/),
            ],
          },
        },
      },
    });
  });

  it.each(CONSUMERS)('$app keeps in one queue what nobody could handle, for two weeks', ({ app }) => {
    const letters = `${app}-dead-letters`;
    const { arguments: queue } = resourceWith(stack, 'aws_sqs_queue', 'name', named(letters));

    expect(queue).toMatchObject({ message_retention_seconds: 1_209_600, sqs_managed_sse_enabled: true });
    expect(sendersTo(stack, letters)).toEqual(lettingIn(stack, letters, rulesOf(stack, app)));
    expect(
      resourceWith(stack, 'aws_cloudwatch_metric_alarm', 'alarm_name', named(letters)).arguments,
    ).toMatchObject({
      metric_name: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: referenceTo(stack, ['aws_sqs_queue', 'name', named(letters)], 'name') },
      comparison_operator: 'GreaterThanThreshold',
      threshold: 0,
    });
  });

  it.each(CONSUMERS)('$app loses no event that cannot be brought to it', ({ app }) => {
    const targets = rulesOf(stack, app).flatMap((rule) => targetsOf(stack, rule));

    expect(targets).toHaveLength(app === 'notify-customer' ? 2 : 1);
    for (const target of targets) {
      expect(target).toMatchObject({
        dead_letter_config: { arn: queueArn(stack, `${app}-dead-letters`) },
        retry_policy: { maximum_event_age_in_seconds: 86_400, maximum_retry_attempts: 185 },
      });
    }
  });

  it('bring each target the events of the bus that its rule is on', () => {
    for (const { app } of CONSUMERS) {
      for (const rule of rulesOf(stack, app)) {
        expect(targetsOf(stack, rule)[0]?.['event_bus_name']).toBe(
          `\${aws_cloudwatch_event_rule.${rule.id}.event_bus_name}`,
        );
      }
    }
  });
});

describe.each(CONSUMERS)('$app behind a queue', ({ app, batchSize, batchWindow, timeout }) => {
  const { arguments: queue } = resourceWith(queued, 'aws_sqs_queue', 'name', named(app));

  it('has a queue that only its rules send to', () => {
    expect(sendersTo(queued, app)).toEqual(lettingIn(queued, app, rulesOf(queued, app)));
    for (const target of rulesOf(queued, app).flatMap((rule) => targetsOf(queued, rule)))
      expect(target['arn']).toBe(queueArn(queued, app));
  });

  it('is tried five times, each when the last is surely over', () => {
    expect(queue).toMatchObject({
      visibility_timeout_seconds: 6 * timeout + batchWindow,
      sqs_managed_sse_enabled: true,
    });
    expect(JSON.parse(String(queue['redrive_policy']))).toEqual({
      deadLetterTargetArn: queueArn(queued, `${app}-dead-letters`),
      maxReceiveCount: 5,
    });
    expect(
      resourceWith(queued, 'aws_lambda_function', 'function_name', named(app)).arguments['timeout'],
    ).toBe(timeout);
  });

  it(`reads up to ${batchSize} events at once, and names those that failed`, () => {
    const mapping = resourceWith(
      queued,
      'aws_lambda_event_source_mapping',
      'event_source_arn',
      queueArn(queued, app),
    ).arguments;

    expect(mapping).toMatchObject({
      function_name: liveOf(queued, named(app), 'arn'),
      batch_size: batchSize,
      maximum_batching_window_in_seconds: batchWindow,
      function_response_types: ['ReportBatchItemFailures'],
    });
    // What AWS asks of a mapping that reads a queue.
    expect(batchSize <= 10 || batchWindow >= 1).toBe(true);
  });

  it('is called by nothing else', () => {
    expect(callersOf(queued, named(app))).toEqual([]);
    const { id } = resourceWith(queued, 'aws_lambda_function', 'function_name', named(app));
    const retried = Object.values(resourcesOf(queued, 'aws_lambda_function_event_invoke_config'));
    expect(retried.map((one) => one['function_name'])).not.toContain(
      `\${aws_lambda_function.${id}.function_name}`,
    );
  });
});

describe.each(CONSUMERS)('$app without a queue', ({ app }) => {
  it('is called by its rules, and by nothing else', () => {
    const rules = rulesOf(direct, app);

    expect(callersOf(direct, named(app))).toEqual(
      rules.map(({ arn }) => ({ principal: 'events.amazonaws.com', source_arn: arn })),
    );
    for (const target of rules.flatMap((rule) => targetsOf(direct, rule)))
      expect(target['arn']).toBe(liveOf(direct, named(app), 'arn'));
  });

  it('is tried three times before an event is a dead letter', () => {
    expect(
      resourceWith(
        direct,
        'aws_lambda_function_event_invoke_config',
        'function_name',
        functionOf(direct, app, 'function_name'),
      ).arguments,
    ).toMatchObject({
      maximum_retry_attempts: 2,
      maximum_event_age_in_seconds: 21_600,
      destination_config: { on_failure: { destination: queueArn(direct, `${app}-dead-letters`) } },
    });
  });

  it('has no queue that is polled while it is idle', () => {
    const queues = Object.values(resourcesOf(direct, 'aws_sqs_queue')).map((one) => one['name']);

    expect(queues).not.toContain(named(app));
  });
});

describe('without search and cache', () => {
  const free = synthesize({ ORDERSTREAM_PRESET: 'free-tier' });

  it.each(['refresh-cache', 'index-products'])('nothing of %s is there', (app) => {
    expect(free.text).not.toContain(`orderstream-local-${app}`);
  });
});
