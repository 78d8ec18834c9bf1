import { synthesize } from '../testing/synthesized.ts';
import type { StackDocument } from './document.ts';
import { findingsIn } from './rules.ts';

/** Arguments that a test may change. */
export type Given = Record<string, unknown>;

/** One statement of a policy, as a test changes it. */
export interface DraftStatement {
  Effect: string;
  Action: string[];
  Resource: string[];
  [field: string]: unknown;
}

/** A way to break a stack, and what is found then: the address without the hash at its end, and the problem. */
export interface Breakage {
  readonly how: string;
  readonly rule: string;
  readonly breaks: (stack: Draft) => void;
  readonly found: readonly string[];
  /** Whether what other rules find is of no account. */
  readonly only?: true;
  /** How events come to their consumers; queued where nothing is said. */
  readonly delivery?: 'direct';
}

/** Words for ways to break a rule: how the stack is broken, by what, and what is found then. */
export const broken =
  (rule: string, delivery?: 'direct') =>
  (how: string, breaks: (stack: Draft) => void, ...found: string[]): Breakage => ({
    how,
    rule,
    breaks,
    found,
    ...(delivery && { delivery }),
  });

const SYNTHESIZED = {
  queued: synthesize().text,
  direct: synthesize({ ORDERSTREAM_DELIVERY: 'direct' }).text,
};

/** A copy of the stack as it is synthesized, to be broken in one place. */
export class Draft {
  readonly #resource: Record<string, Record<string, Given>>;
  readonly #data: Record<string, Record<string, Given>>;
  readonly #document: StackDocument;

  constructor(delivery: keyof typeof SYNTHESIZED = 'queued') {
    const document = JSON.parse(SYNTHESIZED[delivery]);
    this.#document = document;
    this.#resource = document.resource;
    this.#data = document.data;
  }

  /** The arguments of the resource with this type, and this id before its hash. */
  at(type: string, id: string): Given {
    const [found, ...others] = this.#idsOf(type, id);
    const given = found === undefined ? undefined : this.#resource[type]?.[found];
    if (given === undefined || others.length > 0) throw new Error(`${1 + others.length} or no ${type}.${id}`);
    return given;
  }

  add(type: string, id: string, given: Readonly<Given>): void {
    this.#resource[type] = { ...this.#resource[type], [id]: given };
  }

  addData(type: string, id: string, given: Readonly<Given>): void {
    this.#data[type] = { ...this.#data[type], [id]: given };
  }

  remove(type: string, id: string): void {
    const [found] = this.#idsOf(type, id);
    if (found === undefined) throw new Error(`no ${type}.${id}`);
    const left = Object.entries(this.#resource[type] ?? {}).filter(([one]) => one !== found);
    this.#resource[type] = Object.fromEntries(left);
  }

  /** Takes every resource of a type out. */
  empty(type: string): void {
    this.#resource[type] = {};
  }

  /** `${type.id.attribute}` of a resource, by its id before the hash. */
  reference(type: string, id: string, attribute: string): string {
    const [found] = this.#idsOf(type, id);
    if (found === undefined) throw new Error(`no ${type}.${id}`);
    return `\${${type}.${found}.${attribute}}`;
  }

  /** Changes the statements of a policy; what is returned replaces them. */
  statements(
    [type, id, argument = 'policy']: readonly [type: string, id: string, argument?: string],
    change: (statements: DraftStatement[]) => readonly object[],
  ): void {
    const given = this.at(type, id);
    const policy: { Statement: DraftStatement[] } = JSON.parse(String(given[argument]));
    given[argument] = JSON.stringify({ ...policy, Statement: change(policy.Statement) });
  }

  /** Lets a role do something more. */
  allow(role: string, statement: object): void {
    this.statements(['aws_iam_role_policy', role], (all) => [...all, { Effect: 'Allow', ...statement }]);
  }

  /** Takes an action out of a role's policy. */
  forbid(role: string, action: string): void {
    this.statements(['aws_iam_role_policy', role], (all) =>
      all.map((one) =>
        one.Effect === 'Allow' ? { ...one, Action: one.Action.filter((each) => each !== action) } : one,
      ),
    );
  }

  /** What is found in it, as `address: problem`: without the hashes of ids, and `#` for the size of what is too large. */
  findings(): { rule: string; text: string }[] {
    return findingsIn(this.#document).map(({ rule, address, problem }) => ({
      rule,
      text: `${address}: ${problem}`
        .replace(/_[\dA-F]{8}(?![\dA-Za-z_])/g, '')
        .replace(/: has \d+ /, ': has # '),
    }));
  }

  #idsOf(type: string, id: string): string[] {
    return Object.keys(this.#resource[type] ?? {}).filter((one) => one.replace(/_[\dA-F]{8}$/, '') === id);
  }
}
