import { type Access, type Place, type Rows, arn, of } from './access.ts';

/**
 * EC2 gives its resources ids that nobody chooses. Making them is allowed in the region; changing and deleting them only
 * where they carry the tags that the stack gives to everything.
 */
const network = (place: Place, made: readonly string[], changed: readonly string[]): readonly Access[] => {
  const own = {
    StringEquals: {
      'aws:ResourceTag/project': 'orderstream',
      'aws:ResourceTag/environment': place.prefix.slice('orderstream-'.length),
    },
  };
  const everything = [arn(place, 'ec2', '*/*')];
  return [
    {
      resources: ['*'],
      read: of(
        'ec2',
        ...['DescribeVpcs', 'DescribeVpcAttribute', 'DescribeSubnets', 'DescribeSecurityGroups'],
        ...[
          'DescribeSecurityGroupRules',
          'DescribeRouteTables',
          'DescribeVpcEndpoints',
          'DescribePrefixLists',
        ],
        ...['DescribeNetworkAcls', 'DescribeNetworkInterfaces', 'DescribeAvailabilityZones'],
        ...['DescribeFlowLogs', 'DescribeTags'],
      ),
    },
    { resources: everything, write: of('ec2', ...made) },
    { resources: everything, write: of('ec2', ...changed, 'CreateTags', 'DeleteTags'), condition: own },
    {
      resources: everything,
      write: of('ec2', 'CreateTags'),
      condition: { StringLike: { 'ec2:CreateAction': '*' } },
    },
  ];
};

const rules = (place: Place) =>
  network(
    place,
    [],
    [
      ...['AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress', 'RevokeSecurityGroupIngress'],
      ...['RevokeSecurityGroupEgress', 'ModifySecurityGroupRules'],
    ],
  );

/**
 * Lambda leaves its interfaces behind for a while when a function goes, without tags of ours; the provider waits until they
 * are let go of, and deletes them before their security group and subnet. EC2 deletes none that is in use.
 */
const leftInterfaces = (place: Place): Access => ({
  resources: [arn(place, 'ec2', 'network-interface/*')],
  write: of('ec2', 'DeleteNetworkInterface'),
});

/** A service's own role, which it makes an account's first network interfaces with. */
const serviceLinkedRole = (place: Place, service: string): Access => ({
  resources: [`arn:aws:iam::${place.account}:role/aws-service-role/${service}/*`],
  write: of('iam', 'CreateServiceLinkedRole'),
  condition: { StringEquals: { 'iam:AWSServiceName': service } },
});

const caches = (place: Place): readonly Access[] => [
  {
    resources: ['replicationgroup', 'cluster', 'subnetgroup'].map((kind) =>
      arn(place, 'elasticache', `${kind}:${place.prefix}*`),
    ),
    read: of(
      'elasticache',
      ...['DescribeReplicationGroups', 'DescribeCacheClusters', 'DescribeCacheSubnetGroups'],
      'ListTagsForResource',
    ),
    write: of(
      'elasticache',
      ...['CreateReplicationGroup', 'ModifyReplicationGroup', 'DeleteReplicationGroup'],
      ...['ModifyReplicationGroupShardConfiguration', 'IncreaseReplicaCount', 'DecreaseReplicaCount'],
      ...['CreateCacheSubnetGroup', 'ModifyCacheSubnetGroup', 'DeleteCacheSubnetGroup'],
      ...['AddTagsToResource', 'RemoveTagsFromResource'],
    ),
  },
  // A new group is checked against the parameters that it takes, which AWS gives to every account.
  {
    resources: [arn(place, 'elasticache', 'parametergroup:default.*')],
    write: of('elasticache', 'CreateReplicationGroup', 'ModifyReplicationGroup'),
  },
  serviceLinkedRole(place, 'elasticache.amazonaws.com'),
];

/** The network of what stands in one, and the search and the cache that stand in it. */
export const NETWORK_ROWS: Rows = {
  'data.aws_availability_zones': (place) => network(place, [], []),
  aws_vpc: (place) => network(place, ['CreateVpc'], ['ModifyVpcAttribute', 'DeleteVpc']),
  aws_subnet: (place) => [
    ...network(place, ['CreateSubnet'], ['ModifySubnetAttribute', 'DeleteSubnet']),
    leftInterfaces(place),
  ],
  aws_route_table: (place) =>
    network(place, ['CreateRouteTable'], ['DeleteRouteTable', 'CreateRoute', 'ReplaceRoute', 'DeleteRoute']),
  aws_route_table_association: (place) =>
    network(place, [], ['AssociateRouteTable', 'DisassociateRouteTable', 'ReplaceRouteTableAssociation']),
  aws_security_group: (place) => [
    ...network(place, ['CreateSecurityGroup'], ['DeleteSecurityGroup']),
    ...rules(place),
    leftInterfaces(place),
  ],
  aws_vpc_security_group_egress_rule: rules,
  aws_vpc_security_group_ingress_rule: rules,
  aws_vpc_endpoint: (place) =>
    network(place, ['CreateVpcEndpoint'], ['ModifyVpcEndpoint', 'DeleteVpcEndpoints']),
  aws_elasticache_replication_group: caches,
  aws_elasticache_subnet_group: caches,
  aws_opensearch_domain: (place) => [
    {
      resources: [arn(place, 'es', `domain/${place.prefix}*`)],
      read: of('es', 'DescribeDomain*', 'GetCompatibleVersions', 'ListTags'),
      write: of(
        'es',
        ...['CreateDomain', 'UpdateDomainConfig', 'DeleteDomain', 'UpgradeDomain', 'GetUpgradeStatus'],
        ...['AddTags', 'RemoveTags'],
      ),
    },
    serviceLinkedRole(place, 'opensearchservice.amazonaws.com'),
  ],
};
