import type { StoredOrder } from '@orderstream/lambda-kit';
import type { MessageType } from './message-type.ts';
import { plannedMessages } from './planned-message.ts';
import { aClosedOrder, anOrder } from './testing/an-order.ts';

const plan = (type: MessageType, order: StoredOrder | undefined) => plannedMessages(type, order, 'The Shop');
const channels = (type: MessageType, order: StoredOrder) => plan(type, order).map(({ channel }) => channel);

it.each<[MessageType, StoredOrder, string[]]>([
  ['OrderPlaced', anOrder(), ['mail', 'sms']],
  ['OrderShipped', anOrder({ status: 'SHIPPED' }), ['mail', 'sms']],
  ['OrderRejected', aClosedOrder('OutOfStock'), ['mail']],
  ['OrderCancelled', aClosedOrder('CancellationRequested'), ['mail']],
  ['OrderPlaced', anOrder({ smsUpdates: false }), ['mail']],
  ['OrderPlaced', anOrder({ phone: '' }), ['mail']],
])('%s goes out by the channels that the customer has and wants', (type, order, expected) => {
  expect(channels(type, order)).toEqual(expected);
});

it('writes nobody who did not ask for SMS', () => {
  const order = Object.assign(anOrder(), { smsUpdates: undefined });

  expect(channels('OrderPlaced', order)).toEqual(['mail']);
});

it('sends to the recipients that the order has', () => {
  expect(plan('OrderShipped', anOrder({ status: 'SHIPPED' }))).toMatchObject([
    { to: 'ada@mail.example', mail: { subject: 'The Shop: order order-1 is on its way' } },
    { to: '+442079460000', text: 'The Shop: your order order-1 is on its way.' },
  ]);
});

const withoutAddress = Object.assign(anOrder({ smsUpdates: false }), { email: undefined });

it.each<[string, StoredOrder | undefined, object]>([
  ['was removed', undefined, { state: 'dropped', reason: 'order-removed' }],
  [
    'is a forgotten customer’s',
    Object.assign(anOrder(), { forgottenAt: '2026-01-01T10:00:00.000Z' }),
    { state: 'dropped', reason: 'customer-forgotten' },
  ],
  ['has no address', withoutAddress, { state: 'failed', reason: 'no-address' }],
  [
    'has an address with a second one in it',
    anOrder({ smsUpdates: false, email: 'ada@mail.example\nbcc:eve@mail.example' }),
    { state: 'failed', reason: 'invalid-address' },
  ],
])('sends nothing for an order that %s, and says why', (_, order, unsent) => {
  expect(plan('OrderPlaced', order)).toEqual([{ channel: 'mail', unsent }]);
});

it('says why no SMS can be sent to a number of no country', () => {
  expect(plan('OrderPlaced', anOrder({ phone: '020 7946 0000' }))[1]).toEqual({
    channel: 'sms',
    unsent: { state: 'failed', reason: 'invalid-number' },
  });
});

it('sends no SMS about an order that is closed by now', () => {
  expect(plan('OrderPlaced', aClosedOrder('OutOfStock'))[1]).toEqual({
    channel: 'sms',
    unsent: { state: 'dropped', reason: 'overtaken' },
  });
});
