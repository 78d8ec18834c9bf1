import { addressee, moneyBack, subject, type LetterWriter } from './letter.ts';

/** Why an order was rejected, in plain words, and what its customer can do; by the business error's name. */
const REASONS: Readonly<Record<string, readonly [why: string, next: string]>> = {
  OrderInvalid: [
    'something about it was not right, so that we could not work on it.',
    'Please place it again, or write to us when it happens once more.',
  ],
  PaymentDeclined: ['the payment was declined.', 'Please place it again with another means of payment.'],
  OutOfStock: [
    'there is not enough left of something in it.',
    'Please place it again without it, or when it is back in stock.',
  ],
  UndeliverableAddress: [
    'our carrier does not deliver to its address.',
    'Please place it again with another address.',
  ],
};
const UNKNOWN = [
  'something about it did not work out.',
  'Please write to us when you have questions.',
] as const;

export const rejected: LetterWriter = (order, shop) => {
  const { orderId, cause = '' } = order;
  const [why, next] = (Object.hasOwn(REASONS, cause) ? REASONS[cause] : undefined) ?? UNKNOWN;
  return {
    subject: subject(shop, order, 'could not be carried out'),
    preheader: moneyBack(order),
    heading: 'We could not carry out your order',
    ...addressee(order),
    paragraphs: [
      `We are sorry: we could not carry out your order ${orderId}, because ${why}`,
      moneyBack(order),
      next,
    ],
  };
};
