import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { besides, grantsPage, PAGE } from './grants/page.ts';
import { idleIn, type ProvenGrant } from './grants/proof.ts';
import { provenIn } from './grants/stacks.ts';
import { ROOT } from './prepare.ts';
import { openShop } from './testing/shop.ts';
import { synthesizedWith } from './synthesis.ts';

jest.setTimeout(240_000);

describe('the stack’s policies', () => {
  let standard: readonly ProvenGrant[];
  let direct: readonly ProvenGrant[];
  beforeAll(async () => {
    standard = await provenIn('standard');
    direct = await provenIn('direct');
  });

  it('grant nothing that no path of the shop needs', () => {
    expect(idleIn(standard)).toEqual([]);
    expect(standard.length).toBeGreaterThan(200);
  });

  it('grant nothing idle either where no queues stand between rules and consumers', () => {
    expect(idleIn(direct)).toEqual([]);
    expect(direct.length).toBeGreaterThan(200);
  });

  it('grant nothing else in the free tier', async () => {
    const free = await provenIn('free-tier', []);

    expect(free.length).toBeGreaterThan(100);
    expect(besides(free, [...standard, ...direct])).toEqual([]);
  });

  it(`stand in ${PAGE} (node apps/orders-cli/src/write-grants.ts writes it)`, () => {
    const written = readFileSync(join(ROOT, PAGE), 'utf8');

    expect(grantsOn(written)).toEqual(grantsOn(grantsPage(standard, direct)));
  });
});

/** Who may do what on what. Not by which path: what ends late on a busy machine counts for the next one. */
function grantsOn(page: string): string[] {
  const rows = page.split('\n').filter((line) => line.startsWith('| '));
  return rows
    .map((row) => row.split('|').map((cell) => cell.trim()))
    .flatMap(([, who, may = '', on]) => may.split(', ').map((action) => `${who} ${action} ${on}`))
    .filter((grant) => !grant.includes('---'))
    .sort();
}

interface WrittenStack {
  readonly resource: {
    readonly aws_iam_role_policy: Readonly<Record<string, { readonly name: string; policy: string }>>;
  };
}

it('a stack without one of its grants fails with just that refusal', async () => {
  const { stackFile, remove } = await synthesizedWith({});
  const lacking = join(dirname(stackFile), 'lacking.tf.json');
  const stack = JSON.parse(readFileSync(stackFile, 'utf8')) as WrittenStack;
  const policies = Object.values(stack.resource.aws_iam_role_policy);
  const policy = policies.find(({ name }) => name.endsWith('-validate-order'))!;
  const { Statement, ...document } = JSON.parse(policy.policy) as { Statement: { Action: string[] }[] };
  const left = Statement.filter(({ Action }) => !Action.includes('dynamodb:UpdateItem'));
  policy.policy = JSON.stringify({ ...document, Statement: left });
  writeFileSync(lacking, JSON.stringify(stack));
  const shop = await openShop({ stackFile: lacking });
  try {
    const orderId = await shop.place();

    expect(await shop.settled(orderId)).toMatchObject({ status: 'FAILED' });

    const refusals = shop.cloud.journal.rows('refusals', '');
    expect(new Set(refusals.map(({ caller, action }) => `${caller} ${action}`))).toEqual(
      new Set(['function orderstream-local-validate-order dynamodb:UpdateItem']),
    );
    expect(JSON.parse(refusals[0]?.statement ?? '')).toEqual({
      Effect: 'Allow',
      Action: 'dynamodb:UpdateItem',
      Resource: expect.stringMatching(/:table\/orderstream-local-orders$/),
    });
  } finally {
    await shop.close();
    remove();
  }
});
