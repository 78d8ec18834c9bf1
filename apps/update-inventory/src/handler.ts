import { GoodsTables, OrdersTable, stageHandler } from '@orderstream/lambda-kit';
import { allocateOrder, releaseOrder } from './update-inventory.ts';

const orders = new OrdersTable();
const goods = new GoodsTables();

export const handler = stageHandler({
  allocate: (input) => allocateOrder(orders, goods, input),
  release: (input) => releaseOrder(orders, goods, input),
});
