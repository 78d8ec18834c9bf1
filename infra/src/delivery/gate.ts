/**
 * What keeps an environment of GitHub from being a gate, a line each; empty when a person has to approve each deployment,
 * and none comes from just any branch. Required reviewers of private repositories exist in GitHub Enterprise alone.
 *
 * @param environment as GitHub answers; what is not understood is no gate.
 * @see https://docs.github.com/en/rest/deployments/environments#get-an-environment
 */
export function gateProblems(environment: unknown): string[] {
  const rules = fieldOf(environment, 'protection_rules');
  const reviewed = (Array.isArray(rules) ? rules : []).some((rule: unknown) => {
    const reviewers = fieldOf(rule, 'reviewers');
    return fieldOf(rule, 'type') === 'required_reviewers' && Array.isArray(reviewers) && reviewers.length > 0;
  });
  const branches = fieldOf(environment, 'deployment_branch_policy');
  return [
    ...(reviewed
      ? []
      : ['has no required reviewers, so nothing would wait for an approval. Add them in its settings']),
    ...(typeof branches === 'object' && branches !== null
      ? []
      : ['takes deployments from every branch. Restrict it to main in its settings']),
  ];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
