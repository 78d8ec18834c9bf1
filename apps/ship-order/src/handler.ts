import { chosenAdapter, GoodsTables, Ledger, OrdersTable, stageHandler } from '@orderstream/lambda-kit';
import type { Carrier } from './carrier.ts';
import { SandboxCarrier } from './sandbox-carrier.ts';
import { shipOrder, voidShipment } from './ship-order.ts';

const orders = new OrdersTable();
const goods = new GoodsTables();
const carrier = chosenAdapter<Carrier>('CARRIER', { sandbox: () => new SandboxCarrier(new Ledger()) });

export const handler = stageHandler({
  ship: (input) => shipOrder(orders, goods, carrier, input),
  void: (input) => voidShipment(orders, carrier, input),
});
