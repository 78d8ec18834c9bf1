import { problemsOf, resolveParts } from '../stack.fixture.ts';

const QUEUE = '${aws_sqs_queue.mail.arn}';
const LANE = '${aws_sqs_queue.lane.arn}';
const rule = { name: 'placed', event_pattern: '{"source":["orders"]}' };
const target = { rule: '${aws_cloudwatch_event_rule.placed.name}', arn: QUEUE };

/** A rule with these targets, `it` unless they are named. */
function stackWith(targets: object, rules: object = { placed: rule }) {
  return {
    aws_sqs_queue: { mail: { name: 'mail' }, lane: { name: 'lane.fifo', fifo_queue: true } },
    aws_cloudwatch_event_rule: rules,
    aws_cloudwatch_event_target: targets,
  };
}

const paths = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, '$.id']));
const transformer = (input_template: string, input_paths: object = { id: '$.id' }) => ({
  input_transformer: { input_template, input_paths },
});
const targets = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`t${n}`, target]));

describe('a target', () => {
  it.each([
    ['of its rule alone', {}],
    [
      'with the longest retries',
      { retry_policy: { maximum_retry_attempts: 185, maximum_event_age_in_seconds: 86_400 } },
    ],
    ['with the shortest', { retry_policy: { maximum_retry_attempts: 0, maximum_event_age_in_seconds: 60 } }],
    ['with a dead-letter queue', { dead_letter_config: { arn: QUEUE } }],
    ['with a constant', { input: '"text"' }],
    ['with a path', { input_path: `$.detail['a-b'][0]` }],
    ['with a template', transformer('{"id": <id>, "rule": "<aws.events.rule-name>"}')],
    ['with 100 paths', transformer('<p99>', paths(100))],
  ])('is accepted %s', (_, settings) => {
    expect(problemsOf(() => resolveParts(stackWith({ it: { ...target, ...settings } })))).toEqual([]);
  });

  it('has AWS’s retry policy where nothing is said, also for one half of it', () => {
    const halves = {
      none: target,
      attempts: { ...target, retry_policy: { maximum_retry_attempts: 3 } },
      age: { ...target, retry_policy: { maximum_event_age_in_seconds: 60 } },
    };
    const policies = resolveParts(stackWith(halves)).rules[0]!.targets.map(
      ({ maximumRetryAttempts, maximumEventAgeSeconds }) => [maximumRetryAttempts, maximumEventAgeSeconds],
    );
    expect(policies).toEqual([
      [185, 86_400],
      [3, 86_400],
      [185, 60],
    ]);
  });

  it.each<[object, string]>([
    [
      { retry_policy: { maximum_retry_attempts: 186 } },
      'argument "retry_policy.maximum_retry_attempts" is 186',
    ],
    [
      { retry_policy: { maximum_retry_attempts: -1 } },
      'argument "retry_policy.maximum_retry_attempts" is -1',
    ],
    [
      { retry_policy: { maximum_event_age_in_seconds: 59 } },
      'argument "retry_policy.maximum_event_age_in_seconds" is 59',
    ],
    [
      { retry_policy: { maximum_event_age_in_seconds: 86_401 } },
      'argument "retry_policy.maximum_event_age_in_seconds" is 86401',
    ],
    [
      { dead_letter_config: { arn: LANE } },
      'argument "dead_letter_config" is a FIFO queue or topic. Give a standard one',
    ],
    [
      { dead_letter_config: { arn: 'arn:aws:sqs:eu-west-1:000000000000:x' } },
      'which is no queue of this stack',
    ],
    [{ arn: LANE }, 'argument "arn" is a FIFO queue or topic. Give a standard one'],
    [{ sqs_target: { message_group_id: 'x' } }, 'argument "sqs_target" is not supported here'],
    [{ input: '{' }, 'argument "input" is "{": must be JSON'],
    [{ input: `"${'x'.repeat(8191)}"` }, 'must have 1 to 8192 characters'],
    [{ input: '{}', input_path: '$' }, 'argument "input": stands beside "input_path"'],
    [{ input_path: '$', ...transformer('<id>') }, 'argument "input": stands beside "input_path"'],
    [{ input_path: '$..sku' }, 'argument "input_path": the path $..sku may be made of'],
    [{ input_path: `$.${'x'.repeat(255)}` }, 'must have 1 to 256 characters'],
    [
      transformer('"<who>"'),
      'argument "input_transformer": the input template contains invalid placeholder who',
    ],
    [transformer('order <id>'), 'argument "input_transformer": the input template makes no JSON'],
    [
      transformer('"x"', paths(101)),
      'argument "input_transformer": there are 101 input paths: 100 is the most',
    ],
    [
      transformer('"x"', { 'AWS.id': '$.id' }),
      'argument "input_transformer": the input path AWS.id must be named',
    ],
    [transformer(''), 'argument "input_transformer.input_template" is "": must have 1 to 8192 characters'],
    [{ target_id: 'a b' }, 'argument "target_id" is "a b": must be 1 to 64 letters, digits and . - _'],
  ])('is refused with %j', (settings, problem) => {
    const problems = problemsOf(() => resolveParts(stackWith({ it: { ...target, ...settings } })));
    expect(problems).toContainEqual(expect.stringContaining(problem));
    expect(problems).toContainEqual(expect.stringMatching(/^aws_cloudwatch_event_target\.it: /));
  });
});

describe('a rule', () => {
  it.each(['rate(5 minutes)', 'cron(0/15 * ? * MON-FRI *)'])('may have the schedule %s', (expression) => {
    const rules = { placed: { name: 'placed', schedule_expression: expression } };

    const { schedules, inert } = resolveParts(stackWith({ it: target }, rules));

    expect(schedules).toMatchObject([{ name: 'placed', expression, enabled: true, targets: [{ id: 'it' }] }]);
    expect(inert).toEqual([]);
  });

  it.each([
    ['rate(5 minute)', 'write rate(1 minute), rate(5 minutes)'],
    ['cron(0 10 * * * *)', 'exactly one of the fields day-of-month and day-of-week must be ?'],
  ])('with the schedule %s is refused', (schedule_expression, problem) => {
    const rules = { placed: { name: 'placed', schedule_expression } };

    expect(problemsOf(() => resolveParts(stackWith({}, rules)))).toEqual([
      expect.stringContaining(
        `aws_cloudwatch_event_rule.placed: argument "schedule_expression" is "${schedule_expression}": ${problem}`,
      ),
    ]);
  });

  it('has five targets at most', () => {
    expect(problemsOf(() => resolveParts(stackWith(targets(5))))).toEqual([]);
    expect(problemsOf(() => resolveParts(stackWith(targets(7))))).toEqual([
      'aws_cloudwatch_event_target.t5: rule "placed" on bus "default" has 7 targets: 5 is the most',
    ]);
  });

  it('knows its targets by their ids', () => {
    const two = { one: { ...target, target_id: 'x' }, two: { ...target, target_id: 'x' } };
    expect(problemsOf(() => resolveParts(stackWith(two)))).toEqual([
      'aws_cloudwatch_event_target.two: aws_cloudwatch_event_target.one has the target id "x", too. Give each its own',
    ]);
  });

  it.each([
    [{ event_pattern: '{"source":"orders"}' }, 'Event pattern is not valid. Reason: '],
    [{ event_pattern: '{' }, 'Event pattern is not valid. Reason: '],
    [{ name: 'x'.repeat(65) }, 'must be 1 to 64 letters, digits and . - _'],
    [{ name: '' }, 'must be 1 to 64 letters, digits and . - _'],
  ])('is refused with %j', (settings, problem) => {
    const problems = problemsOf(() => resolveParts(stackWith({}, { placed: { ...rule, ...settings } })));
    expect(problems).toEqual([
      expect.stringMatching(/^aws_cloudwatch_event_rule\.placed: argument "(name|event_pattern)" /),
    ]);
    expect(problems[0]).toContain(problem);
  });
});

it('an archive’s pattern is refused as a rule’s is', () => {
  const archive = {
    name: 'history',
    event_source_arn: 'arn:aws:events:eu-west-1:000000000000:event-bus/default',
    event_pattern: '{"source":[]}',
  };
  expect(problemsOf(() => resolveParts({ aws_cloudwatch_event_archive: { it: archive } }))).toEqual([
    expect.stringContaining('aws_cloudwatch_event_archive.it: argument "event_pattern" is'),
  ]);
});
