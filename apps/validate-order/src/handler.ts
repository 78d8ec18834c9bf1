import { OrdersTable, stageHandler } from '@orderstream/lambda-kit';
import { validateOrder } from './validate-order.ts';

const orders = new OrdersTable();

export const handler = stageHandler({ validate: (input) => validateOrder(orders, input) });
