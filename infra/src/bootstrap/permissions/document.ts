import { isDeepStrictEqual } from 'node:util';
import type { Statement } from '../../functions/role.ts';

/** Characters of a managed policy, white space not counted (IAM quotas). */
export const MOST_CHARACTERS = 6_144;

/** A statement as the stack writes them, and as one that trusts an identity provider. */
export interface PolicyStatement extends Omit<Statement, 'Principal'> {
  readonly Principal?: Statement['Principal'] | { readonly Federated: string };
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

export function document(statements: readonly PolicyStatement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

/**
 * Spreads statements over as many documents as a managed policy's size makes necessary, in their order.
 * @throws Error for a statement that is too large for a document of its own.
 */
export function split(statements: readonly Statement[], most: number = MOST_CHARACTERS): PolicyDocument[] {
  const documents: Statement[][] = [];
  for (const statement of statements) {
    const last = documents.at(-1);
    if (last !== undefined && sizeOf([...last, statement]) <= most) last.push(statement);
    else documents.push([statement]);
  }
  const tooLarge = documents.find((one) => sizeOf(one) > most);
  if (tooLarge) {
    throw new Error(
      `A statement has ${sizeOf(tooLarge)} characters, a policy may have ${most}: give it fewer actions or resources (${JSON.stringify(tooLarge).slice(0, 120)}…).`,
    );
  }
  return documents.map(document);
}

function sizeOf(statements: readonly Statement[]): number {
  return JSON.stringify(document(statements)).length;
}

/** Whether two policies say the same: AWS may write a list of one as a value, and knows no order in a list or an object. */
export function sameDocument(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(canonical(one), canonical(other));
}

/** Also for text that is no JSON, which is like nothing but itself. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const members = value.map(canonical);
    if (members.length === 1) return members[0];
    return members.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, member]) => [key, canonical(member)] as const);
    return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
  return value;
}
