import { readOptions } from './options.ts';

const NEEDED = ['--repository', 'acme/shop'];

describe('the options of the bootstrap', () => {
  it('are few: a repository is enough', () => {
    expect(readOptions(NEEDED, {})).toEqual({
      repository: 'acme/shop',
      region: 'eu-west-1',
      environments: ['dev', 'prod'],
      stateBucket: undefined,
      ordersTable: undefined,
      isTableDropped: false,
      isDryRun: false,
      isConfirmed: false,
      isJson: false,
    });
  });

  it('are all taken', () => {
    const given = '--region us-east-2 --environment prod --state-bucket our-state --orders-table Orders';
    const flags = ['--dry-run', '--yes', '--json'];

    expect(readOptions([...NEEDED, ...given.split(' '), ...flags], {})).toEqual({
      repository: 'acme/shop',
      region: 'us-east-2',
      environments: ['prod'],
      stateBucket: 'our-state',
      ordersTable: 'Orders',
      isTableDropped: false,
      isDryRun: true,
      isConfirmed: true,
      isJson: true,
    });
  });

  it('take the region of the environment unless one is given', () => {
    expect(readOptions(NEEDED, { AWS_REGION: 'us-west-2' })).toMatchObject({ region: 'us-west-2' });
    expect(readOptions([...NEEDED, '--region', 'us-east-1'], { AWS_REGION: 'us-west-2' })).toMatchObject({
      region: 'us-east-1',
    });
  });

  it('take a repository with the ids of its tokens', () => {
    const repository = 'acme@123/shop@456';

    expect(readOptions(['--repository', repository], {})).toMatchObject({ repository });
  });

  it.each([
    [[], '--repository is not given; allowed: owner/name'],
    [['--repository', 'shop'], '--repository is "shop"; allowed: owner/name'],
    [['--repository', 'acme/*'], '--repository is "acme/*"; allowed: owner/name'],
    [['--repository', 'acme@1/shop'], '--repository is "acme@1/shop"; allowed: owner/name'],
    [['--repository', 'acme/shop:environment:prod'], '--repository is "acme/shop:environment:prod"'],
    [[...NEEDED, '--region', 'Ireland'], '--region is "Ireland"; allowed: a region of the partition aws'],
    [
      [...NEEDED, '--region', 'cn-north-1'],
      '--region is "cn-north-1"; allowed: a region of the partition aws',
    ],
    [[...NEEDED, '--environment', 'local'], '--environment is "local"; allowed: dev, prod, all'],
    [[...NEEDED, '--state-bucket', 'My_Bucket'], `--state-bucket is "My_Bucket"; allowed: a bucket's name`],
    [[...NEEDED, '--orders-table', 'a*'], `--orders-table is "a*"; allowed: a table's name`],
    [
      [...NEEDED, '--state-bucket', 'orderstream-prod-tfstate'],
      '--state-bucket is "orderstream-prod-tfstate"; allowed: a name that does not begin with orderstream-dev- or orderstream-prod-,',
    ],
    [
      [...NEEDED, '--orders-table', 'Orders'],
      '--environment is "all"; allowed with --orders-table Orders: dev or prod, since the table is of one environment.',
    ],
    [[...NEEDED, '--no-orders-table'], '--environment is "all"; allowed with --no-orders-table: dev or prod'],
    [
      [...NEEDED, '--environment', 'dev', '--orders-table', 'Orders', '--no-orders-table'],
      '--orders-table Orders and --no-orders-table exclude each other: give one of them.',
    ],
    [[...NEEDED, '--force'], "Unknown option '--force'"],
  ])('%j are refused with what is allowed', (argv, message) => {
    expect(() => readOptions(argv, {})).toThrow(message);
  });

  it('tell all that is wrong at once', () => {
    expect(() => readOptions(['--environment', 'x'], {})).toThrow(/--repository.*\n--environment/);
  });
});
