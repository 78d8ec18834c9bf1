import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { outputOf } from './session.ts';
import { openShop, type TestShop } from './testing/shop.ts';

jest.setTimeout(120_000);

/** Stands in every name, street, mail address and token of this test. */
const MARK = 'zyxwvut';
const PHONE = '+44 20 7946 0958';
const PERSONAL = new RegExp(`${MARK}|7946.?0958|eyJ[\\w-]+\\.eyJ`, 'i');

const ADDRESS = { name: `Ada ${MARK}`, line1: `1 ${MARK} Lane`, city: 'Leeds', country: 'United Kingdom' };
const CONTACT = { email: `${MARK}@example.com`, phone: PHONE, smsUpdates: true };
const ORDER = {
  lines: [{ sku: 'MUG', quantity: 1 }],
  paymentToken: `tok_${MARK}`,
  shippingAddress: ADDRESS,
  ...CONTACT,
};

let shop: TestShop;
const logged: { readonly functionName: string; readonly text: string }[] = [];
beforeAll(async () => {
  shop = await openShop({ onLog: (log) => logged.push(log) });
  await shop.receive('goods', { MUG: 100 });
  await ask('PUT', '/products/MUG', { name: 'Mug', unitPrice: '9.50' }, 'staff');
  await shop.cloud.settled();
});
afterAll(() => shop.close());

async function ask(method: string, path: string, body: unknown, as = 'customer'): Promise<number> {
  const api = outputOf(shop.session, as === 'staff' ? 'staff_api_url' : 'api_url');
  const answer = await fetch(`${api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await shop.cloud.token('ada', [as])}`,
      'content-type': 'application/json',
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** Those lines that hold something personal. */
function tellers(lines: readonly string[]): string[] {
  return lines.filter((line) => PERSONAL.test(line));
}

it('stands in no log, event or execution, whatever becomes of an order', async () => {
  const at = new Date().toISOString();
  const unreadable = {
    ...ORDER,
    orderId: 'bad',
    status: 'LOST',
    itemVersion: 1,
    placedAt: at,
    updatedAt: at,
  };

  // Through the API: taken and refused at the border.
  expect(await ask('POST', '/orders', ORDER)).toBe(201);
  expect(await ask('POST', '/orders', { ...ORDER, lines: [], email: MARK, phone: MARK })).toBe(400);
  expect(await ask('POST', '/orders', `{"paymentToken": ${MARK}}`)).toBe(400);
  expect(await ask('POST', `/orders/${MARK}/cancel`, { reason: MARK })).toBe(400);
  expect(await ask('POST', `/products/${MARK}/receipts`, { receipt: MARK, quantity: MARK }, 'staff')).toBe(
    400,
  );
  // Through the workflow: shipped, declined, undeliverable, invalid, without an answer, and out of stock.
  const personal = { shippingAddress: ADDRESS, ...CONTACT };
  const ends = [
    {},
    { paymentToken: `tok_${MARK}` },
    { paymentToken: 'tok_lost_answer', cancelRequestedAt: at },
    { shippingAddress: { ...ADDRESS, line1: 'Undeliverable', line2: MARK } },
    { paymentToken: '', shippingAddress: { ...ADDRESS, city: `${MARK}${'x'.repeat(500)}` } },
    { lines: [{ sku: 'MUG', quantity: 999, unitPrice: '1' }] },
    { email: `bounce+${MARK}@simulator.amazonses.com` },
  ];
  for (const change of ends) await shop.place({ ...personal, ...change });
  // Past every border: what nobody can read.
  await shop.session.documents.send(
    new PutCommand({ TableName: outputOf(shop.session, 'orders_table'), Item: unreadable }),
  );
  await shop.cloud.settled();

  const spoke = new Set(logged.map(({ functionName }) => functionName.replace(/^orderstream-[a-z]+-/, '')));
  expect([...spoke]).toEqual(
    expect.arrayContaining([
      'stream-dispatcher',
      'validate-order',
      'process-payment',
      'close-order',
      'notify-customer',
    ]),
  );
  expect(tellers(logged.map(({ text }) => text))).toEqual([]);
  for (const [kind, where] of [
    // SES names the recipient of a mail that came back; that event is AWS's own.
    ['events', "WHERE source <> 'aws.ses'"],
    ['executions', 'WHERE true'],
    ['history', 'WHERE true'],
    ['invocations', "WHERE error <> ''"],
  ] as const) {
    const told = shop.cloud.journal.rows(kind, where).map((row) => JSON.stringify(row));
    expect(told.length).toBeGreaterThan(0);
    expect(tellers(told)).toEqual([]);
  }
});
