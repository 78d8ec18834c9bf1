import type { WalkedShop } from './walked-shop.ts';

/** A way through the shop that needs grants of its own. */
export interface Path {
  /** For people: `a customer’s order`. */
  readonly name: string;
  walk(shop: WalkedShop): Promise<void>;
}

/** One action on one resource, as a statement of the stack allows it, and what needs it. */
export interface ProvenGrant {
  /** What the statement belongs to: `role orderstream-local-order-api`, or the address of a resource’s policy. */
  readonly owner: string;
  readonly action: string;
  readonly resource: string;
  /** The path on which a call was first refused without it; undefined where that was nowhere. */
  readonly path: string | undefined;
  /** Whether it allowed a call, needed or not. */
  readonly used: boolean;
}

/** A grant as the local cloud tells it. */
interface ToldGrant {
  readonly statement: string;
  readonly action: string;
  readonly resource: string;
  readonly used: boolean;
  readonly neededBy?: object;
}

const START = 'the start: logs, traces, networks, mappings, the budget';

/**
 * Walks one path after the other. The cloud decides every call again with each grant that allowed it removed; what no
 * path needs is idle.
 */
export async function proveGrants(shop: WalkedShop, paths: readonly Path[]): Promise<readonly ProvenGrant[]> {
  const neededOn = new Map<string, string>();
  let told: readonly ToldGrant[] = [];
  for (const { name, walk } of [{ name: START, walk: () => Promise.resolve() }, ...paths]) {
    await walk(shop);
    await shop.settled();
    told = await grantsOf(shop);
    for (const grant of told) {
      const key = keyOf(grant);
      if (grant.neededBy !== undefined && !neededOn.has(key)) neededOn.set(key, name);
    }
  }
  return told.map((grant) => {
    const { statement, action, resource, used } = grant;
    const owner = statement.replace(/, statement .*$/, '');
    return { owner, action, resource, used, path: neededOn.get(keyOf(grant)) };
  });
}

/** Grants that nothing needs, for people. */
export function idleIn(grants: readonly ProvenGrant[]): string[] {
  return grants
    .filter(({ path }) => path === undefined)
    .map(
      ({ owner, action, resource, used }) =>
        `${owner}: ${action} on ${resource}${used ? ' (others allow the same)' : ''}`,
    );
}

async function grantsOf({ shop }: WalkedShop): Promise<readonly ToldGrant[]> {
  const answer = await fetch(`${shop.cloud.endpointUrl}/_local/refusals/grants`);
  const { grants } = (await answer.json()) as { grants: readonly ToldGrant[] };
  return grants;
}

function keyOf({ statement, action, resource }: ToldGrant): string {
  return `${statement} ${action} ${resource}`;
}
