/** Whether a text matches. */
export type Matcher = (text: string) => boolean;

/** `*` stands for any number of characters, also none, and `?` for exactly one. */
export function wildcard(pattern: string): Matcher {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const compiled = new RegExp(`^${expression}$`, 's');
  return (text) => compiled.test(text);
}

/** An action's pattern: `dynamodb:*Item`. The case of actions counts for nothing. */
export function actionPattern(pattern: string): Matcher {
  const matches = wildcard(pattern.toLowerCase());
  return (action) => matches(action.toLowerCase());
}

/**
 * A pattern for ARNs: each of the six parts that colons divide is matched by itself, so that a wildcard never reaches into
 * the next one; in the last part it also stands for colons and slashes. A lone `*` is every resource, also one without
 * an ARN.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function arnPattern(pattern: string): Matcher {
  if (pattern === '*') return () => true;
  if (!/[*?]/.test(pattern)) return (arn) => arn === pattern;
  const parts = partsOf(pattern).map(wildcard);
  return (arn) => {
    const given = partsOf(arn);
    return given.length === parts.length && parts.every((matches, index) => matches(given[index] ?? ''));
  };
}

/** `arn`, partition, service, region, account, and all that is left. */
function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
