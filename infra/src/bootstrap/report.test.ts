import type { Item } from './change.ts';
import { desiredOf } from './desired.ts';
import type { Deployed } from './names.ts';
import { itemTable, reportOf, variableLines } from './report.ts';

const change = (what?: string) => ({ what, apply: async () => undefined });
const ITEMS: Item[] = [
  { kind: 'bucket', name: 'state', changes: [change(), change('versioning')] },
  { kind: 'policy', name: 'boundary', changes: [] },
  { kind: 'role', name: 'deploy', changes: [change('trust'), change('tags')] },
];

function report(environments: readonly Deployed[], isDryRun = false) {
  const options = {
    ...{ repository: 'acme/shop', region: 'eu-west-1', environments, stateBucket: undefined },
    ...{ ordersTable: undefined, isTableDropped: false, isDryRun, isConfirmed: true, isJson: false },
  };
  return reportOf(desiredOf(options, '123456789012'), environments, ITEMS, isDryRun);
}

describe('what the bootstrap says', () => {
  it('is one line for each thing', () => {
    expect(itemTable(report(['dev'])).split('\n')).toEqual([
      'account 123456789012, region eu-west-1',
      '  bucket  state     made',
      '  policy  boundary  as it should be',
      '  role    deploy    changed trust, tags',
    ]);
  });

  it('is in the future for what it would do', () => {
    expect(
      itemTable(report(['dev'], true))
        .split('\n')
        .slice(1),
    ).toEqual([
      '  bucket  state     would be made',
      '  policy  boundary  as it should be',
      '  role    deploy    would change trust, tags',
    ]);
  });

  it('ends with the variables for GitHub', () => {
    const bucket = 'orderstream-state-123456789012-eu-west-1';

    expect(
      variableLines(report(['dev', 'prod']))
        .split('\n')
        .slice(1),
    ).toEqual([
      '  gh variable set AWS_REGION --body eu-west-1',
      '  gh variable set AWS_DIFF_ROLE --body arn:aws:iam::123456789012:role/orderstream-diff-dev',
      `  gh variable set DEV_ORDERSTREAM_STATE_BUCKET --body ${bucket}`,
      '  gh variable set DEV_ORDERSTREAM_PERMISSIONS_BOUNDARY --body orderstream-boundary-dev',
      ...['dev', 'prod'].flatMap((name) => [
        `  gh variable set AWS_REGION --env ${name} --body eu-west-1`,
        `  gh variable set ORDERSTREAM_STATE_BUCKET --env ${name} --body ${bucket}`,
        `  gh variable set AWS_DEPLOY_ROLE --env ${name} --body arn:aws:iam::123456789012:role/orderstream-deploy-${name}`,
        `  gh variable set ORDERSTREAM_PERMISSIONS_BOUNDARY --env ${name} --body orderstream-boundary-${name}`,
      ]),
    ]);
  });

  it('leaves the variables of pull requests alone where prod has an account of its own', () => {
    expect(report(['prod']).variables.repository).toEqual({});
  });
});
