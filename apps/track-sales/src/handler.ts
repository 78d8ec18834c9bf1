import { bareError, consumerHandler, logger, OrdersTable, SummariesTable } from '@orderstream/lambda-kit';
import { measureEnd } from './business-metrics.ts';
import { countEvents } from './count-events.ts';
import { EndedOrders } from './ended-orders.ts';
import { Generations } from './generations.ts';
import { OldFigures } from './old-figures.ts';
import { answerRebuild } from './rebuild.ts';
import { SalesCounter } from './sales-counter.ts';

const summaries = new SummariesTable();
const generations = new Generations(summaries);
const counter = new SalesCounter(summaries);
const tracking = { orders: new OrdersTable(), generations, counter, ended: measureEnd };
const rebuild = {
  orders: new EndedOrders(),
  generations,
  counter,
  figures: new OldFigures(),
  report: (error: unknown) => {
    logger.error('An order is left out of the sales figures.', { error: bareError(error) });
  },
};

/** Counts orders that ended into the sales figures, and rebuilds these when an operator asks. */
export const handler = consumerHandler({
  handle: (events) => countEvents(events, tracking),
  answer: (request) => answerRebuild(request, rebuild),
});
