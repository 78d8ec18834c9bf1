import { consentFor } from './consent.ts';

const asked = { isConfirmed: false, isJson: false };

describe('changes of an account', () => {
  it.each([
    ['given', 'with --yes', { ...asked, isConfirmed: true }, undefined, false],
    ['given', 'in the local cloud', asked, 'http://127.0.0.1:4400', false],
    ['given', 'in the local cloud by name', asked, 'http://localhost:4400', false],
    ['to ask for', 'in a terminal', asked, undefined, true],
    ['to ask for', 'at an endpoint elsewhere', asked, 'https://vpce.example.com', true],
    ['to ask for', 'at an endpoint called like the local one', asked, 'https://localhost.example.com', true],
    ['lacking', 'in a pipeline', asked, undefined, false],
    ['lacking', 'where the answer is JSON', { ...asked, isJson: true }, undefined, true],
    ['lacking', 'where the endpoint is no address', asked, '127.0.0.1', false],
  ])('have a consent that is %s %s', (consent, _where, options, endpoint, isTerminal) => {
    expect(consentFor(options, endpoint, isTerminal)).toBe(consent);
  });
});
