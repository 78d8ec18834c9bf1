import { chosenAdapter } from './adapter.ts';
import { requiredEnvironment } from './environment.ts';

const ADAPTERS = { sandbox: () => 'the sandbox', stripe: () => 'the real one' };

afterEach(() => {
  delete process.env['PAYMENT_GATEWAY'];
});

it('makes the adapter that the environment names', () => {
  process.env['PAYMENT_GATEWAY'] = 'sandbox';

  expect(chosenAdapter('PAYMENT_GATEWAY', ADAPTERS)).toBe('the sandbox');
});

it.each(['paypal', 'toString'])('refuses the adapter %s and names those that there are', (name) => {
  process.env['PAYMENT_GATEWAY'] = name;

  expect(() => chosenAdapter('PAYMENT_GATEWAY', ADAPTERS)).toThrow(
    `PAYMENT_GATEWAY is "${name}", which is unknown. Set it to one of: sandbox, stripe.`,
  );
});

it('names an environment variable that is missing', () => {
  expect(() => requiredEnvironment('PAYMENT_GATEWAY')).toThrow('The environment variable PAYMENT_GATEWAY');
});
