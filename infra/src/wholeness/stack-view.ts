import { block, text, textsIn, referencesIn, type Resource, type StackDocument } from './document.ts';
import { Physical } from './physical.ts';
import { allows, policiesOf, statementsIn, type Policy, type PolicyStatement } from './policy.ts';

/** A function that something calls, and the alias by which it does. */
export interface Called {
  readonly lambda: Resource;
  /** The alias' ARN, or the function's own. */
  readonly arn: string;
}

/** A synthesized stack, with the questions that rules ask of it. */
export class Stack {
  readonly document: StackDocument;
  readonly resources: readonly Resource[];
  readonly dataSources: readonly Resource[];
  readonly #byAddress: ReadonlyMap<string, Resource>;
  readonly #byArn: ReadonlyMap<string, Resource>;
  readonly #called: ReadonlyMap<string, Called>;
  readonly #physical: Physical;
  #policies: readonly Policy[] | undefined;
  readonly #grants = new Map<string, readonly PolicyStatement[]>();

  constructor(document: StackDocument) {
    this.document = document;
    this.resources = listed(document.resource, '');
    this.dataSources = listed(document.data ?? {}, 'data.');
    const all = [...this.resources, ...this.dataSources];
    this.#byAddress = new Map(all.map((one) => [one.address, one]));
    const region = text(block(document.provider['aws'])['region']);
    this.#physical = new Physical((address) => this.#byAddress.get(address), region);
    this.#byArn = new Map(all.map((one) => [this.#physical.arnOf(one), one]));
    this.#called = this.#callable();
  }

  ofType(...types: readonly string[]): readonly Resource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** The resource or data source with this address. */
  at(address: string): Resource | undefined {
    return this.#byAddress.get(address);
  }

  /** The resource that has exactly this ARN, or whose stream has. */
  withArn(arn: string): Resource | undefined {
    return this.#byArn.get(arn.replace(/\/stream\/[^/]+$/, ''));
  }

  /** A text as it comes out on AWS: every reference replaced by a name, an ARN or an address. */
  render(value: unknown): string {
    return this.#physical.render(text(value));
  }

  /** Every policy document of the stack's resources. */
  get policies(): readonly Policy[] {
    this.#policies ??= this.resources.flatMap((one) => policiesOf(one, (written) => this.render(written)));
    return this.#policies;
  }

  nameOf(one: Resource): string {
    return this.#physical.nameOf(one);
  }

  arnOf(one: Resource): string {
    return this.#physical.arnOf(one);
  }

  /** The function that an ARN, a name or an invocation address means, also by way of an alias. */
  functionAt(value: unknown): Called | undefined {
    const rendered = this.render(value);
    return this.#called.get(/functions\/(.+)\/invocations$/.exec(rendered)?.[1] ?? rendered);
  }

  /** Addresses of what a value refers to, however deep. */
  referredTo(value: unknown): readonly string[] {
    return textsIn(value).flatMap((one) => referencesIn(one).map(({ address }) => address));
  }

  /** Everything that the role with this ARN may and may not do, with the references replaced. */
  grantsOf(roleArn: unknown): readonly PolicyStatement[] {
    const arn = this.render(roleArn);
    const known = this.#grants.get(arn) ?? this.#readGrants(arn);
    this.#grants.set(arn, known);
    return known;
  }

  #readGrants(roleArn: string): readonly PolicyStatement[] {
    const role = this.withArn(roleArn);
    if (role === undefined) return [];
    const name = this.nameOf(role);
    return this.ofType('aws_iam_role_policy')
      .filter((policy) => this.render(policy.arguments['role']) === name)
      .flatMap((policy) => statementsIn(this.render(policy.arguments['policy'])));
  }

  /** Whether a role may do all of this to something with this ARN. */
  roleMay(roleArn: unknown, actions: readonly string[], arn: string): boolean {
    const grants = this.grantsOf(roleArn);
    return actions.every((action) => allows(grants, action, arn));
  }

  #callable(): ReadonlyMap<string, Called> {
    const called = new Map<string, Called>();
    for (const lambda of this.ofType('aws_lambda_function')) {
      const one = { lambda, arn: this.arnOf(lambda) };
      called.set(one.arn, one).set(this.nameOf(lambda), one);
    }
    for (const alias of this.ofType('aws_lambda_alias')) {
      const behind = called.get(this.render(alias.arguments['function_name']));
      if (behind === undefined) continue;
      const one = { lambda: behind.lambda, arn: this.arnOf(alias) };
      called.set(one.arn, one).set(`${this.nameOf(behind.lambda)}:${this.nameOf(alias)}`, one);
    }
    return called;
  }
}

function listed(all: StackDocument['resource'], prefix: string): Resource[] {
  return Object.entries(all).flatMap(([type, ofType]) =>
    Object.entries(ofType).map(([id, given]) => ({
      type,
      id,
      address: `${prefix}${type}.${id}`,
      arguments: given,
    })),
  );
}
