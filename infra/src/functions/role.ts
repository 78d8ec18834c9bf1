import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';

/** One statement of a policy, as IAM writes it. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | { readonly Service: string } | { readonly AWS: readonly string[] };
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Condition?: Conditions;
}

/** Condition operator → condition key → value, or values of which one must fit. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export function allow(actions: readonly string[], resources: readonly string[]): Statement {
  return { Effect: 'Allow', Action: actions, Resource: resources };
}

/** Allows this only for items whose partition keys all fit one of these patterns: other rows of the table are others' business. */
export function allowItems(
  actions: readonly string[],
  resources: readonly string[],
  keys: readonly string[],
): Statement {
  return {
    ...allow(actions, resources),
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
  };
}

export function policyDocument(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** Sending traces. X-Ray knows no resource for these actions, so `*` is the narrowest there is. */
export const SEND_TRACES: Statement = {
  Sid: 'XRayKnowsNoResources',
  ...allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], ['*']),
};

export interface ServiceRoleProps {
  readonly name: string;
  /** The one service that may take the role: `lambda.amazonaws.com`. */
  readonly service: string;
  /** For which of the account's resources the service may take it, where the service says so. */
  readonly conditions?: Conditions;
  readonly statements: readonly Statement[];
}

/** A role that one AWS service takes, with one policy that says all it may do. */
export class ServiceRole extends Construct {
  readonly arn: string;
  /** To be depended on by what needs the permissions when it is created. */
  readonly policy: IamRolePolicy;

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const trust: Statement = {
      Effect: 'Allow',
      Principal: { Service: props.service },
      Action: ['sts:AssumeRole'],
      ...(props.conditions === undefined ? {} : { Condition: props.conditions }),
    };
    const role = new IamRole(this, 'role', {
      name: props.name,
      assumeRolePolicy: policyDocument([trust]),
    });
    this.arn = role.arn;
    this.policy = new IamRolePolicy(this, 'policy', {
      name: props.name,
      role: role.name,
      policy: policyDocument(props.statements),
    });
  }
}
