import type { Resource } from './document.ts';
import { fault, type Fault, type Rule } from './finding.ts';
import { fitsPattern, statementsIn, valuesOf } from './policy.ts';
import type { Stack } from './stack-view.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html */
const BLOCKS = ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'];

/** A bucket is nobody's business: nothing public reaches it, nothing without TLS, and it is encrypted. */
export const buckets: Rule = {
  name: 'buckets are private',
  check: (stack) => stack.ofType('aws_s3_bucket').flatMap((bucket) => bucketFaults(stack, bucket)),
};

function bucketFaults(stack: Stack, bucket: Resource): readonly Fault[] {
  const of = (type: string) =>
    stack.ofType(type).filter((one) => stack.render(one.arguments['bucket']) === stack.nameOf(bucket));
  const isBlocked = of('aws_s3_bucket_public_access_block').some((one) =>
    BLOCKS.every((argument) => one.arguments[argument] === true),
  );
  const isEncrypted = of('aws_s3_bucket_server_side_encryption_configuration').length > 0;
  const isTlsOnly = of('aws_s3_bucket_policy').some((one) =>
    deniesPlain(stack.render(one.arguments['policy']), stack.arnOf(bucket)),
  );
  return [
    ...(isBlocked ? [] : [fault(bucket, 'may become public', `Block it: ${BLOCKS.join(', ')}.`)]),
    ...(isEncrypted ? [] : [fault(bucket, 'is not encrypted', 'Give it an encryption configuration.')]),
    ...(isTlsOnly
      ? []
      : [fault(bucket, 'is reached without TLS', 'Deny everything where aws:SecureTransport is false.')]),
  ];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html */
function deniesPlain(policy: string, arn: string): boolean {
  return statementsIn(policy).some(
    ({ effect, principals, actions, resources, conditions }) =>
      effect === 'Deny' &&
      principals === '*' &&
      actions.some((action) => fitsPattern(action, 's3:GetObject')) &&
      [arn, `${arn}/any`].every((one) => resources.some((resource) => fitsPattern(resource, one))) &&
      conditions.length === 1 &&
      valuesOf(conditions, 'aws:securetransport').join() === 'false',
  );
}
