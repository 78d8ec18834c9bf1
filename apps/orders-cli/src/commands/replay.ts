import { figuresOf, orderRows, type Figures, type OrderRow } from '../figures.ts';
import type { Command } from '../command.ts';
import { Progress, printJson, say, sayWaiting, table } from '../output.ts';
import { paced } from '../pace.ts';
import { orderOf, productsOf, receiptOf } from '../replay/import.ts';
import { readInvoices } from '../replay/invoices.ts';
import { addProducts, placeOrder, receiveGoods } from '../replay/write.ts';
import { countOf, openSession, type Session } from '../session.ts';

/** Orders on their way into the table at once, where no rate holds them back. */
const CONCURRENCY = 16;

/** `orders replay`: a trusted import of real invoices, straight to the table. */
export const replay: Command = {
  usage: 'replay <file> [--stock N] [--rate N]',
  summary: 'Turns a file of invoices (NDJSON, plain or gzip) into orders and waits until all have ended.',
  options: { stock: { type: 'string' }, rate: { type: 'string' } },
  operands: { least: 1, most: 1 },
  async run(input) {
    const [file = ''] = input.operands;
    const each = countOf(input.values, 'stock', undefined);
    const perSecond = countOf(input.values, 'rate', undefined, 1);
    const { invoices, skipped, fingerprint } = await readInvoices(file);
    const orders = invoices.map((invoice) => orderOf(invoice, Date.now()));
    const session = await openSession(input);
    try {
      await addProducts(session, productsOf(invoices));
      const receipt = each === undefined ? fingerprint : `${fingerprint}-${each}`;
      await receiveGoods(session, receipt, receiptOf(invoices, each));
      const progress = new Progress('placing', orders.length);
      let done = 0;
      await paced(orders, { perSecond, concurrency: CONCURRENCY, signal: input.signal }, async (order) => {
        await placeOrder(session, order);
        progress.update(++done);
      });
      progress.done();
      await session.cloud.settled(input.signal, sayWaiting);
      const figures = await figuresOfReplay(session, new Set(orders.map(({ orderId }) => orderId)));
      print(figures, skipped, input.values['json'] === true);
      return figures.open === 0 ? 0 : 1;
    } finally {
      await session.close();
    }
  },
};

async function figuresOfReplay(session: Session, orderIds: ReadonlySet<string>): Promise<Figures> {
  const rows: OrderRow[] = [];
  for await (const row of orderRows(session)) if (orderIds.has(row.orderId)) rows.push(row);
  return figuresOf(rows);
}

function print(figures: Figures, skipped: Readonly<Record<string, number>>, json: boolean): void {
  const { placed, shipped, rejected, cancelled, failed, open, revenue } = figures;
  if (open > 0) say(`${open} orders have not ended. See orders trace <orderId>.`);
  if (json) return printJson({ placed, shipped, rejected, cancelled, failed, skipped, revenue });
  const rows = Object.entries({ placed, shipped, rejected, cancelled, failed, revenue });
  const reasons = Object.entries(skipped).map(([reason, count]): [string, number] => [
    `skipped: ${reason}`,
    count,
  ]);
  process.stdout.write(`${table([...rows, ...reasons])}\n`);
}
