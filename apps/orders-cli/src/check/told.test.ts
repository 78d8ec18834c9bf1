import type { CheckedOrder } from './laws.ts';
import { claimKey, toldOnce, type SentMail } from './told.ts';

const ORDERS: CheckedOrder[] = [
  { orderId: '1', status: 'REJECTED' },
  { orderId: '2', status: 'FAILED' },
];
const mail = (type: string, orderId = '1'): SentMail => ({ orderId, type });
const judged = (mails: SentMail[], attempts = 1) =>
  toldOnce(ORDERS, mails, new Map(mails.map((each) => [claimKey(each), attempts]))).violations;

it.each([
  ['its placing and its own end', [mail('OrderPlaced'), mail('OrderRejected')], 1],
  ['the same twice, where it was taken up twice', [mail('OrderPlaced'), mail('OrderPlaced')], 2],
  ['an order that is not checked', [mail('OrderShipped', '9')], 1],
] as const)('a customer may be mailed about %s', (_, mails, attempts) => {
  expect(judged([...mails], attempts)).toEqual([]);
});

it.each([
  [
    'another end than the order’s',
    [mail('OrderShipped')],
    1,
    /is REJECTED, but its customer was mailed OrderShipped/,
  ],
  ['an end of an order that failed', [mail('OrderCancelled', '2')], 1, /order 2 is FAILED/],
  [
    'the same twice, taken up once',
    [mail('OrderPlaced'), mail('OrderPlaced')],
    1,
    /2 mails about OrderPlaced, which was taken up 1 times/,
  ],
  ['what nobody took up', [mail('OrderPlaced')], 0, /taken up 0 times/],
] as const)('no customer may be mailed about %s', (_, mails, attempts, violation) => {
  expect(judged([...mails], attempts)).toEqual([expect.stringMatching(violation)]);
});
