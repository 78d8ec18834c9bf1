import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { awsClientConfig, requiredEnvironment } from '@orderstream/lambda-kit';

/** Reads the text of the secret that `PAYMENT_SECRET_ARN` names, as it is now; empty while nobody has put one in. */
export function secretReader(
  client = new SecretsManagerClient(awsClientConfig()),
  SecretId = requiredEnvironment('PAYMENT_SECRET_ARN'),
): () => Promise<string> {
  return async () => {
    try {
      const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
      return SecretString;
    } catch (error) {
      // A secret without a value is answered like one that there is not.
      if (error instanceof ResourceNotFoundException) return '';
      throw error;
    }
  };
}
