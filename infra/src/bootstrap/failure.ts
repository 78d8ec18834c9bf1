import { BootstrapError } from './errors.ts';

const NO_CREDENTIALS = new Set([
  ...['CredentialsProviderError', 'ExpiredToken', 'ExpiredTokenException', 'InvalidClientTokenId'],
  ...['UnrecognizedClientException', 'SignatureDoesNotMatch', 'TokenProviderError'],
]);
const NOT_ALLOWED = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'Forbidden']);

/** An error of AWS or of the way to it, with what to do next; undefined for what should not happen. */
export function asBootstrapError(error: unknown): BootstrapError | undefined {
  if (error instanceof BootstrapError) return error;
  if (!(error instanceof Error)) return undefined;
  const { name, message } = error;
  if (NO_CREDENTIALS.has(name)) {
    return new BootstrapError(
      `AWS takes no credentials from here (${name}: ${message}). Sign in, for example with aws sso login, and set AWS_PROFILE.`,
    );
  }
  if (NOT_ALLOWED.has(name)) {
    return new BootstrapError(
      `These credentials may not do that (${message}). Use those of an administrator of the account; what is done stays done.`,
    );
  }
  if (name === 'BucketAlreadyExists') {
    return new BootstrapError('Another account has a bucket of that name: give another --state-bucket.');
  }
  if ('code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ENOTFOUND')) {
    return new BootstrapError(`${message}: check AWS_ENDPOINT_URL and the network, then run it again.`);
  }
  if ('$metadata' in error) {
    return new BootstrapError(`AWS answered ${name}: ${message} Run it again: it goes on where it stopped.`);
  }
  return undefined;
}
