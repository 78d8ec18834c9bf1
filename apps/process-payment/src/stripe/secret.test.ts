import { ResourceNotFoundException, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretReader } from './secret.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:orderstream-dev-stripe-key-AbCdEf';

/** Secrets Manager, as far as it answers. */
function reading(answer: () => object) {
  const asked: unknown[] = [];
  const client = new SecretsManagerClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  client.middlewareStack.add(
    () =>
      async ({ input }) => {
        asked.push(input);
        return { output: { $metadata: {}, ...answer() }, response: {} };
      },
    { step: 'initialize', priority: 'high' },
  );
  return { read: secretReader(client, ARN), asked };
}

it('reads the value of the secret', async () => {
  const { read, asked } = reading(() => ({ SecretString: 'sk_test_x' }));

  expect(await read()).toBe('sk_test_x');
  expect(asked).toEqual([{ SecretId: ARN }]);
});

it('reads nothing where nobody has put a value in', async () => {
  const { read } = reading(() => {
    throw new ResourceNotFoundException({ message: 'no value for AWSCURRENT', $metadata: {} });
  });

  expect(await read()).toBe('');
});

it('tells what else goes wrong', async () => {
  const { read } = reading(() => {
    throw new Error('AccessDenied');
  });

  await expect(read()).rejects.toThrow('AccessDenied');
});
