import { consumerHandler, requiredEnvironment, SearchService } from '@orderstream/lambda-kit';
import { indexEvent, indexEvents } from './index-products.ts';
import { ProductIndex } from './product-index.ts';
import { ProductSnapshots } from './product-snapshots.ts';
import { rebuildIndex } from './rebuild.ts';

/** After this many milliseconds a call of the index is given up; the events come again. */
const TIMEOUT_MS = 10_000;

const snapshots = new ProductSnapshots();
const index = new ProductIndex(new SearchService(requiredEnvironment('SEARCH_URL'), TIMEOUT_MS));

/** Keeps the search index as the products are: events of products and of stock's marks, and operators' rebuilds. */
export const handler = consumerHandler({
  read: indexEvent,
  handle: indexEvents(snapshots, index),
  answer: rebuildIndex(snapshots, index),
});
