import { block, text, texts, type Resource } from './document.ts';
import { fault, type Fault, type Rule } from './finding.ts';
import { groupsOf, listenerFaults } from './listeners.ts';
import { allows, statementsIn } from './policy.ts';
import { letsOut } from './security-groups.ts';
import type { Stack } from './stack-view.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions */
const ENTER = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];
const LOOK_AROUND = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'];

/**
 * What a function in the network is allowed and does not call from there: logs, traces, interfaces, queues that it reads
 * and its failure destination are Lambda's own calls, and the search (`es`) stands inside.
 */
const CALLED_BY_LAMBDA = ['logs', 'xray', 'ec2', 'sqs', 'es'];

/** Where the endpoints of AWS's services are called. */
const HTTPS = 443;

/** A function in a network may enter it, and reaches from there all that its role allows and that it is told of. */
export const network: Rule = {
  name: 'functions reach what they call',
  check: (stack) =>
    stack
      .ofType('aws_lambda_function')
      .flatMap((lambda) => [
        ...(isInside(lambda) ? [...enterFaults(stack, lambda), ...wayFaults(stack, lambda)] : []),
        ...listenerFaults(stack, lambda),
      ]),
};

function isInside(lambda: Resource): boolean {
  return Object.keys(block(lambda.arguments['vpc_config'])).length > 0;
}

function enterFaults(stack: Stack, lambda: Resource): readonly Fault[] {
  const { role } = lambda.arguments;
  const [service = ''] = /^arn:aws:lambda:[^:]+:\d+/.exec(stack.arnOf(lambda)) ?? [];
  const anInterface = `${service.replace(':lambda:', ':ec2:')}:network-interface/any`;
  return stack.roleMay(role, ENTER, anInterface) && stack.roleMay(role, LOOK_AROUND, '*')
    ? []
    : [
        fault(
          lambda,
          'its role may not put it into its subnets',
          `Allow ${[...ENTER, ...LOOK_AROUND].join(', ')}.`,
        ),
      ];
}

/** A gateway endpoint lets through what its policy allows, to whoever has a way to it; without one there is no way out. */
function wayFaults(stack: Stack, lambda: Resource): readonly Fault[] {
  const used = new Set<Resource>();
  const blocked: Fault[] = [];
  for (const [action, resource] of callsOf(stack, lambda)) {
    const endpoint = endpointFor(stack, action, resource);
    if (endpoint !== undefined) used.add(endpoint);
    else {
      const problem = `${action} on ${resource} has no way out of its network`;
      blocked.push(fault(lambda, problem, 'Let an endpoint allow it.'));
    }
  }
  return [...blocked, ...[...used].flatMap((endpoint) => pathFaults(stack, lambda, endpoint))];
}

/** What a function calls from inside: all that its role allows, but what Lambda calls for it. */
function callsOf(stack: Stack, lambda: Resource): readonly (readonly [action: string, resource: string])[] {
  return stack
    .grantsOf(lambda.arguments['role'])
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ actions, resources }) =>
      actions
        .filter((action) => !CALLED_BY_LAMBDA.includes(serviceOf(action)))
        .flatMap((action) => resources.map((resource) => [action, resource] as const)),
    );
}

function endpointFor(stack: Stack, action: string, resource: string): Resource | undefined {
  return stack
    .ofType('aws_vpc_endpoint')
    .filter(({ arguments: given }) => text(given['service_name']).endsWith(`.${serviceOf(action)}`))
    .find(({ arguments: given }) => allows(statementsIn(stack.render(given['policy'])), action, resource));
}

/** An endpoint is reached from each subnet, by its route table, and through the function's security group. */
function pathFaults(stack: Stack, lambda: Resource, endpoint: Resource): readonly Fault[] {
  const tables = texts(endpoint.arguments['route_table_ids']).map((id) => stack.render(id));
  const prefixList = stack.render(`\${${endpoint.address}.prefix_list_id}`);
  return [
    ...texts(block(lambda.arguments['vpc_config'])['subnet_ids'])
      .filter((subnet) => !tables.includes(routeTableOf(stack, subnet)))
      .map((subnet) =>
        fault(
          lambda,
          `has no route from ${stack.referredTo(subnet).join()} to ${endpoint.address}`,
          'Give the subnet a route table of the endpoint.',
        ),
      ),
    ...(letsOut(stack, groupsOf(stack, lambda), prefixList, HTTPS)
      ? []
      : [
          fault(
            lambda,
            `is not let out to ${endpoint.address}`,
            `Let its security group out to the endpoint's prefix list at port ${HTTPS}.`,
          ),
        ]),
  ];
}

/** A subnet has one table: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html */
function routeTableOf(stack: Stack, subnet: string): string {
  const found = stack
    .ofType('aws_route_table_association')
    .find(({ arguments: given }) => stack.render(given['subnet_id']) === stack.render(subnet));
  return stack.render(found?.arguments['route_table_id']);
}

function serviceOf(action: string): string {
  return action.split(':')[0] ?? '';
}
