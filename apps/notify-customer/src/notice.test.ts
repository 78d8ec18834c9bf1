import { readNotice } from './notice.ts';
import { busEvent, sesEvent } from './testing/events.ts';

it.each(['OrderPlaced', 'OrderShipped', 'OrderRejected', 'OrderCancelled'] as const)('reads %s', (type) => {
  expect(readNotice(busEvent(type, 7))).toEqual({
    kind: 'order',
    type,
    subject: { kind: 'order', id: 'order-1', itemVersion: 7 },
  });
});

it('has nothing to tell of other events', () => {
  expect(readNotice(busEvent('OrderPaid', 7))).toMatchObject({ kind: 'none' });
});

it.each([
  ['an unknown version', { schemaVersion: 2 }],
  ['no subject', { subject: undefined }],
  ['an unknown type', { type: 'OrderEaten' }],
])('cannot read an event of %s', (_, change) => {
  const event = busEvent('OrderPlaced', 7);

  expect(() => readNotice({ ...event, detail: { ...event.detail, ...change } })).toThrow(
    expect.objectContaining({ name: 'UnreadableEvent' }),
  );
});

it('reads what came back, without the address', () => {
  const notice = readNotice(sesEvent('Bounce'));

  expect(notice).toEqual({
    kind: 'return',
    state: 'bounced',
    reason: 'Permanent/General',
    type: 'OrderPlaced',
    subject: { kind: 'order', id: 'order-1', itemVersion: Number.MAX_SAFE_INTEGER },
    messageId: 'message-1',
    at: '2026-01-01T09:40:02.669Z',
  });
});

it('reads a complaint, also of a kind that nobody told', () => {
  expect(readNotice(sesEvent('Complaint'))).toMatchObject({ state: 'complained', reason: 'abuse' });
  expect(readNotice(sesEvent('Complaint', { complaint: {} }))).toMatchObject({ reason: 'Unknown' });
});

it('repeats no word that could be an address', () => {
  const bounce = { bounceType: 'ada@mail.example', bounceSubType: 'General' };

  expect(readNotice(sesEvent('Bounce', { bounce }))).toMatchObject({ reason: 'Unknown/General' });
});

it.each<[string, object]>([
  ['a mail of somebody else', { mail: { messageId: 'm', tags: { 'ses:source-ip': ['127.0.0.1'] } } }],
  ['a mail without tags', { mail: { messageId: 'm' } }],
  ['no mail', { mail: undefined }],
  ['another type of message', { mail: { tags: { orderId: ['order-1'], type: ['__proto__'] } } }],
  ['what is no order id', { mail: { tags: { orderId: ['a/b'], type: ['OrderPlaced'] } } }],
])('is not concerned by the return of %s', (_, change) => {
  expect(readNotice(sesEvent('Bounce', change))).toMatchObject({ kind: 'none' });
});

it('cannot read a return that is neither', () => {
  expect(() => readNotice(sesEvent('Open'))).toThrow('neither Bounce nor Complaint');
});
