import { orderProblems } from '@orderstream/domain';
import { orderOf, productsOf, receiptOf } from './import.ts';
import type { Invoice } from './invoices.ts';

const line = (
  stockCode: string,
  quantity: number,
  unitPrice: string,
  description: string | null = 'THING',
) => ({
  stockCode,
  description,
  quantity,
  unitPrice,
});
const invoice = (change: Partial<Invoice> = {}): Invoice => ({
  invoiceNo: '536365',
  invoiceDate: '2010-12-01T08:26:00',
  customerId: '17850',
  country: 'EIRE',
  source: 'file.ndjson: line 3',
  lines: [line('85123A', 6, '2.55'), line('85123A', 1, '2.95')],
  ...change,
});

describe('an imported invoice', () => {
  it('is a valid order with its lines as they stand, dated in UTC', () => {
    const order = orderOf(invoice(), 1_700_000_000_000);

    expect(orderProblems(order, 'GBP')).toEqual([]);
    expect(order).toMatchObject({
      orderId: '536365',
      placedAt: '2010-12-01T08:26:00.000Z',
      total: '18.25',
      country: 'EIRE',
    });
    expect(order.lines.map(({ unitPrice }) => unitPrice)).toEqual(['2.55', '2.95']);
  });

  it('is a guest’s where no customer is named', () => {
    expect(orderOf(invoice({ customerId: null }), 0)).not.toHaveProperty('customerId');
  });

  it('is placed as bad as it is: the workflow rejects it', () => {
    const order = orderOf(invoice({ lines: [line('22', -3, '0')] }), 0);

    expect(orderProblems(order, 'GBP')).not.toEqual([]);
  });

  it('is refused with its line when the table could not take it', () => {
    const lines = Array.from({ length: 1_000 }, () => line('22', 1, '1', 'é'.repeat(200)));

    expect(() => orderOf(invoice({ lines }), 0)).toThrow(
      /^file\.ndjson: line 3: makes an order of \d+ bytes/,
    );
  });
});

describe('the goods and products of an import', () => {
  it('are the sums of what is asked for; negative quantities ask for nothing', () => {
    const invoices = [invoice(), invoice({ lines: [line('85123A', -4, '0'), line('POST', 1, '18')] })];

    expect([...receiptOf(invoices, undefined)]).toEqual([
      ['85123A', 7],
      ['POST', 1],
    ]);
    expect([...receiptOf(invoices, 40).values()]).toEqual([40, 40]);
  });

  it('take the first name and price that say something', () => {
    const invoices = [invoice({ lines: [line('1', 1, '0', null), line('1', 1, '2.10', ' ALARM CLOCK ')] })];

    expect(productsOf(invoices)).toEqual([
      { sku: '1', name: 'ALARM CLOCK', unitPrice: '2.10', currency: 'GBP' },
    ]);
  });
});
