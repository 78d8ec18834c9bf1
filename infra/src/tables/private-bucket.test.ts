import { PROD, resourcesOf, statementsOf, synthesize, type Arguments } from '../testing/synthesized.ts';

const stack = synthesize(PROD);

describe.each(Object.entries(resourcesOf(stack, 'aws_s3_bucket')))('the bucket %s', (id) => {
  const reference = (attribute: string) => `\${aws_s3_bucket.${id}.${attribute}}`;
  const settingsOf = (type: string): Arguments | undefined =>
    Object.values(resourcesOf(stack, type)).find((one) => one['bucket'] === reference('bucket'));

  it('is reached by nothing public', () => {
    expect(settingsOf('aws_s3_bucket_public_access_block')).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  it('is encrypted', () => {
    expect(settingsOf('aws_s3_bucket_server_side_encryption_configuration')).toMatchObject({
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } }],
    });
  });

  it('refuses whoever comes without TLS, whatever they want', () => {
    expect(statementsOf(settingsOf('aws_s3_bucket_policy')?.['policy'])).toContainEqual({
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: ['s3:*'],
      Resource: [reference('arn'), `${reference('arn')}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });

  it('lets objects grow old by rules, and forgets unfinished uploads after a day', () => {
    const { rule } = settingsOf('aws_s3_bucket_lifecycle_configuration') ?? {};

    expect(rule).not.toEqual([]);
    for (const one of rule as readonly Arguments[]) {
      expect(one).toMatchObject({
        status: 'Enabled',
        abort_incomplete_multipart_upload: [{ days_after_initiation: 1 }],
      });
      expect(one['expiration'] ?? one['transition']).toBeDefined();
    }
  });
});
