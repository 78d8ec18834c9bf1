import { block, text, texts, type Resource } from './document.ts';
import { fault, type Fault, type Rule } from './finding.ts';
import { allows, statementsIn } from './policy.ts';
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

/** A function in a network may enter it, and reaches from there all that its role allows. */
export const network: Rule = {
  name: 'functions reach what they call',
  check: (stack) =>
    stack
      .ofType('aws_lambda_function')
      .filter((lambda) => Object.keys(block(lambda.arguments['vpc_config'])).length > 0)
      .flatMap((lambda) => [...enterFaults(stack, lambda), ...wayFaults(stack, lambda)]),
};

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

/** A gateway endpoint lets through what its policy allows; without one there is no way out. */
function wayFaults(stack: Stack, lambda: Resource): readonly Fault[] {
  const grants = stack.grantsOf(lambda.arguments['role']).filter(({ effect }) => effect === 'Allow');
  return grants.flatMap(({ actions, resources }) =>
    actions
      .filter((action) => !CALLED_BY_LAMBDA.includes(serviceOf(action)))
      .flatMap((action) =>
        resources
          .filter((resource) => !endpointAllows(stack, lambda, action, resource))
          .map((resource) =>
            fault(
              lambda,
              `${action} on ${resource} has no way out of its network`,
              'Let an endpoint allow it.',
            ),
          ),
      ),
  );
}

function endpointAllows(stack: Stack, lambda: Resource, action: string, resource: string): boolean {
  const tables = routeTablesOf(stack, lambda);
  return stack
    .ofType('aws_vpc_endpoint')
    .filter(({ arguments: given }) => text(given['service_name']).endsWith(`.${serviceOf(action)}`))
    .filter(({ arguments: given }) =>
      texts(given['route_table_ids']).some((id) => tables.includes(stack.render(id))),
    )
    .some(({ arguments: given }) => allows(statementsIn(stack.render(given['policy'])), action, resource));
}

/** The route tables of the subnets that a function stands in. */
function routeTablesOf(stack: Stack, lambda: Resource): readonly string[] {
  const subnets = texts(block(lambda.arguments['vpc_config'])['subnet_ids']);
  return stack
    .ofType('aws_route_table_association')
    .filter(({ arguments: given }) => subnets.includes(text(given['subnet_id'])))
    .map(({ arguments: given }) => stack.render(given['route_table_id']));
}

function serviceOf(action: string): string {
  return action.split(':')[0] ?? '';
}
