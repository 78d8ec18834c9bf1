import { deadEvent } from './dead-event.ts';
import { busEvent } from './testing/memory.ts';

const event = busEvent('OrderShipped', 'o-1');
const message = (body: unknown, attributes: Record<string, string> = {}) => ({
  id: '5f0a',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  receiptHandle: 'handle',
  sentAt: '2026-01-01T00:00:00.000Z',
  attributes,
});

/** What Lambda's asynchronous failure destination gets. */
const failed = (more: object) => ({
  version: '1.0',
  timestamp: '2026-01-01T00:03:00.000Z',
  requestContext: {
    requestId: 'e4b4',
    functionArn: 'arn:aws:lambda:eu-west-1:1:function:shop-notify-customer:$LATEST',
    condition: 'RetriesExhausted',
    approximateInvokeCount: 3,
  },
  requestPayload: event,
  ...more,
});
const answer = {
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  responsePayload: { errorType: 'Throttled', errorMessage: 'Later.', trace: [] },
};
const rule = { RULE_ARN: 'arn:rule', TARGET_ARN: 'arn:target', ERROR_CODE: 'NO_PERMISSIONS' };

it.each([
  [
    'its queue, after the last delivery',
    message(event),
    'DeliveriesExhausted',
    'OrderShipped was not handled in any delivery to notify-customer: DeliveriesExhausted.',
  ],
  [
    'a rule that could not deliver it',
    message(event, rule),
    'NO_PERMISSIONS',
    'OrderShipped could not be delivered to notify-customer: NO_PERMISSIONS.',
  ],
  [
    'invocations that failed',
    message(failed(answer)),
    'Throttled',
    'OrderShipped failed in 3 invocations of notify-customer: Throttled.',
  ],
  [
    'an invocation that never came about',
    message(failed({ requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 1 } })),
    'EventAgeExceeded',
    'OrderShipped failed in 1 invocations of notify-customer: EventAgeExceeded.',
  ],
])('an event out of %s is told, and unwrapped to the event', (_, received, cause, told) => {
  const dead = deadEvent('notify-customer', received);

  expect(dead.event).toEqual(event);
  expect(dead.letter).toEqual({
    id: 'event.notify-customer.5f0a',
    kind: 'event',
    source: 'notify-customer',
    cause,
    message: told,
    at: '2026-01-01T00:00:00.000Z',
    records: 1,
    subjects: ['order o-1'],
    redrivable: true,
  });
});

it.each(['no JSON', { requestPayload: 'text' }, [], { detail: {} }])(
  '%j holds no event, and says so',
  (body) => {
    const { letter, event: none } = deadEvent('notify-customer', message(body));

    expect(letter.redrivable).toBe('It holds no event of the bus. Look at it, then discard it.');
    expect(none).toBeUndefined();
  },
);
