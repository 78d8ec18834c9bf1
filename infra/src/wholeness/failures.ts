import { text, type Resource } from './document.ts';
import { fault, type Fault } from './finding.ts';
import type { Called, Stack } from './stack-view.ts';

/**
 * What a function's role has to be allowed for Lambda to put away what it gives up, by the destination's type.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
const PUT_AWAY: Readonly<Record<string, readonly (readonly [action: string, below: string])[]>> = {
  aws_sqs_queue: [['sqs:SendMessage', '']],
  aws_sns_topic: [['sns:Publish', '']],
  aws_s3_bucket: [
    ['s3:PutObject', '/aws/lambda/any'],
    ['s3:ListBucket', ''],
  ],
};

/** A destination on failure is there, and the function's role may write to it. */
export function failureFaults(
  stack: Stack,
  owner: Resource,
  { lambda }: Called,
  destination: unknown,
): readonly Fault[] {
  const to = stack.withArn(stack.render(destination));
  const needed = to === undefined ? undefined : PUT_AWAY[to.type];
  if (to === undefined || needed === undefined) {
    return [
      fault(
        owner,
        `what is given up is lost: the destination on failure is ${text(destination) || 'not set'}`,
        'Name a queue or a bucket of the stack.',
      ),
    ];
  }
  return needed
    .filter(
      ([action, below]) => !stack.roleMay(lambda.arguments['role'], [action], `${stack.arnOf(to)}${below}`),
    )
    .map(([action]) =>
      fault(owner, `its function's role may not put away to ${to.address}`, `Allow ${action} to the role.`),
    );
}
