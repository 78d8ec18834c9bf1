import type { Draft } from './draft.ts';
import type { Stack } from './model.ts';
import { linkResourcePolicies } from './resource-policies.ts';
import { linkAlarms } from './types/alarms.ts';
import { linkApis } from './types/apis.ts';
import { linkBudgets } from './types/budgets.ts';
import { linkBuckets } from './types/buckets.ts';
import { linkCache } from './types/caches.ts';
import { linkArchives, linkRules } from './types/events.ts';
import { linkFunctions } from './types/functions.ts';
import { linkMail } from './types/mail.ts';
import { linkMappings } from './types/mappings.ts';
import { linkQueues } from './types/queues.ts';
import { linkRoles } from './types/roles.ts';
import { linkSearch } from './types/search.ts';
import { linkMailSubscriptions, linkSubscriptions } from './types/topics.ts';

type Parts = Omit<Stack, 'name' | 'region' | 'accountId' | 'directory' | 'outputs' | 'inert'>;

/** Puts together what the resources amount to; what belongs to nothing in the stack becomes a problem. */
export function link(draft: Draft, problems: string[]): Parts {
  return {
    tables: draft.tables,
    functions: linkFunctions(draft, problems),
    mappings: linkMappings(draft, problems),
    stateMachines: draft.stateMachines,
    buses: draft.buses,
    archives: linkArchives(draft, problems),
    ...linkRules(draft, problems),
    queues: linkQueues(draft, problems),
    topics: draft.topics,
    subscriptions: linkSubscriptions(draft, problems),
    mailSubscriptions: linkMailSubscriptions(draft, problems),
    alarms: linkAlarms(draft, problems),
    budgets: linkBudgets(draft, problems),
    buckets: linkBuckets(draft, problems),
    apis: linkApis(draft, problems),
    roles: linkRoles(draft, problems),
    resourcePolicies: linkResourcePolicies(draft),
    vpcEndpoints: draft.vpcEndpoints,
    search: linkSearch(draft, problems),
    cache: linkCache(draft, problems),
    ...linkMail(draft, problems),
  };
}
