import { DEV, PROD, resourcesOf, synthesize, type Synthesized } from '../testing/synthesized.ts';

/** Every value that resources of a type have for an argument. */
function valuesOf(stack: Synthesized, type: string, argument: string): unknown[] {
  return [...new Set(Object.values(resourcesOf(stack, type)).map((one) => one[argument]))];
}

describe.each([
  ['local', {}, 'in a file'],
  ['dev', DEV, 'in the bucket'],
  ['prod', PROD, 'in the bucket'],
])('the environment %s', (environment, variables, state) => {
  const stack = synthesize(variables);
  const isProd = environment === 'prod';

  it(`keeps its state ${state}`, () => {
    const local = { local: { path: '../../../terraform.orderstream-local.tfstate' } };
    const s3 = {
      bucket: 'orderstream-state-123456789012-eu-west-1',
      key: `orderstream-${environment}.tfstate`,
      region: 'eu-west-1',
      encrypt: true,
      use_lockfile: true,
    };

    expect(stack.document.terraform).toMatchObject({
      backend: environment === 'local' ? local : { s3 },
    });
  });

  it('is the tag and the name of all that is its own', () => {
    const names = ['aws_dynamodb_table', 'aws_sqs_queue', 'aws_iam_role'].flatMap((type) =>
      valuesOf(stack, type, 'name'),
    );

    expect(stack.document.provider['aws']).toMatchObject([
      { default_tags: [{ tags: { project: 'orderstream', environment, 'managed-by': 'terraform' } }] },
    ]);
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) expect(name).toMatch(new RegExp(`^orderstream-${environment}-`));
  });

  it(isProd ? 'lets nothing go that holds data' : 'may be taken down with all that it holds', () => {
    expect(valuesOf(stack, 'aws_dynamodb_table', 'deletion_protection_enabled')).toEqual([isProd]);
    expect(valuesOf(stack, 'aws_s3_bucket', 'force_destroy')).toEqual([!isProd]);
    expect(valuesOf(stack, 'aws_athena_workgroup', 'force_destroy')).toEqual([!isProd]);
  });

  it(`keeps its logs for ${isProd ? 90 : 14} days`, () => {
    expect(valuesOf(stack, 'aws_cloudwatch_log_group', 'retention_in_days')).toEqual([isProd ? 90 : 14]);
  });
});
