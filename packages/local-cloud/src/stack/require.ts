import { functionReference, qualified } from './arns.ts';
import type { Draft, NamedFunction } from './draft.ts';
import { LATEST } from './versions.ts';

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
  const isThere = kinds.some((kind) => draft[kind].some((resource) => resource.arn === unqualified));
  if (isThere && (unqualified === arn || isQualifier(draft, functionReference(arn)))) return;
  const nouns = kinds.map((kind) => NOUNS[kind]).join(', ');
  problems.push(`${address}: argument "${argument}" is ${arn}, which is no ${nouns} of this stack`);
}

/** Reports a function, or an alias or version of one, that is not in the stack. */
export function requireFunction(
  draft: Draft,
  { address, functionName, qualifier }: NamedFunction & { readonly address: string },
  problems: string[],
): void {
  if (!draft.functions.some(({ name }) => name === functionName)) {
    problems.push(`${address}: function "${functionName}" is not in this stack`);
  } else if (!isQualifier(draft, { functionName, qualifier })) {
    problems.push(
      `${address}: function "${qualified(functionName, qualifier)}" is not in this stack. Refer to an alias of it`,
    );
  }
}

/** Whether a function has an alias, or a version, of this name. */
function isQualifier(
  { functions, aliases }: Draft,
  { functionName, qualifier = LATEST }: NamedFunction,
): boolean {
  if (qualifier === LATEST) return true;
  const version = functions.find(({ name }) => name === functionName)?.version;
  return (
    qualifier === version ||
    aliases.some((one) => one.functionName === functionName && one.alias.name === qualifier)
  );
}
