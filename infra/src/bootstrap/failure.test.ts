import { BootstrapError } from './errors.ts';
import { asBootstrapError } from './failure.ts';

const named = (name: string, more: object = {}) => Object.assign(new Error('it said'), { name, ...more });

describe('a failure', () => {
  it.each([
    [
      named('CredentialsProviderError'),
      'AWS takes no credentials from here (CredentialsProviderError: it said). Sign in',
    ],
    [named('AccessDenied'), 'These credentials may not do that (it said). Use those of an administrator'],
    [named('BucketAlreadyExists'), 'Another account has a bucket of that name: give another --state-bucket.'],
    [named('Error', { code: 'ECONNREFUSED' }), 'it said: check AWS_ENDPOINT_URL and the network'],
    [named('Throttling', { $metadata: {} }), 'AWS answered Throttling: it said Run it again'],
  ])('%p is told with the next step', (error, message) => {
    expect(asBootstrapError(error)?.message).toContain(message);
  });

  it('that says the next step itself stays as it is', () => {
    const error = new BootstrapError('Do that.', 2);

    expect(asBootstrapError(error)).toBe(error);
  });

  it('that should not happen is no such thing', () => {
    expect(asBootstrapError(new TypeError('a bug'))).toBeUndefined();
  });
});
