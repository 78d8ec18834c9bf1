import { carrierBehaviour, paymentBehaviour } from './sandbox.ts';

it.each([
  ['tok_approve', { kind: 'approve' }],
  ['tok_decline', { kind: 'refuse', reason: 'card_declined' }],
  ['tok_unavailable_3', { kind: 'unavailable', times: 3 }],
  ['tok_unavailable_12345', { kind: 'unavailable', times: 99 }],
  ['tok_slow_250', { kind: 'slow', milliseconds: 250 }],
  ['tok_slow_99999', { kind: 'slow', milliseconds: 60_000 }],
  ['tok_lost_answer', { kind: 'lost-answer' }],
  ['tok_slow_-1', { kind: 'refuse', reason: 'unknown_token' }],
  ['tok_unavailable_', { kind: 'refuse', reason: 'unknown_token' }],
  ['', { kind: 'refuse', reason: 'unknown_token' }],
])('the payment token %j behaves as documented', (token, behaviour) => {
  expect(paymentBehaviour(token)).toEqual(behaviour);
});

it.each([
  ['12 St James Square', { kind: 'approve' }],
  ['Undeliverable', { kind: 'refuse', reason: 'undeliverable' }],
  [' undeliverable ', { kind: 'refuse', reason: 'undeliverable' }],
  ['Unavailable 2', { kind: 'unavailable', times: 2 }],
  ['Slow 40', { kind: 'slow', milliseconds: 40 }],
  ['Lost answer', { kind: 'lost-answer' }],
  ['1 Slow Lane', { kind: 'approve' }],
])('the address line %j behaves as documented', (line1, behaviour) => {
  expect(carrierBehaviour(line1)).toEqual(behaviour);
});
