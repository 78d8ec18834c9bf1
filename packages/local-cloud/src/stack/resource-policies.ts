import type { Draft } from './draft.ts';
import type { ResourcePolicy } from './model.ts';

/** What a permission of a function says. */
export interface FunctionPermission {
  readonly functionArn: string;
  readonly action: string;
  /** A service (`events.amazonaws.com`), an account, an ARN, or `*`. */
  readonly principal: string;
  readonly sourceArn: string | undefined;
  readonly sourceAccount: string | undefined;
}

/**
 * The statement that Lambda makes of a permission.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
 */
export function permissionDocument(permission: FunctionPermission): string {
  const { functionArn, action, principal, sourceArn, sourceAccount } = permission;
  const isService = /\.amazonaws\.com$/.test(principal);
  const statement = {
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : { [isService ? 'Service' : 'AWS']: principal },
    Action: action,
    Resource: functionArn,
    Condition: {
      ...(sourceArn !== undefined && { ArnLike: { 'aws:SourceArn': sourceArn } }),
      ...(sourceAccount !== undefined && { StringEquals: { 'aws:SourceAccount': sourceAccount } }),
    },
  };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

/** All policies of resources; a queue has its own as an attribute. */
export function linkResourcePolicies({ resourcePolicies, queues, queueAttributes }: Draft): ResourcePolicy[] {
  const arns = new Map(queues.map(({ url, arn }) => [url, arn]));
  const ofQueues = queues.flatMap(({ name, arn, attributes: { Policy } }) =>
    Policy === undefined ? [] : [{ address: `queue ${name}`, resourceArn: arn, document: Policy }],
  );
  const besideQueues = queueAttributes
    .filter(({ name }) => name === 'Policy')
    .map(({ address, queueUrl, value }) => ({
      address,
      resourceArn: arns.get(queueUrl) ?? queueUrl,
      document: value,
    }));
  return [...resourcePolicies, ...ofQueues, ...besideQueues];
}
