import { block, text, texts, type Resource } from './document.ts';
import { fault, type Fault, type Rule } from './finding.ts';
import { statementsIn } from './policy.ts';
import type { Stack } from './stack-view.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html */
const WRITE_LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const SEND_TRACES = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

/**
 * Every function has what it runs with: a role that Lambda may take and that was given its permissions before, a log
 * group of its own name that it may write to, traces that it may send.
 */
export const functions: Rule = {
  name: 'functions have a role and a log',
  check: (stack) =>
    stack
      .ofType('aws_lambda_function')
      .flatMap((lambda) => [
        ...roleFaults(stack, lambda),
        ...logFaults(stack, lambda),
        ...traceFaults(stack, lambda),
      ]),
};

function roleFaults(stack: Stack, lambda: Resource): readonly Fault[] {
  const role = stack.withArn(stack.render(lambda.arguments['role']));
  if (role?.type !== 'aws_iam_role') {
    return [fault(lambda, `role is ${text(lambda.arguments['role'])}`, 'Give it a role of the stack.')];
  }
  const trusted = statementsIn(text(role.arguments['assume_role_policy'])).flatMap(({ principals }) =>
    principals === '*' ? [] : (principals['Service'] ?? []),
  );
  const policies = stack
    .ofType('aws_iam_role_policy')
    .filter((policy) => stack.render(policy.arguments['role']) === stack.nameOf(role));
  const waitsFor = texts(lambda.arguments['depends_on']);
  return [
    ...(trusted.includes('lambda.amazonaws.com')
      ? []
      : [fault(lambda, `Lambda may not take ${role.address}`, 'Let its role trust lambda.amazonaws.com.')]),
    ...(policies.length > 0
      ? []
      : [fault(lambda, `${role.address} allows nothing`, 'Give the role a policy.')]),
    ...policies
      .filter(({ address }) => !waitsFor.includes(address))
      .map(({ address }) =>
        fault(
          lambda,
          `may be created before ${address}`,
          'Let it depend on the policy: Lambda checks permissions then.',
        ),
      ),
  ];
}

function logFaults(stack: Stack, lambda: Resource): readonly Fault[] {
  const { log_group, log_format } = block(lambda.arguments['logging_config']);
  const expected = `/aws/lambda/${stack.nameOf(lambda)}`;
  const group = stack.ofType('aws_cloudwatch_log_group').find((one) => stack.nameOf(one) === expected);
  if (group === undefined) {
    return [
      fault(
        lambda,
        `there is no log group ${expected}`,
        'Create it, or Lambda makes one that is kept for ever.',
      ),
    ];
  }
  const streams = `${stack.arnOf(group)}:log-stream:any`;
  return [
    ...(stack.render(log_group) === expected && log_format === 'JSON'
      ? []
      : [fault(lambda, 'logging_config does not name its log group, in JSON', `Write JSON to ${expected}.`)]),
    ...(stack.roleMay(lambda.arguments['role'], WRITE_LOGS, streams)
      ? []
      : [fault(lambda, `its role may not write to ${expected}`, `Allow ${WRITE_LOGS.join(', ')}.`)]),
  ];
}

function traceFaults(stack: Stack, lambda: Resource): readonly Fault[] {
  const { mode } = block(lambda.arguments['tracing_config']);
  if (mode !== 'Active') return [fault(lambda, 'is not traced', 'Set tracing_config to Active.')];
  return stack.roleMay(lambda.arguments['role'], SEND_TRACES, '*')
    ? []
    : [fault(lambda, 'its role may not send traces', `Allow ${SEND_TRACES.join(', ')}.`)];
}
