import { DEV, PROD, synthesize } from '../testing/synthesized.ts';
import { findingsIn } from './rules.ts';

type Settings = Readonly<Record<string, string>>;

const ENVIRONMENTS: readonly Settings[] = [{}, DEV, PROD];
const PRESETS: readonly Settings[] = [{}, { ORDERSTREAM_PRESET: 'free-tier' }];
const DELIVERIES: readonly Settings[] = [
  { ORDERSTREAM_DELIVERY: 'queued' },
  { ORDERSTREAM_DELIVERY: 'direct' },
];
const [on, off] = ['on', 'off'];
const READ_MODELS: readonly Settings[] = [
  { ORDERSTREAM_SEARCH: on, ORDERSTREAM_CACHE: on },
  { ORDERSTREAM_SEARCH: off, ORDERSTREAM_CACHE: on },
  { ORDERSTREAM_SEARCH: on, ORDERSTREAM_CACHE: off },
  { ORDERSTREAM_SEARCH: off, ORDERSTREAM_CACHE: off },
];

/** Every one of these with every one of those. */
function crossed(...sets: readonly (readonly Settings[])[]): Settings[] {
  return sets.reduce<Settings[]>(
    (all, set) => all.flatMap((settings) => set.map((more) => ({ ...settings, ...more }))),
    [{}],
  );
}

/** What may be chosen besides. The region is one of those with the longest names. */
const CHOSEN: Settings = {
  ...PROD,
  ORDERSTREAM_REGION: 'ap-southeast-1',
  ORDERSTREAM_PAYMENT_GATEWAY: 'stripe',
  ORDERSTREAM_ORDERS_TABLE: 'shop-orders',
  ORDERSTREAM_CORS_ORIGINS: 'https://shop.example.com',
  ORDERSTREAM_ALARM_MAIL: 'oncall@example.com',
  ORDERSTREAM_MONTHLY_BUDGET: '100',
  ORDERSTREAM_RUNBOOKS_URL: 'https://wiki.example.com/orderstream/docs/operating',
};

function described(settings: Settings): string {
  const values = Object.entries(settings).map(
    ([name, value]) => `${name.replace('ORDERSTREAM_', '')}=${value}`,
  );
  return values.filter((one) => !/^(MAIL_FROM|STATE_BUCKET|PAYMENT|CARRIER)/.test(one)).join(' ');
}

const STACKS = [
  ...crossed(ENVIRONMENTS, PRESETS, DELIVERIES, READ_MODELS),
  // The local cloud always has an issuer of tokens.
  ...crossed([DEV, PROD], PRESETS, [{ ORDERSTREAM_ISSUER: 'https://login.example.com/' }]),
  CHOSEN,
];

it.each(STACKS.map((settings) => [described(settings), settings] as const))(
  'the stack is whole: %s',
  (_settings, settings) => {
    expect(findingsIn(synthesize(settings).document)).toEqual([]);
  },
);
