import { gateProblems } from './gate.ts';

/** As GitHub answers for an environment with a reviewer and a waiting time. */
const GATE = {
  name: 'prod',
  protection_rules: [
    { id: 1, type: 'wait_timer', wait_timer: 30 },
    { id: 2, type: 'required_reviewers', reviewers: [{ type: 'User', reviewer: { login: 'ada' } }] },
    { id: 3, type: 'branch_policy' },
  ],
  deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
};

describe('an environment', () => {
  it('is a gate with reviewers, for branches that are named', () => {
    expect(gateProblems(GATE)).toEqual([]);
  });

  it.each<[string, unknown, RegExp]>([
    ['without rules', { ...GATE, protection_rules: [] }, /no required reviewers/],
    ['of a plan that has none', { ...GATE, protection_rules: undefined }, /no required reviewers/],
    [
      'that only waits some time',
      { ...GATE, protection_rules: [{ type: 'wait_timer' }] },
      /no required reviewers/,
    ],
    [
      'whose reviewers have all left',
      { ...GATE, protection_rules: [{ type: 'required_reviewers', reviewers: [] }] },
      /no required reviewers/,
    ],
    ['for every branch', { ...GATE, deployment_branch_policy: null }, /from every branch/],
    ['that GitHub does not show', { message: 'Not Found' }, /no required reviewers/],
    ['that is no object', null, /no required reviewers/],
  ])('%s is none', (_, environment, problem) => {
    expect(gateProblems(environment).join('\n')).toMatch(problem);
  });
});
