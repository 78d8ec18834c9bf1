import { DEV, resourcesOf, synthesize } from '../testing/synthesized.ts';

const boundariesOf = (variables: Record<string, string>) =>
  Object.values(resourcesOf(synthesize(variables), 'aws_iam_role')).map(
    (role) => role['permissions_boundary'],
  );

describe('the roles of the stack', () => {
  it('all carry the boundary that is named', () => {
    const boundaries = boundariesOf({ ...DEV, ORDERSTREAM_PERMISSIONS_BOUNDARY: 'orderstream-boundary-dev' });

    expect(boundaries.length).toBeGreaterThan(10);
    expect(new Set(boundaries)).toEqual(
      new Set([
        'arn:aws:iam::${data.aws_caller_identity.identity.account_id}:policy/orderstream-boundary-dev',
      ]),
    );
  });

  it('carry none where none is named', () => {
    expect(new Set(boundariesOf(DEV))).toEqual(new Set([undefined]));
  });
});
