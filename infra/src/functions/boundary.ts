import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { Aspects, type IAspect } from 'cdktf';
import type { Construct } from 'constructs';

/**
 * Bounds every role of a stack by a managed policy of the account: whatever their own policies come to say, they can do
 * no more than it allows. See docs/decisions/2026-11-23-deploy-roles.md.
 */
export function boundRoles(stack: Construct, accountId: string, policyName: string | undefined): void {
  if (policyName === undefined) return;
  const boundary = `arn:aws:iam::${accountId}:policy/${policyName}`;
  const bound: IAspect = {
    visit(node) {
      if (node instanceof IamRole) node.permissionsBoundary = boundary;
    },
  };
  Aspects.of(stack).add(bound);
}
