import { TIMEOUTS } from '@orderstream/domain';
import { orderWorkflow, type TaskState } from './workflow.ts';
import {
  callersOf,
  liveOf,
  referenceTo,
  resourceWith,
  statementsOf,
  synthesize,
} from '../testing/synthesized.ts';

const stack = synthesize();
const NAME = 'orderstream-local-sweep-orders';
const functionName = referenceTo(stack, ['aws_lambda_function', 'function_name', NAME], 'function_name');
const deadLetters = (attribute: string) =>
  referenceTo(stack, ['aws_sqs_queue', 'name', `${NAME}-dead-letters`], attribute);
const rule = (attribute: string) =>
  referenceTo(stack, ['aws_cloudwatch_event_rule', 'name', NAME], attribute);

function seconds(variable: string): number {
  const { environment } = resourceWith(stack, 'aws_lambda_function', 'function_name', NAME).arguments;
  const { variables }: { variables: Record<string, string> } = JSON.parse(JSON.stringify(environment));
  return Number(variables[variable]);
}

/** Seconds for which a task is tried, when each try takes as long as it may. */
function patience(task: TaskState): number {
  const { IntervalSeconds, BackoffRate, MaxDelaySeconds, MaxAttempts } = task.Retry[0]!;
  let most = TIMEOUTS.task;
  for (let attempt = 0; attempt < MaxAttempts; attempt += 1) {
    most += Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds) + TIMEOUTS.task;
  }
  return most;
}

describe('the sweep', () => {
  const { States } = orderWorkflow((app) => app);
  const tasks = Object.entries(States).flatMap(([name, state]) =>
    state.Type === 'Task' ? [{ name, patience: patience(state), undoes: !state.Catch?.[1] }] : [],
  );

  it.each(tasks.filter(({ undoes }) => !undoes))(
    'does not take $name, tried for long, for a stop',
    (task) => {
      expect(task.patience).toBeLessThan(seconds('STILL_SECONDS'));
    },
  );

  it.each(tasks.filter(({ undoes }) => undoes))('does not report $name while it is tried', (task) => {
    expect(task.patience).toBeLessThan(seconds('RUNNING_SECONDS'));
  });

  it('is begun by its schedule alone, every 15 minutes', () => {
    expect(resourceWith(stack, 'aws_cloudwatch_event_rule', 'name', NAME).arguments).toMatchObject({
      schedule_expression: 'rate(15 minutes)',
    });
    expect(callersOf(stack, NAME)).toEqual([{ principal: 'events.amazonaws.com', source_arn: rule('arn') }]);
    expect(resourceWith(stack, 'aws_cloudwatch_event_target', 'rule', rule('name')).arguments).toMatchObject({
      arn: liveOf(stack, NAME, 'arn'),
      retry_policy: { maximum_event_age_in_seconds: 900 },
      dead_letter_config: { arn: deadLetters('arn') },
    });
  });

  it('that fails is tried twice again, and then a dead letter for 14 days', () => {
    const retries = resourceWith(
      stack,
      'aws_lambda_function_event_invoke_config',
      'function_name',
      functionName,
    );

    expect(retries.arguments).toMatchObject({
      qualifier: liveOf(stack, NAME, 'name'),
      maximum_retry_attempts: 2,
      maximum_event_age_in_seconds: 900,
      destination_config: { on_failure: { destination: deadLetters('arn') } },
    });
    expect(
      resourceWith(stack, 'aws_sqs_queue', 'name', `${NAME}-dead-letters`).arguments[
        'message_retention_seconds'
      ],
    ).toBe(14 * 24 * 60 * 60);
  });

  it('gets dead letters from its own schedule and from no other rule', () => {
    const { arguments: policy } = resourceWith(
      stack,
      'aws_sqs_queue_policy',
      'queue_url',
      deadLetters('url'),
    );

    expect(statementsOf(policy['policy'])).toMatchObject([
      {
        Principal: { Service: 'events.amazonaws.com' },
        Action: ['sqs:SendMessage'],
        Condition: { ArnEquals: { 'aws:SourceArn': rule('arn') } },
      },
    ]);
  });

  it.each([
    [
      `${NAME}-dead-letters`,
      { namespace: 'AWS/SQS', dimensions: { QueueName: deadLetters('name') }, threshold: 0 },
    ],
    [
      'orderstream-local-orders-stuck',
      {
        namespace: 'Orderstream/local',
        metric_name: 'OrdersReported',
        dimensions: { service: 'sweep-orders' },
        statistic: 'Maximum',
        period: 900,
        threshold: 0,
        treat_missing_data: 'notBreaching',
      },
    ],
  ])('rings %s at the first', (name, expected) => {
    expect(resourceWith(stack, 'aws_cloudwatch_metric_alarm', 'alarm_name', name).arguments).toMatchObject(
      expected,
    );
  });
});
