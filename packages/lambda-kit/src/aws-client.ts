import { requiredEnvironment } from './environment.ts';

/** Every attempt ends within this many milliseconds, so that three of them fit into a function's time. */
const ATTEMPT_TIMEOUT = 3_000;

/**
 * Settings for any AWS client of a function, all static: Lambda hands credentials and region to a function in its
 * environment, so no profile is read and no provider chain is tried.
 */
export function awsClientConfig() {
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  const sessionToken = process.env['AWS_SESSION_TOKEN'];
  return {
    region: requiredEnvironment('AWS_REGION'),
    credentials: {
      accessKeyId: requiredEnvironment('AWS_ACCESS_KEY_ID'),
      secretAccessKey: requiredEnvironment('AWS_SECRET_ACCESS_KEY'),
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: 3,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: ATTEMPT_TIMEOUT,
      throwOnRequestTimeout: true,
    },
  };
}
