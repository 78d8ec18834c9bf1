import { AwsError } from '../endpoint/service.ts';

/** Runs what fauxqs does and throws its errors as the cloud's. */
export function asAws<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isFauxqsError(error)) throw error;
    throw new AwsError(error.code, error.message, error.statusCode);
  }
}

function isFauxqsError(error: unknown): error is Error & { code: string; statusCode: number } {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    'statusCode' in error &&
    typeof error.statusCode === 'number'
  );
}

/** S3's answer to a body that fauxqs does not take. */
export function entityTooLarge(bytes: number): AwsError {
  return new AwsError(
    'EntityTooLarge',
    `An upload may have up to 11 MB in one request here, this one has ${bytes} bytes: send it in parts of 8 MB (multipart).`,
  );
}
