import type { FunctionConfig } from './model.ts';

/** The version that is called where none is named: the function as it is, published or not. */
export const LATEST = '$LATEST';

/** The version that a function's first publication has, and here its only one. */
export const FIRST_VERSION = '1';

/** A function's versions and aliases. */
export type Versions = Pick<FunctionConfig, 'version' | 'aliases'>;

/**
 * The version that a qualifier means; undefined where the function has neither an alias nor a version of that name.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
 */
export function versionOf({ version, aliases = [] }: Versions, qualifier = LATEST): string | undefined {
  if (qualifier === LATEST || qualifier === version) return qualifier;
  return aliases.find(({ name }) => name === qualifier)?.version;
}
