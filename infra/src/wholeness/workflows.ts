import { block, isRecord, parsed, text, type Arguments, type Resource } from './document.ts';
import { fault, type Fault, type Rule } from './finding.ts';
import type { Stack } from './stack-view.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy */
const DELIVER_LOGS = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];
/** https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html */
const SEND_TRACES = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
];

/** A workflow can run: its states lead to states, and its role may call what its tasks call, which answer in time. */
export const workflows: Rule = {
  name: 'workflows may call their functions',
  check: (stack) =>
    stack.ofType('aws_sfn_state_machine').flatMap((machine) => {
      const definition = block(parsed(machine.arguments['definition']));
      const states = block(definition['States']);
      return [
        ...destinationFaults(machine, definition, states),
        ...Object.entries(states).flatMap(([name, state]) => taskFaults(stack, machine, name, block(state))),
        ...watchFaults(stack, machine),
      ];
    }),
};

function destinationFaults(machine: Resource, definition: Arguments, states: Arguments): readonly Fault[] {
  return [
    ...textsAt(definition, 'StartAt'),
    ...textsAt(definition, 'Next'),
    ...textsAt(definition, 'Default'),
  ]
    .filter((name) => !(name in states))
    .map((name) => fault(machine, `leads to ${name}, which is no state`, 'Name a state of the definition.'));
}

/** The texts of all fields of this name, however deep. */
function textsAt(value: unknown, field: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one) => textsAt(one, field));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, one]) =>
    name === field && typeof one === 'string' ? [one] : textsAt(one, field),
  );
}

function taskFaults(stack: Stack, machine: Resource, name: string, state: Arguments): readonly Fault[] {
  if (state['Type'] !== 'Task') return [];
  const named = block(state['Parameters'])['FunctionName'];
  const called = stack.functionAt(named);
  if (called === undefined) {
    return [fault(machine, `${name} calls ${text(named)}, which is no function`, 'Name one of the stack.')];
  }
  const seconds = Number(state['TimeoutSeconds'] ?? 0);
  const timeout = Number(called.lambda.arguments['timeout']);
  return [
    ...(stack.roleMay(machine.arguments['role_arn'], ['lambda:InvokeFunction'], called.arn)
      ? []
      : [
          fault(
            machine,
            `its role may not call ${called.arn} in ${name}`,
            'Allow lambda:InvokeFunction on exactly that.',
          ),
        ]),
    ...(seconds > timeout
      ? []
      : [
          fault(
            machine,
            `${name} waits ${seconds} s for a function of ${timeout} s`,
            'Wait longer than the function may work.',
          ),
        ]),
  ];
}

function watchFaults(stack: Stack, machine: Resource): readonly Fault[] {
  const { role_arn, logging_configuration, tracing_configuration } = machine.arguments;
  const group = stack.render(block(logging_configuration)['log_destination']).replace(/:\*$/, '');
  const isLogged = stack.withArn(group)?.type === 'aws_cloudwatch_log_group';
  const isTraced = block(tracing_configuration)['enabled'] === true;
  return [
    ...(isLogged && stack.roleMay(role_arn, DELIVER_LOGS, '*')
      ? []
      : [fault(machine, 'is not logged', 'Name a log group, and let its role deliver logs.')]),
    ...(isTraced && stack.roleMay(role_arn, SEND_TRACES, '*')
      ? []
      : [fault(machine, 'is not traced', 'Enable tracing, and let its role send traces.')]),
  ];
}
