/** Stands in for a cache that the AWS SDK makes for endpoint discovery and our functions never use; see bundle.ts. */
export default class NoCache {}
