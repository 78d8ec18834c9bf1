import { consentFor } from './consent.ts';

const LOCAL = 'http://127.0.0.1:4400';
const AWS = 'https://iam.amazonaws.com';
const asked = { isConfirmed: false, isJson: false };

describe('changes of an account', () => {
  it.each<
    [consent: string, where: string, options: typeof asked, variables: Record<string, string>, boolean]
  >([
    ['given', 'with --yes', { ...asked, isConfirmed: true }, {}, false],
    ['given', 'in the local cloud', asked, { AWS_ENDPOINT_URL: LOCAL }, false],
    ['given', 'in the local cloud by name', asked, { AWS_ENDPOINT_URL: 'http://localhost:4400' }, false],
    [
      'given',
      'where each service is local',
      asked,
      { AWS_ENDPOINT_URL_IAM: LOCAL, AWS_ENDPOINT_URL_S3: LOCAL, AWS_ENDPOINT_URL_STS: LOCAL },
      false,
    ],
    ['to ask for', 'in a terminal', asked, {}, true],
    ['to ask for', 'at an endpoint elsewhere', asked, { AWS_ENDPOINT_URL: 'https://vpce.example.com' }, true],
    [
      'to ask for',
      'at an endpoint called like the local one',
      asked,
      { AWS_ENDPOINT_URL: 'https://localhost.example.com' },
      true,
    ],
    [
      'to ask for',
      'where IAM alone is elsewhere',
      asked,
      { AWS_ENDPOINT_URL: LOCAL, AWS_ENDPOINT_URL_IAM: AWS },
      true,
    ],
    [
      'to ask for',
      'where S3 alone is elsewhere',
      asked,
      { AWS_ENDPOINT_URL: LOCAL, AWS_ENDPOINT_URL_S3: AWS },
      true,
    ],
    [
      'to ask for',
      'where STS alone is elsewhere',
      asked,
      { AWS_ENDPOINT_URL: LOCAL, AWS_ENDPOINT_URL_STS: AWS },
      true,
    ],
    [
      'to ask for',
      'where the endpoint is ignored',
      asked,
      { AWS_ENDPOINT_URL: LOCAL, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
      true,
    ],
    ['lacking', 'in a pipeline', asked, {}, false],
    ['lacking', 'where the answer is JSON', { ...asked, isJson: true }, {}, true],
    ['lacking', 'where the endpoint is no address', asked, { AWS_ENDPOINT_URL: '127.0.0.1' }, false],
  ])('have a consent that is %s %s', (consent, _where, options, variables, isTerminal) => {
    expect(consentFor(options, variables, isTerminal)).toBe(consent);
  });
});
