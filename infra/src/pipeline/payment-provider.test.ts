import { readConfig } from '../config/config.ts';
import { DEV, grantsOf, PROD, resourcesOf, resourceWith, synthesize } from '../testing/synthesized.ts';

const STRIPE = { ORDERSTREAM_PAYMENT_GATEWAY: 'stripe' };
const ofSecrets = (action: string) => action.startsWith('secretsmanager:');

describe('a deployment that is paid through Stripe', () => {
  const stack = synthesize({ ...DEV, ...STRIPE });
  const functionName = 'orderstream-dev-process-payment';
  const [secretId, secret] = Object.entries(resourcesOf(stack, 'aws_secretsmanager_secret'))[0] ?? ['', {}];
  const SECRET_ARN = `\${aws_secretsmanager_secret.${secretId}.arn}`;

  it('has one secret for the key, which can be had back for a while, and never its value', () => {
    expect(Object.keys(resourcesOf(stack, 'aws_secretsmanager_secret'))).toHaveLength(1);
    expect(secret).toMatchObject({ name: 'orderstream-dev-stripe-key', recovery_window_in_days: 7 });
    expect(resourcesOf(stack, 'aws_secretsmanager_secret_version')).toEqual({});
  });

  it('runs the Stripe file of process-payment, which is told where the key is', () => {
    const lambda = resourceWith(stack, 'aws_lambda_function', 'function_name', functionName).arguments;

    expect(lambda['handler']).toBe('stripe.handler');
    expect(lambda['environment']).toMatchObject({
      variables: { PAYMENT_GATEWAY: 'stripe', PAYMENT_SECRET_ARN: SECRET_ARN },
    });
  });

  it('lets process-payment alone read that secret alone', () => {
    const readers = Object.values(resourcesOf(stack, 'aws_iam_role_policy')).filter(({ policy }) =>
      String(policy).includes('secretsmanager:'),
    );

    expect(readers.map(({ name }) => name)).toEqual([functionName]);
    expect(grantsOf(stack, functionName).filter(({ Action }) => Action.some(ofSecrets))).toEqual([
      { Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: [SECRET_ARN] },
    ]);
  });
});

it('keeps the key of prod for a month after it was deleted', () => {
  const stack = synthesize({ ...PROD, ...STRIPE });

  expect(Object.values(resourcesOf(stack, 'aws_secretsmanager_secret'))).toMatchObject([
    { name: 'orderstream-prod-stripe-key', recovery_window_in_days: 30 },
  ]);
});

it('has nothing of it with the sandbox', () => {
  const stack = synthesize(DEV);

  expect(stack.text).not.toContain('secretsmanager');
  expect(stack.text).not.toContain('stripe');
});

it.each([
  [{ ...STRIPE }, 'ORDERSTREAM_PAYMENT_GATEWAY is "stripe"; allowed: sandbox in the environment local'],
  [{ ...DEV, ...STRIPE, ORDERSTREAM_CURRENCY: 'KWD' }, 'ORDERSTREAM_CURRENCY is "KWD"; allowed: a currency'],
])('refuses what Stripe cannot do: %j', (variables, message) => {
  expect(() => readConfig(variables)).toThrow(message);
});
