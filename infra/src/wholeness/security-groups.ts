import { type Resource } from './document.ts';
import { fault, type Rule } from './finding.ts';
import type { Stack } from './stack-view.ts';

const INGRESS = 'aws_vpc_security_group_ingress_rule';
const EGRESS = 'aws_vpc_security_group_egress_rule';

/**
 * Into a security group leads one port, from another group of the stack: nobody else reaches what stands in it. Out of
 * it leads one port, to another group or to what an endpoint leads to.
 */
export const securityGroups: Rule = {
  name: 'security groups let one another in',
  check: (stack) => [
    ...stack
      .ofType(INGRESS)
      .filter((rule) => !isNarrow(stack, rule, ['aws_security_group']))
      .map((rule) =>
        fault(
          rule,
          'lets in more than one port from one group',
          'Set referenced_security_group_id to a group of the stack, ip_protocol to tcp, and the port twice.',
        ),
      ),
    ...stack
      .ofType(EGRESS)
      .filter((rule) => !isNarrow(stack, rule, ['aws_security_group', 'aws_vpc_endpoint']))
      .map((rule) =>
        fault(
          rule,
          'lets out to more than one port of one group or endpoint',
          'Set referenced_security_group_id or prefix_list_id to one of the stack, ip_protocol to tcp, and the port twice.',
        ),
      ),
  ],
};

/** AWS takes exactly one source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html */
function isNarrow(stack: Stack, rule: Resource, others: readonly string[]): boolean {
  const { ip_protocol, from_port, to_port } = rule.arguments;
  const [other = ''] = stack.referredTo(othersOf(rule));
  return (
    others.includes(stack.at(other)?.type ?? '') &&
    ip_protocol === 'tcp' &&
    typeof from_port === 'number' &&
    from_port === to_port
  );
}

/** Whether one of these groups lets calls out to a prefix list at this port. */
export function letsOut(stack: Stack, groups: readonly string[], prefixList: string, port: number): boolean {
  return groups.some((group) => opens(stack, EGRESS, [group, prefixList], port));
}

/** Whether calls at this port come from one of these groups into one of those: one lets them out and the other one in. */
export function letsThrough(
  stack: Stack,
  from: readonly string[],
  into: readonly string[],
  port: number,
): boolean {
  return from.some((caller) =>
    into.some(
      (called) =>
        opens(stack, EGRESS, [caller, called], port) && opens(stack, INGRESS, [called, caller], port),
    ),
  );
}

/** Whether a group has a rule of this type for the other end. Both are ids, as they come out on AWS. */
function opens(
  stack: Stack,
  type: typeof INGRESS | typeof EGRESS,
  [group, other]: readonly [group: string, other: string],
  port: number,
): boolean {
  return stack.ofType(type).some((rule) => {
    const { security_group_id, ip_protocol, from_port, to_port } = rule.arguments;
    return (
      stack.render(security_group_id) === group &&
      othersOf(rule).some((one) => stack.render(one) === other) &&
      ip_protocol === 'tcp' &&
      Number(from_port) <= port &&
      port <= Number(to_port)
    );
  });
}

/** What a rule names as the other end, in either way. */
function othersOf({ arguments: given }: Resource): readonly unknown[] {
  return [given['referenced_security_group_id'], given['prefix_list_id']].filter((one) => one !== undefined);
}
