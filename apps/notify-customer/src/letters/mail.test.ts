import type { StoredOrder } from '@orderstream/lambda-kit';
import { MESSAGE_TYPES, type MessageType } from '../message-type.ts';
import { aClosedOrder, anOrder } from '../testing/an-order.ts';
import { mailFor } from './mail.ts';
import { orderFacts } from './order-facts.ts';
import { textMessageFor } from './text-message.ts';

const write = (type: MessageType, order: StoredOrder) => mailFor(type, orderFacts(order), 'Cups & Co');

it('tells of a placed order what was ordered, what it costs and where it goes', () => {
  expect(write('OrderPlaced', anOrder())).toMatchObject({
    subject: 'Cups & Co: order order-1 received',
    text: `Thank you for your order

Hello Ada Lovelace,

We have received your order order-1, and tell you when it is on its way.

It goes to London, United Kingdom.

2 × Red mug: 19.00 GBP
1 × mug: 0.001 GBP
Shipping: 4.95 GBP
Tax: 4.79 GBP
Total: 28.741 GBP

Cups & Co`,
  });
});

it('tells of a shipped order the shipment', () => {
  const shipment = { shipmentId: 'sh_order-1', at: '2026-01-01T09:31:00.000Z' };

  const { subject, text } = write('OrderShipped', anOrder({ status: 'SHIPPED', shipment }));

  expect(subject).toBe('Cups & Co: order order-1 is on its way');
  expect(text).toContain('was handed to the carrier, and goes to London, United Kingdom.');
  expect(text).toContain('shipment sh_order-1.');
});

const charge = { chargeId: 'ch_1', amount: '28.74', at: '2026-01-01T09:30:30.000Z' };
const chargeIntent = { key: 'charge#order-1', at: '2026-01-01T09:30:20.000Z' };

it.each<[string, Partial<StoredOrder>, string, string]>([
  ['OrderInvalid', {}, 'something about it was not right', 'No money was taken.'],
  ['PaymentDeclined', { chargeIntent }, 'the payment was declined', 'No money was taken.'],
  [
    'OutOfStock',
    { chargeIntent, charge },
    'there is not enough left',
    'Your payment of 28.74 GBP has been returned to you.',
  ],
  ['UndeliverableAddress', { charge }, 'does not deliver to its address', 'payment of 28.74 GBP'],
  ['OutOfStock', { chargeIntent }, 'there is not enough left', 'If your payment had gone through already'],
  ['toString', {}, 'something about it did not work out', 'No money was taken.'],
])('tells why an order was rejected (%s %j), and of the money', (cause, change, why, money) => {
  const { subject, text } = write('OrderRejected', aClosedOrder(cause, change));

  expect(subject).toBe('Cups & Co: order order-1 could not be carried out');
  expect(text).toContain(why);
  expect(text).toContain(money);
  expect(text).not.toContain('for the staff');
});

it('tells of a cancelled order that it was the customer’s wish, and of the money', () => {
  const { text } = write('OrderCancelled', aClosedOrder('CancellationRequested', { charge }));

  expect(text).toContain('As you asked, your order order-1 is cancelled.');
  expect(text).toContain('Your payment of 28.74 GBP has been returned to you.');
});

it('shows 20 lines of a long order, and how many more there are', () => {
  const lines = Array.from({ length: 1_114 }, (_, n) => ({
    sku: `SKU ${n}`,
    quantity: 1,
    unitPrice: '1.00',
  }));

  const { text, html } = write('OrderPlaced', anOrder({ lines }));

  expect(text).toContain('SKU 19:');
  expect(text).not.toContain('SKU 20:');
  for (const version of [text, html]) expect(version).toContain('and 1094 more');
  expect(html.length).toBeLessThan(30_000);
});

const HOSTILE = `<img src=x onerror="alert('1')">&amp;\r\nBcc: eve\u202e\u0007`;

it.each(MESSAGE_TYPES)('%s shows markup that somebody wrote as what it is', (type) => {
  const shippingAddress = { name: HOSTILE, line1: 'x', city: HOSTILE, country: HOSTILE };
  const shipment = { shipmentId: HOSTILE, at: 'x' };
  const order = anOrder({
    shippingAddress,
    shipment,
    lines: [{ sku: 'A<b>', description: HOSTILE, quantity: 1, unitPrice: '1' }],
  });

  const { subject, text, html } = write(type, order);

  expect(html).toContain('Hello &lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp; Bcc: eve');
  expect(html).toContain('Cups &amp; Co');
  expect(html).not.toMatch(/<img|<b>/);
  expect(subject).toBe(subject.replace(/[\p{C}<>]/gu, ''));
  for (const version of [text, html]) expect(version).not.toMatch(/[^\P{C}\n]|^Bcc/mu);
});

it.each([
  'Win at https://evil.example now',
  'www.evil.example',
  'evil.example/win',
  'Call me: eve@evil',
  'Call 0207 946-0000',
  '+1 (2) 3.4/5',
  '٠١٢٣٤',
  'x'.repeat(61),
  ' \u200b\n',
])('greets nobody by the name %j, which whoever placed the order chose', (name) => {
  const shippingAddress = { name, line1: 'x', city: name, country: name };

  const { text, html } = write('OrderPlaced', anOrder({ shippingAddress }));

  expect(text).toContain('Hello,\n');
  expect(text).not.toContain('It goes to');
  for (const version of [text, html]) expect(version).not.toContain(name);
});

it.each<[string, Record<string, unknown>]>([
  ['no lines', { lines: undefined }],
  ['lines that are none', { lines: 'MUG' }],
  ['broken lines', { lines: [null, 7, { sku: 'MUG' }, { sku: 'MUG', quantity: -1, unitPrice: '1' }] }],
  ['a price that is a number', { lines: [{ sku: 'MUG', quantity: 1, unitPrice: 1 }] }],
  ['no total', { total: undefined }],
  ['a total that is none', { total: '1e400' }],
  ['an unknown currency', { currency: '<b>' }],
  ['no address', { shippingAddress: undefined }],
  ['an address that is none', { shippingAddress: 'London' }],
  ['a name that is a list', { shippingAddress: { name: ['Ada'], city: {}, country: null } }],
  ['a charge that is none', { charge: { amount: {} } }],
])('writes to who placed an order with %s', (_, change) => {
  const order = Object.assign(anOrder(), change);

  for (const type of MESSAGE_TYPES) {
    const { text, html } = write(type, order);

    for (const version of [text, html]) {
      expect(version).toContain('order-1');
      expect(version).not.toMatch(/undefined|NaN|\[object|null|<b>/);
    }
  }
});

it('lets every mail program lay it out: tables, inline styles, no scripts, images or links', () => {
  const { html } = write('OrderPlaced', anOrder());

  expect(html).toMatch(/^<!doctype html>/);
  expect(html).toContain('max-width:600px');
  expect(html).toContain('prefers-color-scheme:dark');
  expect(html).not.toMatch(/<script|<img|<a |https?:|url\(/);
  expect(html.split('<table')).toHaveLength(html.split('</table>').length);
  expect(html.split('<tr>')).toHaveLength(html.split('</tr>').length);
});

it('puts nothing of the customer into an SMS', () => {
  const texts = MESSAGE_TYPES.map((type) => textMessageFor(type, orderFacts(anOrder()), 'Cups & Co'));

  expect(texts).toEqual([
    'Cups & Co: we have received your order order-1 of 28.741 GBP.',
    'Cups & Co: your order order-1 is on its way.',
    undefined,
    undefined,
  ]);
});
