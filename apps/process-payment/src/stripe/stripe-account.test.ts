import Stripe from 'stripe';
import { StripeAccount, stripeClient } from './stripe-account.ts';

const MINUTE = 60_000;

function account(...keys: string[]) {
  let time = 0;
  let asked = 0;
  const read = jest.fn(async () => (keys.length > 1 ? keys.shift() : keys[0]) ?? '');
  const names = new Map<Stripe, string>();
  const connect = (key: string) => {
    const client = stripeClient(key);
    names.set(client, key);
    return client;
  };
  const opened = new StripeAccount(read, connect, () => time);
  return {
    read,
    /** Which key a question is asked with; a refused one is answered as Stripe does. */
    ask: (refused: string[] = []) =>
      opened.ask(async (client) => {
        asked += 1;
        const key = names.get(client) ?? '';
        if (refused.includes(key)) throw new Stripe.errors.StripeAuthenticationError();
        return key;
      }),
    asked: () => asked,
    later: (milliseconds: number) => (time += milliseconds),
  };
}

it('reads the key once, and again after five minutes', async () => {
  const { ask, read, later } = account('sk_test_oldkey01', 'sk_test_newkey01');

  expect(await ask()).toBe('sk_test_oldkey01');
  later(5 * MINUTE - 1);
  expect(await ask()).toBe('sk_test_oldkey01');
  expect(read).toHaveBeenCalledTimes(1);
  later(1);
  expect(await ask()).toBe('sk_test_newkey01');
});

it('takes up a new key at once when Stripe refuses the old one', async () => {
  const { ask } = account('sk_test_oldkey01', 'sk_test_newkey01');
  await ask();

  expect(await ask(['sk_test_oldkey01'])).toBe('sk_test_newkey01');
});

it('asks no second time when the refused key is still the one', async () => {
  const { ask, asked, read } = account('rk_live_onlykey1');

  await expect(ask(['rk_live_onlykey1'])).rejects.toThrow(Stripe.errors.StripeAuthenticationError);
  expect(read).toHaveBeenCalledTimes(2);
  expect(asked()).toBe(1);
});

it.each(['', 'changeme', 'pk_test_public01', '{"key":"sk_test_oldkey01"}'])(
  'refuses the secret %j without showing it',
  async (secret) => {
    const failure: unknown = await account(secret)
      .ask()
      .catch((error: unknown) => error);

    expect(failure).toMatchObject({ name: 'StripeKeyInvalid' });
    if (secret !== '') expect(String(failure)).not.toContain(secret);
  },
);
