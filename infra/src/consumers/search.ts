import { OpensearchDomain } from '@cdktf/provider-aws/lib/opensearch-domain';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import type { Network } from './network.ts';
import { allow, type Statement } from '../functions/role.ts';

export interface SearchProps {
  readonly config: Config;
  readonly accountId: string;
  readonly network: Network;
}

/**
 * The product search: an OpenSearch domain inside the network. It has no policy of its own: whoever may call it has that
 * from the policy of their role, https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
 *
 * OpenSearch enters a network by a role that belongs to the account and not to one deployment, so the stack does not
 * make it; an account without it needs, once,
 * `aws iam create-service-linked-role --aws-service-name opensearchservice.amazonaws.com`.
 */
export class Search extends Construct {
  readonly url: string;
  /** Finding products by the alias that is read. */
  readonly find: Statement;
  /** Keeping the indexes. */
  readonly index: Statement;

  constructor(scope: Construct, id: string, { config, accountId, network }: SearchProps) {
    super(scope, id);
    const isProd = config.environment === 'prod';
    const arn = `arn:aws:es:${config.region}:${accountId}:domain/${config.prefix}`;
    this.find = allow(['es:ESHttpPost'], [`${arn}/products/_search`]);
    this.index = allow(['es:ESHttpGet', 'es:ESHttpPut', 'es:ESHttpPost'], [`${arn}/*`]);
    const domain = new OpensearchDomain(this, 'domain', {
      domainName: config.prefix,
      engineVersion: 'OpenSearch_2.19',
      clusterConfig: {
        instanceType: 't3.small.search',
        instanceCount: isProd ? 2 : 1,
        zoneAwarenessEnabled: isProd,
        ...(isProd ? { zoneAwarenessConfig: { availabilityZoneCount: 2 } } : {}),
      },
      ebsOptions: { ebsEnabled: true, volumeType: 'gp3', volumeSize: 10 },
      encryptAtRest: { enabled: true },
      nodeToNodeEncryption: { enabled: true },
      domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: 'Policy-Min-TLS-1-2-PFS-2023-10' },
      vpcOptions: {
        // As many subnets as zones: OpenSearch refuses any other number.
        subnetIds: network.subnetIds.slice(0, isProd ? 2 : 1),
        securityGroupIds: [network.listenerGroup('search', 443)],
      },
    });
    // The local cloud answers without TLS.
    this.url = `${config.environment === 'local' ? 'http' : 'https'}://${domain.endpoint}`;
  }
}
