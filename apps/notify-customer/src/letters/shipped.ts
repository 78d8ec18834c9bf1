import { addressee, subject, type LetterWriter } from './letter.ts';

export const shipped: LetterWriter = (order, shop) => {
  const { orderId, lines, more, extras, total, place, shipmentId } = order;
  return {
    subject: subject(shop, order, 'is on its way'),
    preheader: place === undefined ? 'It has left us.' : `It has left us for ${place}.`,
    heading: 'Your order is on its way',
    ...addressee(order),
    paragraphs: [
      place === undefined
        ? `Your order ${orderId} was handed to the carrier.`
        : `Your order ${orderId} was handed to the carrier, and goes to ${place}.`,
      ...(shipmentId === undefined ? [] : [`The carrier knows it as shipment ${shipmentId}.`]),
    ],
    goods: { lines, more, extras, ...(total === undefined ? {} : { total }) },
  };
};
