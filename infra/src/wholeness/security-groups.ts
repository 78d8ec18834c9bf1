import { type Resource } from './document.ts';
import { fault, type Rule } from './finding.ts';
import type { Stack } from './stack-view.ts';

/** Into a security group leads one port, from another group of the stack: nobody else reaches what stands in it. */
export const securityGroups: Rule = {
  name: 'security groups let one another in',
  check: (stack) =>
    stack
      .ofType('aws_vpc_security_group_ingress_rule')
      .filter((rule) => !isNarrow(stack, rule))
      .map((rule) =>
        fault(
          rule,
          'lets in more than one port from one group',
          'Set referenced_security_group_id to a group of the stack, ip_protocol to tcp, and the port twice.',
        ),
      ),
};

/** AWS takes exactly one source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html */
function isNarrow(stack: Stack, { arguments: given }: Resource): boolean {
  const { referenced_security_group_id, ip_protocol, from_port, to_port } = given;
  const [from = ''] = stack.referredTo(referenced_security_group_id);
  return (
    stack.at(from)?.type === 'aws_security_group' &&
    ip_protocol === 'tcp' &&
    typeof from_port === 'number' &&
    from_port === to_port
  );
}
