import { AwsError, type ServiceResponse } from '../endpoint/service.ts';

/**
 * S3's answer to a write whose condition does not hold; undefined when it does, or when there is none.
 *
 * @param eTag of the object that is there, with its quotes or without; undefined when there is none.
 * @throws AwsError NoSuchKey for a condition on an object that is not there, NotImplemented for one of another form.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function refusedBy(
  headers: Readonly<Record<string, string>>,
  eTag: string | undefined,
): ServiceResponse | undefined {
  const copyCondition = Object.keys(headers).find((name) => name.startsWith('x-amz-copy-source-if-'));
  if (copyCondition !== undefined) {
    throw new AwsError('NotImplemented', `${copyCondition} is not supported: copy without it.`, 501);
  }
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (noneMatch !== undefined) {
    if (noneMatch === '*') return eTag === undefined ? undefined : preconditionFailed('If-None-Match');
    throw new AwsError('NotImplemented', `If-None-Match: ${noneMatch} is not supported, only * is.`, 501);
  }
  if (match === undefined) return undefined;
  if (eTag === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  return match === '*' || bare(match) === bare(eTag) ? undefined : preconditionFailed('If-Match');
}

function bare(eTag: string): string {
  return eTag.replaceAll('"', '');
}

function preconditionFailed(condition: string): ServiceResponse {
  return {
    status: 412,
    headers: { 'content-type': 'application/xml' },
    body:
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>PreconditionFailed</Code>' +
      '<Message>At least one of the pre-conditions you specified did not hold</Message>' +
      `<Condition>${condition}</Condition></Error>`,
  };
}
