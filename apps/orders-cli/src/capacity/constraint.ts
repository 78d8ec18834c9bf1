import { count } from '../cost/text.ts';
import type { Quota } from './quotas.ts';
import { figure, shown } from './shown.ts';

/** How far AWS is taken to raise a quota that it raises when asked: it documents no end. */
export const RAISED = 10;

/** One thing that ends what the design can take. */
export interface Constraint {
  readonly name: string;
  readonly quota: Quota;
  /** How the limit comes about, with its numbers. */
  readonly arithmetic: string;
  /** Orders a second that it allows as the stack and a new account are. */
  readonly limit: number;
  /** What to change then … */
  readonly setting: string;
  /** … which helps up to so many orders a second, beyond which the design changes. */
  readonly most: number;
  readonly redesign: string;
  /** Whether the quota is an account's, so that further accounts add to it. */
  readonly ofAccount: boolean;
}

export type Remedy = Pick<Constraint, 'setting' | 'redesign'> &
  Partial<Pick<Constraint, 'most' | 'ofAccount'>>;

/** What a quota allows of which each order takes a part. @param unit of that part. */
export function byQuota(
  name: string,
  quota: Quota,
  perOrder: number,
  unit: string,
  { most, ofAccount = false, ...remedy }: Remedy,
): Constraint {
  const limit = shown(quota.value) / shown(perOrder);
  return {
    name,
    quota,
    arithmetic: `${figure(quota.value)} ${quota.unit} ÷ ${figure(perOrder)} ${unit} an order = ${count(limit)}`,
    limit,
    most: most ?? limit * (quota.adjustable ? RAISED : 1),
    ofAccount,
    ...remedy,
  };
}
