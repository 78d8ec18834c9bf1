import { type PolicedStack, StackPolicies } from './stack-policies.ts';

const LAMBDA = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };

function stackWith(trust: object, roleOfFunctions: readonly string[] = []): PolicedStack {
  const arn = 'arn:aws:iam::000000000000:role/idle';
  return {
    ...{ name: 'shop', accountId: '000000000000' },
    ...{ resourcePolicies: [], vpcEndpoints: [], stateMachines: [], rules: [], schedules: [] },
    roles: [{ name: 'idle', arn, policies: [], trust: JSON.stringify({ Statement: trust }) }],
    functions: roleOfFunctions.map((name) => ({
      ...{ name, arn: `arn:aws:lambda:eu-west-1:000000000000:function:${name}`, roleArn: arn },
      ...{ handler: 'index.handler', package: '/api.zip', runtime: 'nodejs24.x', timeoutSeconds: 3 },
      ...{ memoryMb: 128, environment: {}, logGroup: '/api' },
    })),
  };
}

const problemsOf = (stack: PolicedStack): string => {
  try {
    new StackPolicies(stack);
    return '';
  } catch (error) {
    return String(error);
  }
};
const strange = { ...LAMBDA, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } };

it.each<[string, string[]]>([
  ['nothing acts with', []],
  ['one function acts with', ['api']],
  ['two functions act with', ['api', 'reader']],
])('a trust policy of a role that %s must be known, and is told once', (_who, functions) => {
  expect(problemsOf(stackWith(LAMBDA, functions))).toBe('');
  const told = problemsOf(stackWith(strange, functions)).match(/trust policy of .*idle.*aws:PrincipalOrgID/g);
  expect(told).toHaveLength(1);
});
