import type { Stack } from './stack-view.ts';

/** Something about a synthesized stack that would fail, or give too much away, on AWS. */
export interface Finding {
  /** The rule's name. */
  readonly rule: string;
  /** The resource, as Terraform writes it. */
  readonly address: string;
  /** What is wrong, with the values involved. */
  readonly problem: string;
  /** What to do. */
  readonly remedy: string;
}

/** What is wrong with a resource, as a rule says it. */
export type Fault = Omit<Finding, 'rule'>;

/** Something that holds of every stack that may be deployed. */
export interface Rule {
  readonly name: string;
  readonly check: (stack: Stack) => readonly Fault[];
}

export function fault(resource: { readonly address: string }, problem: string, remedy: string): Fault {
  return { address: resource.address, problem, remedy };
}
