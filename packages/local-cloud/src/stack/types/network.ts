import { anyArgs } from '../arguments.ts';
import { arn, shortId } from '../arns.ts';
import type { Draft } from '../draft.ts';
import type { ResourceType } from '../resource-type.ts';
import { resourceType } from '../resource-type.ts';

/** Why nothing of a network does anything here. */
export const REACHES_EVERYTHING = 'functions reach everything on this machine';

/** What a part of a network adds to the stack, though it does nothing: through which endpoint a function's calls go. */
type Contribute = (
  part: { readonly address: string; readonly id: string; readonly args: Readonly<Record<string, unknown>> },
  draft: Draft,
) => void;

/**
 * A part of a network: it has an id and an ARN to be referred to, and does nothing here.
 *
 * @param kind what its ARN calls it. @param prefix how its ids begin. @param required the one argument that it must have.
 * @param further what else AWS computes, from the resource's own short id.
 */
function networkType(
  type: string,
  kind: string,
  prefix: string,
  required: string,
  further: (short: string) => Record<string, unknown> = () => ({}),
  contribute: Contribute = () => undefined,
): ResourceType {
  return resourceType({
    type,
    inert: REACHES_EVERYTHING,
    schema: anyArgs(required),
    attributes(_args, place, address) {
      const short = shortId(address);
      const id = `${prefix}-${short}`;
      return { id, arn: arn('ec2', `${kind}/${id}`, place), owner_id: place.accountId, ...further(short) };
    },
    contribute: ({ address, args, attributes }, draft) =>
      contribute({ address, id: attributes.id, args }, draft),
  });
}

/** What a network gives its own security group, route table and the like; ids that nothing else has. */
const defaultsOfNetwork = (short: string) => ({
  default_security_group_id: `sg-${short}`,
  default_route_table_id: `rtb-${short}`,
  main_route_table_id: `rtb-${short}`,
  default_network_acl_id: `acl-${short}`,
});

const rule = (direction: string) =>
  networkType(
    `aws_vpc_security_group_${direction}_rule`,
    'security-group-rule',
    'sgr',
    'security_group_id',
    (short) => ({ security_group_rule_id: `sgr-${short}` }),
  );

export const networkTypes = [
  networkType('aws_vpc', 'vpc', 'vpc', 'cidr_block', defaultsOfNetwork),
  networkType('aws_subnet', 'subnet', 'subnet', 'vpc_id', undefined, ({ id, args }, draft) =>
    draft.subnets.push({ id, vpcId: String(args['vpc_id']) }),
  ),
  networkType('aws_security_group', 'security-group', 'sg', 'vpc_id'),
  rule('ingress'),
  rule('egress'),
  networkType('aws_route_table', 'route-table', 'rtb', 'vpc_id'),
  networkType('aws_route_table_association', 'route-table-association', 'rtbassoc', 'route_table_id'),
  networkType(
    'aws_vpc_endpoint',
    'vpc-endpoint',
    'vpce',
    'vpc_id',
    (short) => ({ prefix_list_id: `pl-${short}`, state: 'available' }),
    ({ address, args: { vpc_id, service_name, policy } }, draft) =>
      draft.vpcEndpoints.push({
        address,
        vpcId: String(vpc_id),
        service: String(service_name).split('.').at(-1) ?? '',
        ...(typeof policy === 'string' && { policy }),
      }),
  ),
];
