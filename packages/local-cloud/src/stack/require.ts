import type { Draft } from './draft.ts';

const NOUNS = {
  functions: 'function',
  queues: 'queue',
  topics: 'topic',
  buckets: 'bucket',
  buses: 'bus',
  stateMachines: 'state machine',
} as const;

interface Mention {
  readonly address: string;
  /** The argument that holds the ARN. */
  readonly argument: string;
  readonly arn: string | undefined;
}

/** Reports an ARN that belongs to nothing in the stack of the kinds that may stand there. */
export function requireArn(
  draft: Draft,
  kinds: readonly (keyof typeof NOUNS)[],
  { address, argument, arn }: Mention,
  problems: string[],
): void {
  if (arn === undefined) return;
  const unqualified = arn.replace(/(:function:[^:]+):.+$/, '$1');
  if (kinds.some((kind) => draft[kind].some((resource) => resource.arn === unqualified))) return;
  const nouns = kinds.map((kind) => NOUNS[kind]).join(', ');
  problems.push(`${address}: argument "${argument}" is ${arn}, which is no ${nouns} of this stack`);
}

/** Reports the name of a function that is not in the stack. */
export function requireFunction(
  draft: Draft,
  { address, functionName }: { readonly address: string; readonly functionName: string },
  problems: string[],
): void {
  if (draft.functions.some(({ name }) => name === functionName)) return;
  problems.push(`${address}: function "${functionName}" is not in this stack`);
}
