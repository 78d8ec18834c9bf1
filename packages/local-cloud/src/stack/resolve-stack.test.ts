import { resolveStack } from './read.ts';
import { FUNCTION, problemsOf, resolveParts } from './stack.fixture.ts';

describe('the region', () => {
  const provider = (region: string) => ({
    provider: { aws: [{ region }, { alias: 'us', region: 'us-east-1' }] },
  });

  it('is eu-west-1 when nothing says otherwise', () => {
    expect(resolveStack({}, '/stacks/empty').region).toBe('eu-west-1');
  });

  it('may be a variable', () => {
    const document = { ...provider('${var.region}'), variable: { region: { default: 'eu-north-1' } } };
    expect(resolveStack(document, '/s').region).toBe('eu-north-1');
    expect(resolveStack(document, '/s', { variables: { region: 'eu-west-3' } }).region).toBe('eu-west-3');
  });

  it('may not come from a resource', () => {
    const document = { ...provider('${data.aws_region.here.name}'), data: { aws_region: { here: {} } } };
    expect(problemsOf(() => resolveStack(document, '/s'))).toEqual([
      'provider.aws: argument "region" must be a string or a variable',
    ]);
  });
});

describe('variables and locals', () => {
  const queue = { aws_sqs_queue: { mail: { name: 'mail', delay_seconds: '${var.delay}' } } };

  it('keep the type they are declared with', () => {
    const document = { variable: { delay: { type: 'number', default: 5 } }, resource: queue };
    const delay = (variables: Record<string, string>) =>
      resolveStack(document, '/s', { variables }).queues[0]!.attributes['DelaySeconds'];
    expect(delay({})).toBe('5');
    expect(delay({ delay: '7' })).toBe('7');
    expect(problemsOf(() => delay({ delay: 'soon' }))).toEqual([
      'aws_sqs_queue.mail: argument "delay_seconds": ${var.delay} is given as soon, which is not JSON',
    ]);
  });

  it('are asked for when they have no default', () => {
    const document = { variable: { delay: { type: 'number' } }, resource: queue };
    expect(problemsOf(() => resolveStack(document, '/s'))).toEqual([
      'aws_sqs_queue.mail: argument "delay_seconds": ${var.delay} has no default. Give the variable "delay" a value',
    ]);
  });

  it('that can not be resolved are reported once, however often they are used', () => {
    const document = {
      locals: { name: '${var.missing}' },
      output: { a: { value: '${local.name}' }, b: { value: '${local.name}' } },
    };
    expect(problemsOf(() => resolveStack(document, '/s'))).toEqual([
      'locals: argument "name": ${var.missing} refers to nothing in this stack',
    ]);
  });

  it('may not go round in a circle', () => {
    const document = { locals: { a: '${local.b}', b: '${local.a}' }, output: { a: { value: '${local.a}' } } };
    expect(problemsOf(() => resolveStack(document, '/s'))).toEqual([
      'locals: argument "b": ${local.a} makes a cycle: local.a → local.b → local.a',
    ]);
  });
});

describe('references', () => {
  it('see defaults, arguments inside blocks, and null for what is not set', () => {
    const parts = {
      aws_lambda_function: {
        api: {
          ...FUNCTION,
          function_name: 'api',
          environment: [{ variables: { TIMEOUT: '${aws_lambda_function.other.timeout}' } }],
          reserved_concurrent_executions: '${aws_sqs_queue.mail.delay_seconds}',
        },
        other: {
          ...FUNCTION,
          function_name: 'other',
          environment: { variables: { A: 'a' } },
        },
      },
      aws_sqs_queue: { mail: { name: '${aws_lambda_function.other.environment[0].variables["A"]}' } },
    };
    const stack = resolveParts(parts);
    expect(stack.functions[0]!.environment).toEqual({ TIMEOUT: '3' });
    expect(stack.functions[0]).not.toHaveProperty('reservedConcurrency');
    expect(stack.queues[0]!.name).toBe('a');
  });

  it.each([
    ['${aws_sqs_queue.male.arn}', '${aws_sqs_queue.male.arn} refers to nothing in this stack'],
    ['${aws_sqs_queue.mail.arm}', '${aws_sqs_queue.mail.arm}: there is no "arm" here'],
    ['${aws_sqs_queue.mail.arn[3]}', '${aws_sqs_queue.mail.arn[3]}: there is no "3" here'],
    ['x ${aws_sqs_queue.mail.delay_seconds}', '${aws_sqs_queue.mail.delay_seconds} is null, inside a string'],
    ['${var.missing}', '${var.missing} refers to nothing in this stack'],
    ['${local.missing}', '${local.missing} refers to nothing in this stack'],
    ['${path.module}', '${path.module} refers to nothing in this stack'],
    ['${data.aws_vpc.main.id}', '${data.aws_vpc.main.id} refers to nothing in this stack'],
    ['${lower("A")}', '${lower("A")} calls the function lower(). Only references are resolved'],
  ])('that can not be resolved are named: %s', (name, problem) => {
    const resources = { aws_sqs_queue: { mail: { name: 'mail' } }, aws_sns_topic: { alerts: { name } } };
    expect(problemsOf(() => resolveParts(resources))).toEqual([
      expect.stringContaining(`aws_sns_topic.alerts: argument "name": ${problem}`),
    ]);
  });

  it('in a circle of resources are an error, as in Terraform', () => {
    const queue = (name: string, other: string) => ({
      name,
      policy: `{"a":"\${aws_sqs_queue.${other}.arn}"}`,
    });
    expect(
      problemsOf(() => resolveParts({ aws_sqs_queue: { a: queue('a', 'b'), b: queue('b', 'a') } })),
    ).toEqual([
      'aws_sqs_queue.b: argument "policy": ${aws_sqs_queue.a.arn} makes a cycle: aws_sqs_queue.a → aws_sqs_queue.b → aws_sqs_queue.a',
    ]);
  });
});

describe('a stack that can not be run here', () => {
  it('is one that names a table which somebody else made: there is none here', () => {
    const document = {
      data: { aws_dynamodb_table: { orders: { name: 'shop.Orders' } } },
      resource: { aws_sqs_queue: { mail: { name: '${data.aws_dynamodb_table.orders.name}' } } },
    };
    expect(problemsOf(() => resolveStack(document, '/stacks/shop'))).toEqual([
      "data.aws_dynamodb_table.orders: data source aws_dynamodb_table is not run here. Remove it, or leave it out by the stack's config",
    ]);
  });

  it('is refused with everything that is wrong with it, each thing once', () => {
    const resources = {
      aws_eip: { main: {} },
      aws_sqs_queue: {
        mail: { name: 'mail', colour: 'red', delay_seconds: 901 },
        copy: { name: '${aws_sqs_queue.mail.name}-copy', count: 2 },
      },
      aws_sns_topic: { alerts: { name: '${aws_eip.main.id}' } },
      aws_cloudwatch_event_rule: { rule: { name: '${aws_sqs_queue.mail.name}' } },
    };
    expect(problemsOf(() => resolveParts(resources))).toEqual([
      "aws_eip.main: resource type aws_eip is not run here. Remove it, or leave it out by the stack's config",
      'aws_sqs_queue.mail: argument "delay_seconds" is 901: Too big: expected number to be <=900',
      expect.stringMatching(
        /^aws_sqs_queue\.mail: argument "colour" is not supported here\. Remove it; supported are name, visibility_timeout_seconds/,
      ),
      'aws_sqs_queue.copy: argument "count" is not supported here. Write the resources out with a loop in TypeScript',
    ]);
  });

  it('is refused when it has modules', () => {
    expect(problemsOf(() => resolveStack({ module: {} }, '/s'))).toEqual([
      '"module" is not run here. Remove it from the stack',
    ]);
  });

  it('says all of it in one message', () => {
    expect(() => resolveParts({ aws_eip: { main: {} }, aws_instance: { a: {} } })).toThrow(
      /^The stack shop can't be run here:\n {2}aws_eip\.main: .*\n {2}aws_instance\.a: /,
    );
  });
});
