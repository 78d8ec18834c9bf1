import { DEV, PROD, synthesize } from '../testing/synthesized.ts';
import { findingsIn } from './rules.ts';

type Settings = Readonly<Record<string, string>>;

const FREE = { ORDERSTREAM_PRESET: 'free-tier' };
const ISSUER = { ORDERSTREAM_ISSUER: 'https://login.example.com/' };

/** Each environment with each preset, and each switch of the preset `standard` on and off. */
const STACKS: Readonly<Record<string, Settings>> = {
  local: {},
  'local, free-tier': FREE,
  dev: DEV,
  'dev, free-tier': { ...DEV, ...FREE },
  prod: PROD,
  'prod, free-tier': { ...PROD, ...FREE },
  'prod without search': { ...PROD, ORDERSTREAM_SEARCH: 'off' },
  'prod without cache': { ...PROD, ORDERSTREAM_CACHE: 'off' },
  'prod without both': { ...PROD, ORDERSTREAM_SEARCH: 'off', ORDERSTREAM_CACHE: 'off' },
  'prod with direct delivery': { ...PROD, ORDERSTREAM_DELIVERY: 'direct' },
  'dev, free-tier, with all that costs': {
    ...DEV,
    ...FREE,
    ...ISSUER,
    ORDERSTREAM_SEARCH: 'on',
    ORDERSTREAM_CACHE: 'on',
    ORDERSTREAM_DELIVERY: 'queued',
  },
  // The region is one of those with the longest names.
  'prod with all that may be chosen': {
    ...PROD,
    ...ISSUER,
    ORDERSTREAM_REGION: 'ap-southeast-1',
    ORDERSTREAM_PAYMENT_GATEWAY: 'stripe',
    ORDERSTREAM_ORDERS_TABLE: 'shop-orders',
    ORDERSTREAM_CORS_ORIGINS: 'https://shop.example.com',
    ORDERSTREAM_ALARM_MAIL: 'oncall@example.com',
    ORDERSTREAM_MONTHLY_BUDGET: '100',
    ORDERSTREAM_RUNBOOKS_URL: 'https://wiki.example.com/orderstream/docs/operating',
  },
};

it.each(Object.entries(STACKS))('the stack is whole: %s', (_name, settings) => {
  expect(findingsIn(synthesize(settings).document)).toEqual([]);
});
