import { addressee, moneyBack, subject, type LetterWriter } from './letter.ts';

export const cancelled: LetterWriter = (order, shop) => ({
  subject: subject(shop, order, 'cancelled'),
  preheader: moneyBack(order),
  heading: 'Your order is cancelled',
  ...addressee(order),
  paragraphs: [`As you asked, your order ${order.orderId} is cancelled.`, moneyBack(order)],
});
