import { addressee, subject, type LetterWriter } from './letter.ts';

export const placed: LetterWriter = (order, shop) => {
  const { orderId, lines, more, extras, total, place } = order;
  return {
    subject: subject(shop, order, 'received'),
    preheader: total === undefined ? 'We have your order.' : `We have your order of ${total}.`,
    heading: 'Thank you for your order',
    ...addressee(order),
    paragraphs: [
      `We have received your order ${orderId}, and tell you when it is on its way.`,
      ...(place === undefined ? [] : [`It goes to ${place}.`]),
    ],
    goods: { lines, more, extras, ...(total === undefined ? {} : { total }) },
  };
};
