import { parseArgs } from 'node:util';
import * as z from 'zod';
import { REGION, REGION_ALLOWED } from '../config/settings.ts';
import { BootstrapError } from './errors.ts';
import { DEPLOYED, type Deployed, prefixOf } from './names.ts';

export const USAGE = `npm run bootstrap -- --repository owner/name [--region eu-west-1] [--environment dev|prod|all]
  [--state-bucket NAME] [--orders-table NAME | --no-orders-table] [--dry-run] [--yes] [--json]

Makes what a deployment from GitHub Actions stands on, in the account of the credentials in the environment: the bucket of
Terraform's state, the trust in GitHub's tokens, and the roles that deploy. Run it again at any time: it changes only what
differs, and says what.

  --repository    owner/name; for a repository whose tokens carry ids, owner@1/name@2 (see docs/operating/bootstrap.md)
  --environment   whose roles to make: ${[...DEPLOYED, 'all'].join(', ')} (all)
  --region        where the stack stands (AWS_REGION, else eu-west-1)
  --state-bucket  another name than orderstream-state-<account>-<region>; it is to be given in every later run, too
  --orders-table  an orders table that is there already, which the roles of the one --environment may then use; it is to
                  be given in every later run, too
  --no-orders-table  takes that away again
  --dry-run       only says what it would do
  --yes           does not ask before it changes an account
  --json          writes the result as JSON`;

export interface BootstrapOptions {
  readonly repository: string;
  readonly region: string;
  readonly environments: readonly Deployed[];
  readonly stateBucket: string | undefined;
  readonly ordersTable: string | undefined;
  /** Whether roles that were made for an orders table of somebody else's may lose it. */
  readonly isTableDropped: boolean;
  readonly isDryRun: boolean;
  readonly isConfirmed: boolean;
  readonly isJson: boolean;
}

/** As in a token's subject: names of GitHub, each with its id or both without. */
const REPOSITORY =
  /^(?:[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}\/[\w.-]{1,100}|[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}@\d+\/[\w.-]{1,100}@\d+)$/;

/** What the stack's names in every environment begin with: its roles may use what is called so. */
const STACK_PREFIXES = DEPLOYED.map((name) => `${prefixOf(name)}-`);

/** Each message is what is allowed. */
const schema = z.object({
  repository: z
    .string('owner/name of the repository on GitHub')
    .regex(REPOSITORY, 'owner/name of the repository on GitHub, or owner@1/name@2 with its ids'),
  region: z.string().regex(REGION, REGION_ALLOWED),
  environment: z.enum([...DEPLOYED, 'all'], { error: [...DEPLOYED, 'all'].join(', ') }),
  'state-bucket': z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "a bucket's name: 3 to 63 small letters, digits and hyphens")
    .refine((name) => !STACK_PREFIXES.some((prefix) => name.startsWith(prefix)), {
      error: `a name that does not begin with ${STACK_PREFIXES.join(' or ')}, as what the stack's own functions may read and write does`,
    })
    .optional(),
  'orders-table': z
    .string()
    .regex(/^[A-Za-z0-9_.-]{3,255}$/, "a table's name: 3 to 255 letters, digits, _ . -")
    .optional(),
});

const FLAGS = {
  repository: { type: 'string' },
  region: { type: 'string' },
  environment: { type: 'string' },
  'state-bucket': { type: 'string' },
  'orders-table': { type: 'string' },
  'no-orders-table': { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * @param variables AWS_REGION is the region unless one is given.
 * @returns undefined when help is asked for.
 * @throws BootstrapError naming every wrong option with its value and what is allowed.
 */
export function readOptions(
  argv: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): BootstrapOptions | undefined {
  const values = parse(argv);
  if (values.help === true) return undefined;
  const region = values.region ?? (variables['AWS_REGION'] || 'eu-west-1');
  const given: Record<string, unknown> = { ...values, region, environment: values.environment ?? 'all' };
  const read = schema.safeParse(given);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => {
      const name = path.join('.');
      const value = given[name];
      return `--${name} is ${value === undefined ? 'not given' : JSON.stringify(value)}; allowed: ${message}.`;
    });
    throw new BootstrapError(problems.join('\n'), 2);
  }
  const options = read.data;
  const isTableDropped = values['no-orders-table'] === true;
  refuseTableOfAll(options, isTableDropped);
  return {
    repository: options.repository,
    region: options.region,
    environments: options.environment === 'all' ? DEPLOYED : [options.environment],
    stateBucket: options['state-bucket'],
    ordersTable: options['orders-table'],
    isTableDropped,
    isDryRun: values['dry-run'] === true,
    isConfirmed: values.yes === true,
    isJson: values.json === true,
  };
}

/** A table is one environment's: dev's roles have no business with the orders of prod. */
function refuseTableOfAll(options: z.infer<typeof schema>, isTableDropped: boolean): void {
  const table = options['orders-table'];
  if (table === undefined && !isTableDropped) return;
  const flag = table === undefined ? '--no-orders-table' : `--orders-table ${table}`;
  if (table !== undefined && isTableDropped) {
    throw new BootstrapError(`${flag} and --no-orders-table exclude each other: give one of them.`, 2);
  }
  if (options.environment === 'all') {
    throw new BootstrapError(
      `--environment is "all"; allowed with ${flag}: ${DEPLOYED.join(' or ')}, since the table is of one environment. Run it once for each.`,
      2,
    );
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, strict: true }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new BootstrapError(`${message} Options: npm run bootstrap -- --help`, 2);
  }
}
