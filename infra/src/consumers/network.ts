import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { propertyAccess, Token } from 'cdktf';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { allow, policyDocument, type Statement } from '../functions/role.ts';

export interface NetworkProps {
  readonly config: Config;
  readonly accountId: string;
  /** ARNs of the tables and indexes that may be reached from inside. */
  readonly reached: readonly string[];
}

const RANGE = '10.20.0.0/22';
/** One subnet for each of two zones. */
const SUBNET_RANGES = ['10.20.0.0/24', '10.20.1.0/24'];
const HTTPS = 443;

/** With these Lambda puts a function into a subnet and takes it out again. */
const MOVE_INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];
const LOOK_AROUND = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'];

/**
 * A private network for what has no public address: the search and the cache, and the functions that use them. It has
 * no way to the internet and needs none: DynamoDB is reached by a gateway endpoint, which costs nothing, and the
 * functions inside call nothing else.
 */
export class Network extends Construct {
  readonly subnetIds: readonly string[];
  /** Where a function stands that is put into the network, as Lambda writes it. */
  readonly placement: { readonly subnetIds: string[]; readonly securityGroupIds: string[] };
  readonly #props: NetworkProps;
  readonly #vpcId: string;
  readonly #functionsGroupId: string;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    this.#props = props;
    const { config } = props;
    const named = (name: string) => ({ tags: { Name: `${config.prefix}-${name}` } });
    const { id: vpcId } = new Vpc(this, 'vpc', {
      cidrBlock: RANGE,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: config.prefix },
    });
    this.#vpcId = vpcId;
    const routes = new RouteTable(this, 'routes', { vpcId, ...named('private') });
    this.subnetIds = this.#subnets(routes.id, named);
    this.#functionsGroupId = this.#group('functions', 'Functions of the search and the cache').id;
    this.placement = {
      subnetIds: [...this.subnetIds],
      securityGroupIds: [this.#functionsGroupId],
    };
    this.#reachTables(routes.id);
  }

  /**
   * A security group for something that listens inside: the functions may call it at this port, and nobody else may.
   *
   * @returns the group's id.
   */
  listenerGroup(name: string, port: number): string {
    const group = this.#group(name, `What the functions reach at port ${port}`);
    const atPort = { ipProtocol: 'tcp', fromPort: port, toPort: port };
    new VpcSecurityGroupIngressRule(this, `${name}-from-functions`, {
      securityGroupId: group.id,
      referencedSecurityGroupId: this.#functionsGroupId,
      ...atPort,
    });
    new VpcSecurityGroupEgressRule(this, `functions-to-${name}`, {
      securityGroupId: this.#functionsGroupId,
      referencedSecurityGroupId: group.id,
      ...atPort,
    });
    return group.id;
  }

  /**
   * What Lambda needs of a function's role to put the function into the network. Lambda uses it, and the function's own
   * code may not: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
   */
  statementsFor(functionName: string): readonly Statement[] {
    const { config, accountId } = this.#props;
    const place = `${config.region}:${accountId}`;
    return [
      // An interface has no name before there is one, so the account's own are the narrowest there are.
      { Sid: 'InterfacesHaveNoNameYet', ...allow(MOVE_INTERFACES, [`arn:aws:ec2:${place}:*/*`]) },
      { Sid: 'Ec2DescribeKnowsNoResources', ...allow(LOOK_AROUND, ['*']) },
      {
        Sid: 'NotByTheCodeItself',
        Effect: 'Deny',
        Action: [...MOVE_INTERFACES, ...LOOK_AROUND],
        Resource: ['*'],
        Condition: {
          ArnEquals: { 'lambda:SourceFunctionArn': `arn:aws:lambda:${place}:function:${functionName}` },
        },
      },
    ];
  }

  #subnets(routeTableId: string, named: (name: string) => object): string[] {
    const zones = new DataAwsAvailabilityZones(this, 'zones', {
      state: 'available',
      // Without the zones that an account has to ask for first.
      filter: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }],
    });
    return SUBNET_RANGES.map((cidrBlock, index) => {
      const subnet = new Subnet(this, `subnet-${index + 1}`, {
        vpcId: this.#vpcId,
        cidrBlock,
        availabilityZone: Token.asString(propertyAccess(zones.names, [index])),
        ...named(`private-${index + 1}`),
      });
      new RouteTableAssociation(this, `subnet-${index + 1}-routes`, { subnetId: subnet.id, routeTableId });
      return subnet.id;
    });
  }

  /** A group that lets nothing in and, since Terraform takes AWS's own rule away, nothing out. */
  #group(name: string, description: string): SecurityGroup {
    return new SecurityGroup(this, name, {
      name: `${this.#props.config.prefix}-${name}`,
      description,
      vpcId: this.#vpcId,
    });
  }

  #reachTables(routeTableId: string): void {
    const { config, reached } = this.#props;
    const endpoint = new VpcEndpoint(this, 'dynamodb', {
      vpcId: this.#vpcId,
      vpcEndpointType: 'Gateway',
      serviceName: `com.amazonaws.${config.region}.dynamodb`,
      routeTableIds: [routeTableId],
      policy: policyDocument([
        {
          Effect: 'Allow',
          Principal: '*',
          Action: ['dynamodb:*'],
          Resource: reached,
        },
      ]),
    });
    new VpcSecurityGroupEgressRule(this, 'functions-to-dynamodb', {
      securityGroupId: this.#functionsGroupId,
      prefixListId: endpoint.prefixListId,
      ipProtocol: 'tcp',
      fromPort: HTTPS,
      toPort: HTTPS,
    });
  }
}
