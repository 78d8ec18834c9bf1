import type { IAMClient } from '@aws-sdk/client-iam';
import { planBucket } from './bucket.ts';
import type { Clients, Item } from './change.ts';
import type { Desired, DesiredRole } from './desired.ts';
import { planPolicy, planProvider, planRemoval, planRole } from './identity.ts';
import { lookAtBucket } from './look-bucket.ts';
import { lookAtPolicy, lookAtProvider, lookAtRole } from './look-identity.ts';
import { hasOwnerTag, iamArn, partName } from './names.ts';

/**
 * Looks at everything and compares. Nothing is changed, and what would be refused is refused before anything is.
 * @throws BootstrapError for what belongs to somebody else.
 */
export async function lookAndCompare({ iam, s3 }: Clients, desired: Desired): Promise<Item[]> {
  const { account, region, stateBucket, providerArn, policies, roles } = desired;
  const place = { name: stateBucket, account, region };
  const items = [
    planBucket(await lookAtBucket(s3, place), place),
    planProvider(await lookAtProvider(iam, providerArn), providerArn),
  ];
  for (const policy of policies) items.push(planPolicy(await lookAtPolicy(iam, policy.arn), policy));
  for (const role of roles) items.push(planRole(await lookAtRole(iam, role.name), role));
  for (const role of roles) items.push(...(await surplusPolicies(iam, account, role)));
  return items;
}

/**
 * The policies behind a role's last one, from a time when its permissions filled more of them. The last is deleted first,
 * so that none is overlooked after a run that stopped between them.
 */
async function surplusPolicies(iam: IAMClient, account: string, role: DesiredRole): Promise<Item[]> {
  const items: Item[] = [];
  for (let number = role.policyArns.length + 1; ; number += 1) {
    const name = partName(role.name, number);
    const arn = iamArn(account, `policy/${name}`);
    const found = await lookAtPolicy(iam, arn);
    if (!found || !hasOwnerTag(found.tags)) return items.toReversed();
    items.push(planRemoval(found, name, arn));
  }
}

/** Makes every change, in order; after a failure the next run goes on from there. */
export async function applyAll(clients: Clients, items: readonly Item[]): Promise<void> {
  for (const { changes } of items) for (const { apply } of changes) await apply(clients);
}
