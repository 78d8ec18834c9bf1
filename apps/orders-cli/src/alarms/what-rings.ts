import type { FaultPlan } from '@orderstream/local-cloud';

type Fault = FaultPlan['faults'][number];

/** What happens in the shop, in words that a test can carry out. */
export type Trouble =
  /** An order that nobody can read. */
  | { readonly kind: 'unreadable order' }
  | { readonly kind: 'orders'; readonly count: number; readonly paymentToken?: string }
  /** Orders and visits, again and again for so many minutes. */
  | { readonly kind: 'orders during'; readonly minutes: number }
  /** The mappings of these functions are paused for so many minutes while something comes to them. */
  | { readonly kind: 'paused'; readonly apps: readonly string[]; readonly minutes: number }
  /** Customers and staff ask, again and again for so many minutes. */
  | { readonly kind: 'requests during'; readonly minutes: number };

/** What makes alarms ring in the local cloud. */
export interface Ringing {
  /** Names of the alarms, without the stack's prefix. */
  readonly alarms: readonly string[];
  /** For people. */
  readonly how: string;
  readonly trouble: Trouble;
  /** They strike from the beginning of the trouble on, for so many minutes. */
  readonly faults?: readonly Fault[];
  readonly minutes?: number;
}

/** The name of an alarm, or of another resource, without what the names of an environment begin with. */
export function withoutPrefix(name: string): string {
  return name.replace(/^orderstream-[a-z]+-/, '');
}

const READERS = ['archive-changes', 'track-activity'] as const;
const CONSUMERS = ['notify-customer', 'track-sales', 'refresh-cache', 'index-products'] as const;

/** Minutes: two of three periods of five lie in it, wherever these begin. */
const LASTING = 16;

function failing(name: string): Fault {
  return { service: 'lambda', function: name, kind: 'crash', at: 'before', probability: 1 };
}

/** Every alarm of the stack has its row; alarms.e2e.test.ts has them ring, and fails for one without a row. */
export const WHAT_RINGS: readonly Ringing[] = [
  {
    alarms: ['dead-letters', 'orders-stuck'],
    how: 'an order that nobody can read is written to the table: its change is a dead letter at once, and a sweep finds the order once it has stood still for 90 minutes',
    trouble: { kind: 'unreadable order' },
  },
  {
    alarms: ['failed-executions'],
    how: 'ship-order crashes each time (fault `lambda` `crash`), until its order’s execution fails',
    trouble: { kind: 'orders', count: 1 },
    faults: [failing('ship-order')],
    minutes: 120,
  },
  {
    alarms: ['payment-failures'],
    how: 'the sandbox gives no answer to twelve orders, three times each (token `tok_unavailable_3`)',
    trouble: { kind: 'orders', count: 12, paymentToken: 'tok_unavailable_3' },
  },
  {
    alarms: ['dispatch-paused', 'iterator-age-stream-dispatcher'],
    how: 'the dispatcher is paused (`orders pause`) for 20 minutes while an order comes: a sweep finds it paused, and the order is late once it is resumed',
    trouble: { kind: 'paused', apps: ['stream-dispatcher'], minutes: 20 },
  },
  {
    alarms: READERS.map((app) => `iterator-age-${app}`),
    how: 'its mappings are paused for 70 minutes while orders and visits come',
    trouble: { kind: 'paused', apps: READERS, minutes: 70 },
  },
  {
    alarms: [
      ...[...READERS, ...CONSUMERS].map((app) => `function-errors-${app}`),
      ...CONSUMERS.map((app) => `${app}-dead-letters`),
    ],
    how: 'the function crashes each time (fault `lambda` `crash`) while orders and visits come; what a consumer was to handle is given up then',
    trouble: { kind: 'orders during', minutes: LASTING },
    faults: [...READERS, ...CONSUMERS].map(failing),
    minutes: 60,
  },
  {
    alarms: ['function-errors-stream-dispatcher'],
    how: 'the dispatcher crashes each time (fault `lambda` `crash`) while orders come',
    trouble: { kind: 'orders during', minutes: LASTING },
    faults: [failing('stream-dispatcher')],
    minutes: LASTING,
  },
  {
    alarms: ['sweep-orders-dead-letters', 'sweeps-missing'],
    how: 'sweep-orders crashes each time (fault `lambda` `crash`): a sweep is given up within minutes, and after 75 minutes none has come to its end',
    trouble: { kind: 'orders', count: 0 },
    faults: [failing('sweep-orders')],
    minutes: 120,
  },
  {
    alarms: ['api-errors-customers', 'api-errors-staff'],
    how: 'the function behind it crashes each time (fault `lambda` `crash`) while it is asked',
    trouble: { kind: 'requests during', minutes: LASTING },
    faults: ['order-api', 'ops-api'].map(failing),
    minutes: LASTING,
  },
  {
    alarms: ['throttles'],
    how: 'Lambda lets the dispatcher wait (fault `lambda` `throttle`) while orders come',
    trouble: { kind: 'orders during', minutes: LASTING },
    faults: [{ service: 'lambda', function: 'stream-dispatcher', kind: 'throttle', probability: 0.5 }],
    minutes: LASTING,
  },
];
