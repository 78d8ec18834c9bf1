import { BootstrapError } from './errors.ts';
import type { Tag } from './names.ts';

/** Where an environment and its state stand, and the table of orders that it was told of: a role's policies name all three. */
interface Remembered {
  readonly region: string;
  readonly stateBucket: string;
  readonly ordersTable: string | undefined;
}

const REGION = 'region';
const STATE_BUCKET = 'state-bucket';
const ORDERS_TABLE = 'orders-table';

/** What the next run has to know of this one, as tags of the roles: the bootstrap has no state of its own. */
export function memoryTags({ region, stateBucket, ordersTable }: Remembered): Tag[] {
  return [
    { Key: REGION, Value: region },
    { Key: STATE_BUCKET, Value: stateBucket },
    ...(ordersTable === undefined ? [] : [{ Key: ORDERS_TABLE, Value: ordersTable }]),
  ];
}

/**
 * Keeps a run that lacks an option of the earlier one from turning a role's policies to something else: a role has no
 * region in its name, a state that is in another bucket would not be found, and a table that is not given would be taken
 * away from it.
 *
 * @throws BootstrapError for another region or bucket, or for a table that is not given and not said to be dropped.
 */
export function refuseForgotten(
  role: string,
  found: readonly Tag[],
  desired: { readonly tags: readonly Tag[]; readonly isTableDropped: boolean },
): void {
  const region = other(REGION, found, desired.tags);
  if (region) {
    throw new BootstrapError(
      `The role ${role} is for ${region.before}, not for ${region.now}: give --region ${region.before}. An environment stands in one region: to move it, take it down and delete its roles first.`,
    );
  }
  const bucket = other(STATE_BUCKET, found, desired.tags);
  if (bucket) {
    throw new BootstrapError(
      `The role ${role} is for the state in the bucket ${bucket.before}, not in ${bucket.now}: give --state-bucket ${bucket.before}. A state does not move with the option: to move it, copy it to the other bucket and delete the environment's roles first.`,
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

/** What a role remembers where this run says something else; a role may be older than what is remembered. */
function other(key: string, found: readonly Tag[], desired: readonly Tag[]) {
  const [before, now = 'none'] = [valueOf(found, key), valueOf(desired, key)];
  return before === undefined || before === now ? undefined : { before, now };
}

function valueOf(tags: readonly Tag[], key: string): string | undefined {
  return tags.find(({ Key }) => Key === key)?.Value;
}
