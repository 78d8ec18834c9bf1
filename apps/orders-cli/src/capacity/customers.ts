import { PRICES, TEXT_COUNTRY } from '../cost/prices.ts';
import { count } from '../cost/text.ts';
import { HOURS } from '../cost/usage.ts';
import { byQuota, RAISED, type Constraint } from './constraint.ts';
import type { Demand } from './demand.ts';
import { QUOTAS } from './quotas.ts';
import { figure, shown } from './shown.ts';

/** The stack's own throttles end before the account's quota. */
const THROTTLE_SETTING = 'raise the throttle in infra/src/api/customer-api.ts, then the quota of the account';

/** Mail by the second and by the day. AWS documents the sandbox only; beyond it `most` goes by how production begins. */
export function mail({ mails }: Demand): Constraint[] {
  const redesign = 'one mail an order instead of one for each step, and several accounts that send';
  return [
    byQuota('Mail of a second', QUOTAS.mail, mails, 'mails', {
      setting: `leave the SES sandbox (production begins at ${count(QUOTAS.mailProduction.value)} messages/s) and ask for the rate`,
      most: (QUOTAS.mailProduction.value * RAISED) / mails,
      redesign,
    }),
    byQuota('Mail of a day', QUOTAS.mailDaily, mails, 'mails', {
      setting:
        'leave the SES sandbox (production begins at 50,000 messages a day) and ask for the quota of a day',
      most: (QUOTAS.mailProductionDaily.value * RAISED) / mails,
      redesign,
    }),
  ];
}

/** Text messages by the second, and by what a new account may spend on them in a month. */
export function textMessages({ textMessages: each }: Demand): Constraint[] {
  if (each === 0) return [];
  const redesign = 'text messages of shipments only, and several accounts that send';
  const rate = byQuota('Text messages of a second', QUOTAS.textRate, each, 'text messages', {
    setting: 'leave the SMS sandbox and ask for the rate',
    redesign,
  });
  const { usd } = PRICES['sns.textMessages'];
  const ordersPerMonth = shown(QUOTAS.textSpending.value / (shown(each) * usd));
  const seconds = HOURS * 3_600;
  const limit = ordersPerMonth / seconds;
  return [
    rate,
    {
      name: 'Text messages of a month',
      quota: QUOTAS.textSpending,
      arithmetic: `${QUOTAS.textSpending.value} USD a month ÷ ${figure(each)} text messages an order ÷ ${usd} USD (${TEXT_COUNTRY}) = ${figure(ordersPerMonth)} orders, ÷ ${count(seconds)} s = ${count(limit)}`,
      limit,
      setting: 'leave the SMS sandbox and ask for a higher spending quota',
      // Once more may be spent, the rate is what ends.
      most: rate.most,
      redesign,
      ofAccount: false,
    },
  ];
}

/** Requests of customers and guests: by the stack's own throttles, then by the account's. */
export function customerApi({ apiRequests, guestVisits }: Demand): Constraint[] {
  const redesign = 'several accounts behind one domain';
  const account = byQuota('Customer API: account', QUOTAS.api, apiRequests, 'requests', {
    setting: 'raise the throttle of API Gateway (Service Quotas)',
    redesign,
    ofAccount: true,
  });
  // Once a throttle is raised, the account's quota is what ends.
  const throttle = { setting: THROTTLE_SETTING, redesign, most: account.most };
  return [
    byQuota(
      'Customer API: stage',
      QUOTAS.stage,
      apiRequests - guestVisits,
      'requests, visits of guests left out,',
      throttle,
    ),
    byQuota('Customer API: POST /activity', QUOTAS.guests, guestVisits, 'visits of guests', throttle),
    account,
  ];
}
