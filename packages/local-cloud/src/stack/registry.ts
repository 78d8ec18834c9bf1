import type { ResourceType } from './resource-type.ts';
import { alarmTypes } from './types/alarms.ts';
import { analyticsTypes } from './types/analytics.ts';
import { apiTypes } from './types/apis.ts';
import { budgetTypes } from './types/budgets.ts';
import { bucketTypes } from './types/buckets.ts';
import { cacheTypes } from './types/caches.ts';
import { dataSourceTypes } from './types/data-sources.ts';
import { eventTypes } from './types/events.ts';
import { functionTypes } from './types/functions.ts';
import { mailTypes } from './types/mail.ts';
import { mappingTypes } from './types/mappings.ts';
import { networkTypes } from './types/network.ts';
import { observabilityTypes } from './types/observability.ts';
import { queueTypes } from './types/queues.ts';
import { roleTypes } from './types/roles.ts';
import { searchTypes } from './types/search.ts';
import { stateMachineTypes } from './types/state-machines.ts';
import { tableTypes } from './types/tables.ts';
import { topicTypes } from './types/topics.ts';

/** Every resource type and data source that is run or declared inert here; all others are refused. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [
    tableTypes,
    functionTypes,
    mappingTypes,
    stateMachineTypes,
    eventTypes,
    queueTypes,
    topicTypes,
    bucketTypes,
    apiTypes,
    roleTypes,
    mailTypes,
    networkTypes,
    searchTypes,
    cacheTypes,
    analyticsTypes,
    alarmTypes,
    budgetTypes,
    observabilityTypes,
    dataSourceTypes,
  ]
    .flat()
    .map((type) => [type.type, type]),
);
