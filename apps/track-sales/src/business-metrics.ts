import type { LostSale, Sale } from '@orderstream/domain';
import { metrics } from '@orderstream/lambda-kit';

/**
 * Counts an order that came to its end, by the end, and what it brought. Called once for an order, so no retry counts it
 * again; a crash after the count leaves it out here. A metric is a float: the sales figures are what is exact.
 */
export function measureEnd(order: Sale | LostSale): void {
  metrics.addDimension('end', order.status);
  metrics.addMetric('OrdersEnded', 'Count', 1);
  if (order.status === 'SHIPPED') metrics.addMetric('Revenue', 'None', Number(order.total));
  metrics.publishStoredMetrics();
}
