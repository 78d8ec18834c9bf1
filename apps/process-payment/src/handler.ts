import { chosenAdapter, Ledger, OrdersTable, stageHandler } from '@orderstream/lambda-kit';
import type { PaymentGateway } from './payment-gateway.ts';
import { chargeOrder, refundOrder } from './process-payment.ts';
import { SandboxGateway } from './sandbox-gateway.ts';

const orders = new OrdersTable();
const gateway = chosenAdapter<PaymentGateway>('PAYMENT_GATEWAY', {
  sandbox: () => new SandboxGateway(new Ledger()),
});

export const handler = stageHandler({
  charge: (input) => chargeOrder(orders, gateway, input),
  refund: (input) => refundOrder(orders, gateway, input),
});
