import type { EventType } from '../event-names.ts';

/** What each field of an event says, by its path; `*` stands for the kinds that share it. */
export const FIELD_MEANINGS: Readonly<Record<string, string>> = {
  eventId: 'id of the stream record, `/`, type: equal for every delivery of the same fact',
  schemaVersion: 'version of this envelope; consumers refuse one that they do not know',
  occurredAt: 'when the item was written; ISO 8601, UTC',
  message: 'one sentence a person can read',
  trace: 'X-Ray trace header of what began it',
  type: 'what happened; also the detail-type on the bus',
  subject: 'which item it happened to',
  'subject.kind': 'kind of the item',
  'subject.id': 'order id or SKU',
  'subject.itemVersion':
    'rises with every write of the item, through removal too: the higher one is the newer',
  previousStatus: 'status before',
  status: 'status now; absent when the order was removed',
  order: 'the order, without mail address, name, street and payment token',
  'order.customerId': 'who ordered; absent for a guest of an import',
  'order.country': 'where it goes, as it was written',
  'order.currency': 'currency code',
  'order.total': 'lines + shipping + tax; exact decimal',
  'order.placedAt': 'when it was placed; ISO 8601, UTC',
  'order.lineCount': 'number of lines',
  'order.units': 'sum of the quantities',
  'order.lines': 'SKU and quantity of each line; absent when there are more than 200, or one is for no SKU',
  'order.cause': 'name of the error that led to the end, where it was not shipped',
  product: 'the product as it is now, or was when it was removed',
  'product.name': 'name',
  'product.unitPrice': 'price of one; exact decimal',
  'product.currency': 'currency code',
  stock: 'the stock as it is now',
  'stock.available': 'pieces that can be sold',
};

/** When each event is published. */
export const OCCASIONS: Readonly<Record<EventType, string>> = {
  OrderPlaced: 'an order was written with status PLACED; its workflow is started too',
  OrderValidated: 'its values were found right',
  OrderPaid: 'its total was charged',
  OrderAllocated: 'its goods were taken from stock',
  OrderShipped: 'it was handed to the carrier: its end, and a sale',
  OrderRejected: 'it ended for a business reason; money and goods were given back',
  OrderCancelled: 'it ended because its customer wished so; money and goods were given back',
  OrderFailed: 'it ended because something broke; it was undone, and a person should look',
  OrderRemoved: 'its item was removed from the table',
  ProductAdded: 'a product came into the catalogue',
  ProductChanged: 'a product was written again',
  ProductRemoved: 'a product left the catalogue',
  StockLow: 'available went to 10 or fewer, from above',
  StockOut: 'available went to 0',
  StockBack: 'available rose from 0, or the first goods came in',
};
