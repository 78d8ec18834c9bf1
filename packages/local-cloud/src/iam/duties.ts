import { arn } from '../stack/arns.ts';
import type { Budget, FunctionConfig, Stack, StateMachine } from '../stack/model.ts';
import { LATEST } from '../stack/versions.ts';
import type { Need } from './decision.ts';

/** What a service does beside the calls that are seen here: networks, logs, traces, the bill. */
export interface Duty {
  /** `Lambda for shop-api`. */
  readonly name: string;
  /** With a role, or for itself because of something of the stack. */
  readonly as:
    | { readonly roleArn: string; readonly session: string }
    | { readonly service: string; readonly sourceArn: string };
  readonly needs: readonly Need[];
  /** Whether AWS refuses to create what the role is for; otherwise what is to be written is lost in silence. */
  readonly isRequired: boolean;
}

type DutyStack = Pick<Stack, 'functions' | 'stateMachines' | 'budgets' | 'region' | 'accountId'>;

const TRACES = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];
const SAMPLING = ['xray:GetSamplingRules', 'xray:GetSamplingTargets'];
const LOG_DELIVERY = [
  ...['logs:CreateLogDelivery', 'logs:GetLogDelivery', 'logs:UpdateLogDelivery', 'logs:DeleteLogDelivery'],
  ...['logs:ListLogDeliveries', 'logs:PutResourcePolicy', 'logs:DescribeResourcePolicies'],
  'logs:DescribeLogGroups',
];
const INTERFACES = [
  ...['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface'],
  ...['ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'],
];
const NETWORKS = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'];

/**
 * What services do for the stack that nothing here shows, so that a grant which is missing for it is told at the
 * start.
 *
 * Sources: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html,
 * https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html,
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html and
 * https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
 */
export function dutiesIn(stack: DutyStack): Duty[] {
  return [
    ...stack.functions.flatMap((lambda) => functionDuties(lambda, stack)),
    ...stack.stateMachines.flatMap(machineDuties),
    ...stack.budgets.map(budgetDuty),
  ];
}

function functionDuties(lambda: FunctionConfig, place: DutyStack): Duty[] {
  const { name: session, roleArn, logGroup, vpcId, isTraced, version = LATEST } = lambda;
  const acting = { name: `Lambda for ${session}`, as: { roleArn, session } };
  const stream = arn('logs', `log-group:${logGroup}:log-stream:[${version}]`, place);
  const logs = all(['logs:CreateLogStream', 'logs:PutLogEvents'], stream);
  const network = [...all(INTERFACES, arn('ec2', 'network-interface/*', place)), ...all(NETWORKS, '*')];
  return [
    ...(vpcId === undefined ? [] : [{ ...acting, needs: network, isRequired: true }]),
    { ...acting, needs: isTraced ? [...logs, ...all(TRACES, '*')] : logs, isRequired: false },
  ];
}

function machineDuties({ name, roleArn, isLogged, isTraced }: StateMachine): Duty[] {
  const acting = { name: `state machine ${name}`, as: { roleArn, session: name } };
  return [
    ...(isLogged ? [{ ...acting, needs: all(LOG_DELIVERY, '*'), isRequired: true }] : []),
    ...(isTraced ? [{ ...acting, needs: all([...TRACES, ...SAMPLING], '*'), isRequired: false }] : []),
  ];
}

function budgetDuty({ name, arn: sourceArn, topicArns }: Budget): Duty {
  return {
    name: `budget ${name}`,
    as: { service: 'budgets.amazonaws.com', sourceArn },
    needs: topicArns.map((resource) => ({ action: 'sns:Publish', resource })),
    isRequired: false,
  };
}

function all(actions: readonly string[], resource: string): Need[] {
  return actions.map((action) => ({ action, resource }));
}
