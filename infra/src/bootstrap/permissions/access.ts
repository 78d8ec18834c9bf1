import type { Conditions } from '../../functions/role.ts';

/** Where an environment stands, as far as its ARNs say it. */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** Begins every name: `orderstream-dev`. */
  readonly prefix: string;
  /** Whether a bucket may be deleted with what is in it, and smoke orders be placed after a deployment. */
  readonly isForTrials: boolean;
  /** The managed policy that every role of the stack has to carry. */
  readonly boundaryArn: string;
  /** An orders table that is there already and not called as the stack's. */
  readonly ordersTable: string | undefined;
}

/** What Terraform does with resources of one type. */
export interface Access {
  readonly resources: readonly string[];
  /** To find out what is there: what a plan needs. */
  readonly read?: readonly string[];
  /** To make, change and delete it. */
  readonly write?: readonly string[];
  readonly condition?: Conditions;
}

/** What Terraform needs for one type of resource, by its place. */
export type Row = (place: Place) => readonly Access[];

/** Rows by Terraform's type; of a data source with `data.` before it. */
export type Rows = Readonly<Record<string, Row>>;

/** An ARN of the account in its region. */
export function arn({ region, account }: Place, service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

/** `iam:CreateRole` and so on, of their shared service. */
export function of(service: string, ...actions: readonly string[]): string[] {
  return actions.map((action) => `${service}:${action}`);
}

/** One action each for making tags, taking them away and reading them, where a service calls them so. */
export const TAGGING = ['TagResource', 'UntagResource'] as const;
