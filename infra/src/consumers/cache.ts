import { ElasticacheReplicationGroup } from '@cdktf/provider-aws/lib/elasticache-replication-group';
import { ElasticacheSubnetGroup } from '@cdktf/provider-aws/lib/elasticache-subnet-group';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import type { Network } from './network.ts';

export interface CacheProps {
  readonly config: Config;
  readonly network: Network;
}

const PORT = 6379;

/** The cache of products and orders: Valkey inside the network, where only the functions reach it. */
export class Cache extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { config, network }: CacheProps) {
    super(scope, id);
    const isLocal = config.environment === 'local';
    const isProd = config.environment === 'prod';
    const subnets = new ElasticacheSubnetGroup(this, 'subnets', {
      name: config.prefix,
      subnetIds: [...network.subnetIds],
    });
    const group = new ElasticacheReplicationGroup(this, 'group', {
      replicationGroupId: config.prefix,
      description: 'Products and orders as the tables have them',
      engine: 'valkey',
      engineVersion: '8.0',
      nodeType: 'cache.t4g.micro',
      numCacheClusters: isProd ? 2 : 1,
      automaticFailoverEnabled: isProd,
      multiAzEnabled: isProd,
      // Given, since the provider computes none: a reference to a port that is not set is null.
      port: PORT,
      subnetGroupName: subnets.name,
      securityGroupIds: [network.listenerGroup('cache', PORT)],
      atRestEncryptionEnabled: 'true',
      // The local cloud's server speaks without TLS.
      transitEncryptionEnabled: !isLocal,
      // It is filled again from the tables.
      snapshotRetentionLimit: 0,
    });
    // By reference, so that whoever runs the stack may choose another port.
    this.url = `${isLocal ? 'redis' : 'rediss'}://${group.primaryEndpointAddress}:${group.port}`;
  }
}
