import { type Item, outcomeOf } from './change.ts';
import type { Desired } from './desired.ts';
import { type Deployed, COMPARED_WITH, boundaryName, deployRoleName, diffRoleName, iamArn } from './names.ts';

/** What is printed, and written as JSON. */
export interface Report {
  readonly account: string;
  readonly region: string;
  readonly dryRun: boolean;
  readonly items: readonly { readonly kind: string; readonly name: string; readonly outcome: string }[];
  /** Variables to set on GitHub: of the repository, and of each of its environments. */
  readonly variables: {
    readonly repository: Readonly<Record<string, string>>;
    readonly environments: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
}

export function reportOf(
  { account, region, stateBucket }: Desired,
  environments: readonly Deployed[],
  items: readonly Item[],
  isDryRun: boolean,
): Report {
  const role = (name: string) => iamArn(account, `role/${name}`);
  const common = { AWS_REGION: region, ORDERSTREAM_STATE_BUCKET: stateBucket };
  return {
    account,
    region,
    dryRun: isDryRun,
    items: items.map((item) => ({ kind: item.kind, name: item.name, outcome: outcomeOf(item) })),
    variables: {
      // Pull requests run in no environment. Names of their own, for what stands here holds in every environment.
      repository: environments.includes(COMPARED_WITH)
        ? {
            AWS_REGION: region,
            AWS_DIFF_ROLE: role(diffRoleName(COMPARED_WITH)),
            DEV_ORDERSTREAM_STATE_BUCKET: stateBucket,
            DEV_ORDERSTREAM_PERMISSIONS_BOUNDARY: boundaryName(COMPARED_WITH),
          }
        : {},
      environments: Object.fromEntries(
        environments.map((name) => [
          name,
          {
            ...common,
            AWS_DEPLOY_ROLE: role(deployRoleName(name)),
            ORDERSTREAM_PERMISSIONS_BOUNDARY: boundaryName(name),
          },
        ]),
      ),
    },
  };
}

/** The items as a table. */
export function itemTable({ account, region, dryRun, items }: Report): string {
  const kinds = Math.max(...items.map(({ kind }) => kind.length));
  const names = Math.max(...items.map(({ name }) => name.length));
  const rows = items.map(
    ({ kind, name, outcome }) =>
      `  ${kind.padEnd(kinds)}  ${name.padEnd(names)}  ${dryRun ? asFuture(outcome) : outcome}`,
  );
  return [`account ${account}, region ${region}`, ...rows].join('\n');
}

function asFuture(outcome: string): string {
  if (outcome === 'made' || outcome === 'deleted') return `would be ${outcome}`;
  return outcome.replace(/^changed /, 'would change ');
}

/** What to set on GitHub, as commands of its command line. */
export function variableLines({ variables }: Report): string {
  const set = (values: Readonly<Record<string, string>>, more = '') =>
    Object.entries(values).map(([name, value]) => `  gh variable set ${name}${more} --body ${value}`);
  return [
    'Set these variables on GitHub; none is a secret:',
    ...set(variables.repository),
    ...Object.entries(variables.environments).flatMap(([name, values]) => set(values, ` --env ${name}`)),
  ].join('\n');
}
