import { OrdersTable, stageHandler } from '@orderstream/lambda-kit';
import { beginClosing, finishClosing } from './close-order.ts';

const orders = new OrdersTable();

export const handler = stageHandler({
  begin: (input) => beginClosing(orders, input),
  finish: (input) => finishClosing(orders, input),
});
