import * as z from 'zod';
import { args, flag, inert, refused, text, whole } from '../arguments.ts';
import { arn } from '../arns.ts';
import type { Draft } from '../draft.ts';
import type { CacheGroup } from '../model.ts';
import { inertType, resourceType } from '../resource-type.ts';
import { REACHES_EVERYTHING } from './network.ts';

const ONE_PROCESS = 'the cache is one process on this machine, in memory';
const NO_CLUSTER = 'Use "num_cache_clusters": a cache of several shards is not run here';
const NO_USERS = 'Remove it: the cache answers whoever reaches it, on this machine only';

const group = resourceType({
  type: 'aws_elasticache_replication_group',
  schema: args({
    replication_group_id: text,
    description: inert('it is for people'),
    engine: z.enum(['valkey', 'redis'], { error: 'must be valkey or redis' }).default('redis'),
    engine_version: inert('the server that is installed is run, or the built-in one'),
    node_type: inert('the cache may take 64 MB here'),
    num_cache_clusters: inert(ONE_PROCESS),
    port: whole(1, 65_535).default(6379),
    parameter_group_name: inert('the server is set by the local cloud: the least recently used goes first'),
    subnet_group_name: inert(REACHES_EVERYTHING),
    security_group_ids: inert(REACHES_EVERYTHING),
    network_type: inert(REACHES_EVERYTHING),
    ip_discovery: inert(REACHES_EVERYTHING),
    at_rest_encryption_enabled: inert(ONE_PROCESS),
    kms_key_id: inert(ONE_PROCESS),
    automatic_failover_enabled: inert(ONE_PROCESS),
    multi_az_enabled: inert(ONE_PROCESS),
    preferred_cache_cluster_azs: inert(ONE_PROCESS),
    data_tiering_enabled: inert(ONE_PROCESS),
    maintenance_window: inert(ONE_PROCESS),
    auto_minor_version_upgrade: inert(ONE_PROCESS),
    apply_immediately: inert(ONE_PROCESS),
    notification_topic_arn: inert(ONE_PROCESS),
    log_delivery_configuration: inert(ONE_PROCESS),
    snapshot_retention_limit: inert('the cache is not kept here'),
    snapshot_window: inert('the cache is not kept here'),
    final_snapshot_identifier: inert('the cache is not kept here'),
    transit_encryption_enabled: flag
      .refine((on) => !on, { error: 'TLS is not spoken here: leave it off in the local environment' })
      .default(false),
    transit_encryption_mode: refused('TLS is not spoken here: leave it off in the local environment'),
    auth_token: refused(NO_USERS),
    auth_token_update_strategy: refused(NO_USERS),
    user_group_ids: refused(NO_USERS),
    cluster_mode: refused(NO_CLUSTER),
    num_node_groups: refused(NO_CLUSTER),
    replicas_per_node_group: refused(NO_CLUSTER),
    node_group_configuration: refused(NO_CLUSTER),
    global_replication_group_id: refused('Remove it: there is one region here'),
    snapshot_arns: refused('Remove it: the cache starts empty here'),
    snapshot_name: refused('Remove it: the cache starts empty here'),
  }),
  // The local cloud chooses the port: a reference to it finds that one, and not what the argument says.
  attributes({ replication_group_id, port: wanted }, place, address) {
    const { host, port } = place.cacheAddress(replication_group_id, wanted, address);
    return {
      id: replication_group_id,
      arn: arn('elasticache', `replicationgroup:${replication_group_id}`, place),
      port,
      primary_endpoint_address: host,
      reader_endpoint_address: host,
      cluster_enabled: false,
    };
  },
  contribute: ({ args, attributes: { primary_endpoint_address: host, port } }, draft) =>
    draft.caches.push({ id: args.replication_group_id, host, port }),
});

const subnetGroup = inertType('aws_elasticache_subnet_group', REACHES_EVERYTHING, 'name', (name, place) => ({
  id: name,
  arn: arn('elasticache', `subnetgroup:${name}`, place),
}));

export const cacheTypes = [group, subnetGroup];

/** The cache of the stack; one is run here. */
export function linkCache({ caches }: Draft, problems: string[]): CacheGroup | undefined {
  const [first, second] = caches;
  if (first && second)
    problems.push(`there are two caches, "${first.id}" and "${second.id}": one is run here. Remove one`);
  return first;
}
