import { SearchError, validationError } from './errors.ts';

/** What a write says about the version of its document. */
export type Versioning =
  { readonly type: 'internal' } | { readonly type: 'external' | 'external_gte'; readonly version: number };

export const INTERNAL: Versioning = { type: 'internal' };

/**
 * Reads the version of a write, in the words of a URL or of a bulk request's line.
 *
 * @throws action_request_validation_exception for an external version that is none, and for an internal one.
 */
export function versioningIn(version: unknown, type: unknown): Versioning {
  switch (type) {
    case undefined:
    case 'internal':
      if (version === undefined) return INTERNAL;
      throw validationError(
        'internal versioning can not be used for optimistic concurrency control. Please use `if_seq_no` and `if_primary_term` instead',
      );
    case 'external':
    case 'external_gt':
      return { type: 'external', version: versionIn(version, 'EXTERNAL') };
    case 'external_gte':
      return { type: 'external_gte', version: versionIn(version, 'EXTERNAL_GTE') };
    default:
      throw new SearchError('illegal_argument_exception', `No version type match [${String(type)}]`);
  }
}

function versionIn(value: unknown, type: string): number {
  const version = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof version === 'number' && Number.isSafeInteger(version) && version >= 0) return version;
  throw validationError(`illegal version value [${String(value ?? -3)}] for version type [${type}]`);
}

/**
 * The version that a document has after a write.
 *
 * @param current its version now; that of its removal for a while after one; undefined when there was never one.
 * @returns a conflict in OpenSearch's words when the write comes too late.
 */
export function nextVersion(
  current: number | undefined,
  versioning: Versioning,
): number | { conflict: string } {
  if (versioning.type === 'internal') return (current ?? 0) + 1;
  const { type, version } = versioning;
  if (current === undefined || version > current) return version;
  if (type === 'external_gte' && version === current) return version;
  const relation = type === 'external' ? 'higher or equal to' : 'higher than';
  return { conflict: `current version [${current}] is ${relation} the one provided [${version}]` };
}
