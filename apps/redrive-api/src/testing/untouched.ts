import type { RedriveApi } from '../routes.ts';

const unexpected = async (): Promise<never> => {
  throw new Error('Nothing should have been asked for.');
};

/** An API behind which nothing may be touched. */
export const UNTOUCHED: RedriveApi = {
  deadLetters: {
    shelves: [],
    quarantine: { read: unexpected, replace: unexpected },
    sources: ['stream-dispatcher/orders', 'notify-customer', 'order-workflow'],
    clearNotices: unexpected,
    note: () => {
      throw new Error('Nothing should have been done.');
    },
    now: () => Date.parse('2026-01-10T12:34:56Z'),
  },
  mappings: { uuids: { orders: 'uuid-1' }, state: unexpected, enable: unexpected },
};
