import type { IAMClient } from '@aws-sdk/client-iam';
import type { S3Client } from '@aws-sdk/client-s3';

export interface Clients {
  readonly iam: IAMClient;
  readonly s3: S3Client;
}

/** One call that makes something as it should be. */
export interface Change {
  /** What it puts right, in a word or two: `versioning`, `trust`; undefined where the item itself is made. */
  readonly what: string | undefined;
  readonly apply: (clients: Clients) => Promise<unknown>;
}

/** One thing that should be there, and what it takes. */
export interface Item {
  readonly kind: 'bucket' | 'provider' | 'policy' | 'role';
  readonly name: string;
  /** In order; none where it is as it should be. */
  readonly changes: readonly Change[];
  /** Whether the changes take it away. */
  readonly isSurplus?: boolean;
}

/** What became of an item, or would, in the words that are printed. */
export function outcomeOf({ changes, isSurplus }: Item): string {
  if (changes.length === 0) return 'as it should be';
  if (isSurplus === true) return 'deleted';
  if (changes.some(({ what }) => what === undefined)) return 'made';
  return `changed ${changes.map(({ what }) => what).join(', ')}`;
}
