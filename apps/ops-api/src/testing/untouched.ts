import type { SummaryRow } from '@orderstream/lambda-kit';
import type { OpsApi } from '../routes.ts';

const unexpected = async (): Promise<never> => {
  throw new Error('Nothing should have been asked for.');
};

/** An API behind which nothing may be touched. */
export const UNTOUCHED: OpsApi = {
  orders: { read: unexpected },
  index: { newest: unexpected, countOpen: unexpected },
  products: { put: unexpected, remove: unexpected },
  receipts: { receive: unexpected },
  sales: { fold: unexpected },
  summaries: {
    async *range(): AsyncGenerator<SummaryRow> {
      yield await unexpected();
    },
  },
  currency: 'GBP',
  now: () => Date.parse('2026-01-10T12:34:56Z'),
};
