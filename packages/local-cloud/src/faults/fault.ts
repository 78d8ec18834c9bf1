import * as z from 'zod';
import { type FaultService, SERVICES } from './services.ts';

/** A name of something that is struck; `z.enum` wants them as a list with at least one. */
const serviceNames = Object.keys(SERVICES) as [FaultService, ...FaultService[]];

const milliseconds = z.number().min(0).max(86_400_000);
/** Milliseconds by the cloud's clock: always so many, or evenly spread from … to. */
const delay = z.union([
  milliseconds,
  z.tuple([milliseconds, milliseconds]).refine(([from, to]) => from <= to),
]);

const common = z.strictObject({
  name: z.string().min(1).max(100).optional(),
  service: z.enum(serviceNames),
  operation: z.string().optional(),
  function: z.string().min(1).optional(),
  probability: z.number().min(0).max(1),
  most: z.int().min(1).optional(),
  after: z.number().min(0).optional(),
  until: z.number().min(0).optional(),
});

/** The kinds of faults, each with the members that it has besides those that all have. */
export const KINDS = {
  error: common.extend({
    kind: z.literal('error'),
    code: z.string().min(1).optional(),
    status: z.int().min(400).max(599).optional(),
    message: z.string().optional(),
  }),
  throttle: common.extend({ kind: z.literal('throttle') }),
  timeout: common.extend({ kind: z.literal('timeout'), ms: delay.optional() }),
  latency: common.extend({ kind: z.literal('latency'), ms: delay }),
  lostAnswer: common.extend({
    kind: z.literal('lostAnswer'),
    answer: z.enum(['broken', 'error']).optional(),
  }),
  duplicate: common.extend({ kind: z.literal('duplicate'), ms: delay.optional() }),
  reorder: common.extend({ kind: z.literal('reorder'), ms: delay.optional() }),
  crash: common.extend({
    kind: z.literal('crash'),
    at: z
      .union([
        z.enum(['before', 'after']),
        z.strictObject({ ms: milliseconds }),
        z.strictObject({ calls: z.int().min(1) }),
      ])
      .optional(),
  }),
  kill: common.extend({ kind: z.literal('kill'), at: z.enum(['before', 'after']).optional() }),
} as const;

export type FaultKind = keyof typeof KINDS;

/** One fault of a fault file. */
export type Fault = { [Kind in FaultKind]: z.output<(typeof KINDS)[Kind]> }[FaultKind];

/** A fault of one kind. */
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>;

/** Milliseconds, or between which two. */
export type Delay = z.output<typeof delay>;

/** What a fault file holds. */
export interface FaultPlan {
  /** A whole number; another one strikes at other times. */
  readonly seed: number;
  /** The first one stands outermost: what it keeps from happening, those after it do not see. */
  readonly faults: readonly Fault[];
}

/** What a member may be, for those who have to correct it. */
export const ALLOWED: Readonly<Record<string, string>> = {
  seed: 'a whole number',
  faults: 'a list of faults',
  name: 'a text of 1 to 100 characters',
  service: serviceNames.join(', '),
  function: 'a function’s name, the end of it after a "-", or a pattern with "*"',
  probability: 'a number from 0 to 1',
  kind: Object.keys(KINDS).join(', '),
  most: 'a whole number from 1 on',
  after: 'seconds from 0 on',
  until: 'seconds from 0 on',
  code: 'a text',
  status: 'a whole number from 400 to 599',
  message: 'a text',
  ms: 'milliseconds from 0 to 86400000, or [from, to]',
  answer: 'broken, error',
  'at of crash': 'before, after, {"ms": from 0 on}, {"calls": from 1 on}',
  'at of kill': 'before, after',
};
