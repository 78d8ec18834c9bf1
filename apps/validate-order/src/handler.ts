import { OrdersTable, requiredEnvironment, stageHandler } from '@orderstream/lambda-kit';
import { validateOrder } from './validate-order.ts';

const orders = new OrdersTable();
const currency = requiredEnvironment('CURRENCY');

export const handler = stageHandler({ validate: (input) => validateOrder(orders, currency, input) });
