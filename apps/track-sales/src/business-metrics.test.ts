import type { LostSale, Sale } from '@orderstream/domain';
import { metrics } from '@orderstream/lambda-kit';
import { measureEnd } from './business-metrics.ts';

const placedAt = '2026-01-01T00:00:00.000Z';
const sale: Sale = {
  orderId: '1',
  status: 'SHIPPED',
  placedAt,
  country: 'France',
  total: '12.505',
  lines: [],
};
const lost: LostSale = {
  orderId: '2',
  status: 'REJECTED',
  placedAt,
  closedFrom: 'PAID',
  cause: 'OutOfStock',
};

it.each([
  ['a sale, with what it brought', sale, { end: 'SHIPPED', OrdersEnded: 1, Revenue: 12.505 }],
  ['any other end, which brings nothing', lost, { end: 'REJECTED', OrdersEnded: 1 }],
])('counts %s, by its end', (_, order, values) => {
  const lines: string[] = [];
  jest.spyOn(metrics, 'publishStoredMetrics').mockImplementation(() => {
    lines.push(JSON.stringify(metrics.serializeMetrics()));
    metrics.clearMetrics();
    metrics.clearDimensions();
    return metrics;
  });

  measureEnd(order);

  const { _aws: embedded, service, ...told } = JSON.parse(lines.join());
  expect(told).toEqual(values);
  expect(embedded.CloudWatchMetrics[0].Dimensions).toEqual([['service', 'end']]);
  expect(service).toEqual(expect.any(String));
  jest.restoreAllMocks();
});
