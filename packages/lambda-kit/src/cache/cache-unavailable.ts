/** The cache cannot be reached, or refuses. Whoever reads goes to the table; whoever refreshes tries again. */
export class CacheUnavailable extends Error {
  /** Whether it was not even asked, because of a failure just before that was told already. */
  readonly unasked: boolean;

  constructor(problem: string, { unasked = false, cause }: { unasked?: boolean; cause?: unknown } = {}) {
    super(
      `The cache ${problem}. Look at CACHE_URL, the cache's state and the function's security group.`,
      cause === undefined ? undefined : { cause },
    );
    this.name = 'CacheUnavailable';
    this.unasked = unasked;
  }
}
