import { BootstrapError } from './errors.ts';
import type { Tag } from './names.ts';

/** Where an environment stands, and the table of orders that it was told of: a role's policies are written for both. */
interface Remembered {
  readonly region: string;
  readonly ordersTable: string | undefined;
}

const REGION = 'region';
const ORDERS_TABLE = 'orders-table';

/** What the next run has to know of this one, as tags of the roles: the bootstrap has no state of its own. */
export function memoryTags({ region, ordersTable }: Remembered): Tag[] {
  return [
    { Key: REGION, Value: region },
    ...(ordersTable === undefined ? [] : [{ Key: ORDERS_TABLE, Value: ordersTable }]),
  ];
}

/**
 * Keeps a run that lacks an option of the earlier one from turning a role's policies to something else: a role has no
 * region in its name, and a table that is not given would be taken away from it.
 *
 * @throws BootstrapError for another region, or for a table that is not given and not said to be dropped.
 */
export function refuseForgotten(
  role: string,
  found: readonly Tag[],
  desired: { readonly tags: readonly Tag[]; readonly isTableDropped: boolean },
): void {
  const [before, now] = [valueOf(found, REGION), valueOf(desired.tags, REGION)];
  if (before !== undefined && before !== now) {
    throw new BootstrapError(
      `The role ${role} is for ${before}, not for ${now ?? 'no region'}: give --region ${before}. An environment stands in one region: to move it, take it down and delete its roles first.`,
    );
  }
  const table = valueOf(found, ORDERS_TABLE);
  if (table !== undefined && valueOf(desired.tags, ORDERS_TABLE) === undefined && !desired.isTableDropped) {
    throw new BootstrapError(
      `The role ${role} may use the orders table ${table}, which is not given: add --orders-table ${table}, or --no-orders-table to take it away, with its one --environment.`,
    );
  }
}

/** Keys of what a role no longer has to remember. */
export function outdatedKeys(found: readonly Tag[], desired: readonly Tag[]): string[] {
  return valueOf(found, ORDERS_TABLE) !== undefined && valueOf(desired, ORDERS_TABLE) === undefined
    ? [ORDERS_TABLE]
    : [];
}

function valueOf(tags: readonly Tag[], key: string): string | undefined {
  return tags.find(({ Key }) => Key === key)?.Value;
}
