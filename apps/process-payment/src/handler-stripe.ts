import { chosenAdapter, OrdersTable, stageHandler } from '@orderstream/lambda-kit';
import type { PaymentGateway } from './payment-gateway.ts';
import { chargeOrder, refundOrder } from './process-payment.ts';
import { PaymentRecords } from './stripe/payment-records.ts';
import { secretReader } from './stripe/secret.ts';
import { StripeAccount } from './stripe/stripe-account.ts';
import { StripeGateway } from './stripe/stripe-gateway.ts';

const orders = new OrdersTable();
const gateway = chosenAdapter<PaymentGateway>('PAYMENT_GATEWAY', {
  stripe: () => new StripeGateway(new StripeAccount(secretReader()), new PaymentRecords()),
});

export const handler = stageHandler({
  charge: (input) => chargeOrder(orders, gateway, input),
  refund: (input) => refundOrder(orders, gateway, input),
});
