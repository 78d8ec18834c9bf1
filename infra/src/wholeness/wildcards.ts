import { fault, type Fault, type Rule } from './finding.ts';
import type { Policy, PolicyStatement } from './policy.ts';
import type { Stack } from './stack-view.ts';

/**
 * The only statements that may name every resource: their services know none for these actions. By `Sid`, which says so
 * in the policy itself; where the service says it: https://docs.aws.amazon.com/service-authorization/latest/reference/
 */
const KNOWS_NO_RESOURCES: Readonly<Record<string, readonly string[]>> = {
  // list_awsx-ray.html
  XRayKnowsNoResources: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  XRaySamplingKnowsNoResources: ['xray:GetSamplingRules', 'xray:GetSamplingTargets'],
  // https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
  LogDeliveryKnowsNoResources: [
    'logs:CreateLogDelivery',
    'logs:GetLogDelivery',
    'logs:UpdateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:DescribeResourcePolicies',
    'logs:DescribeLogGroups',
  ],
  // list_amazonsns.html: a phone number is no resource; what else would be reached is denied beside it.
  SmsKnowsNoResources: ['sns:Publish'],
  // list_amazonec2.html
  Ec2DescribeKnowsNoResources: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
};

/** The only statements with a wildcard after which something follows, or before which nothing whole of ours stands. */
const WIDER_THAN_OURS: Readonly<Record<string, readonly string[]>> = {
  // An interface has no name before there is one: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
  InterfacesHaveNoNameYet: [
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ],
};

/**
 * Policies say what they allow, and on what: no `*` for every resource but in the listed statements, no wildcard in an
 * action, none in a resource but for what is below one of ours, and nothing by way of exclusion (`NotAction` …). Denials
 * may be as wide as they like.
 */
export const wildcards: Rule = {
  name: 'policies name what they allow',
  check: (stack) => {
    const ours = arnsIn(stack);
    return stack.policies.flatMap((policy) =>
      policy.statements.flatMap((statement) => [
        ...byExclusion(policy, statement),
        ...(statement.effect === 'Allow'
          ? [...inActions(policy, statement), ...inResources(policy, statement, ours)]
          : []),
      ]),
    );
  },
};

/**
 * The ARNs of all that the stack has, and what those of its executions begin with:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
 */
function arnsIn(stack: Stack): readonly string[] {
  const arns = [...stack.resources, ...stack.dataSources].map((one) => stack.arnOf(one));
  const executions = stack
    .ofType('aws_sfn_state_machine')
    .map((one) => stack.arnOf(one).replace(':stateMachine:', ':execution:'));
  return [...arns, ...executions];
}

function byExclusion({ owner, argument }: Policy, { fields }: PolicyStatement): readonly Fault[] {
  return fields
    .filter((field) => field.startsWith('Not'))
    .map((field) => fault(owner, `${argument} has ${field}`, `Say what is meant with ${field.slice(3)}.`));
}

function inActions({ owner, argument }: Policy, { actions }: PolicyStatement): readonly Fault[] {
  // A gateway endpoint's policy gives nothing: it narrows what roles may do through it, to the tables that it names.
  const narrows = owner.type === 'aws_vpc_endpoint';
  return actions
    .filter((action) => (narrows ? action === '*' : /[*?]/.test(action)))
    .map((action) => fault(owner, `${argument} allows ${action}`, 'Name each action in full.'));
}

function inResources(
  { owner, argument }: Policy,
  statement: PolicyStatement,
  ours: readonly string[],
): readonly Fault[] {
  const { sid = '', actions, resources } = statement;
  const isListed = (list: Readonly<Record<string, readonly string[]>>) =>
    actions.every((action) => list[sid]?.includes(action));
  return resources
    .filter((resource) =>
      resource === '*' ? !isListed(KNOWS_NO_RESOURCES) : isWide(resource, ours) && !isListed(WIDER_THAN_OURS),
    )
    .map((resource) =>
      fault(
        owner,
        `${argument} allows ${actions.join(', ')} on ${resource}`,
        'Name the resource; a wildcard may only stand at the end, below a resource of this stack.',
      ),
    );
}

/** Whether a wildcard stands in it anywhere but at the end, below something whole of ours: `…/*` or `…:*`. */
function isWide(resource: string, ours: readonly string[]): boolean {
  const before = /^(.*?)[*?]/s.exec(resource)?.[1];
  if (before === undefined) return false;
  const isBelowOurs = ours.some((arn) => before.startsWith(`${arn}/`) || before.startsWith(`${arn}:`));
  return before.length < resource.length - 1 || !isBelowOurs;
}
